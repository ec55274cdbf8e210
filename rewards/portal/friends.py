"""A customer's friends by stage, with the reason and the next step. Their names are shortened; nothing is said about reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns import criteria
from campaigns.states import Side
from customers.models import Customer
from referrals import begun_anew, wording
from referrals.models import Referral
from referrals.states import Progress, Standing
from rewards.portal.refusals import PortalNotFound

SHOWN = 100
"""Friends on the page, the newest first."""


@dataclass(frozen=True)
class Friend:
    """One friend: how far they are, why, and what comes next."""

    reference: str
    name: str
    word: str
    tone: str
    reason: str
    next_step: str
    offer: str


def friends_of(customer: Customer, *, most: int = SHOWN) -> Sequence[Friend]:
    """The newest friends who signed up through this customer. One read.

    Who let the time run out and joined the same offer anew stands there once, as they are now.
    """
    rows = Referral.objects.filter(begun_anew.stands(through="referrer"), referrer=customer).select_related("campaign", "referee")
    return [told(referral) for referral in rows.order_by("-signed_up_at", "-id")[:most]]


def friend_of(customer: Customer, reference: str) -> Referral:
    """The customer's referral called `reference`, or the one its friend began anew when that had run out.

    Refuses with `no_friend` one that is not theirs, as one that does not exist.
    """
    rows = Referral.objects.filter(referrer=customer).select_related("campaign", "referee", "referrer", "code")
    referral = rows.filter(reference=reference).first()
    if referral is None:
        raise PortalNotFound("no_friend", _("There is no such friend among yours."))
    return begun_anew.newest_of(referral)


def told(referral: Referral) -> Friend:
    """One friend in words."""
    word, tone, reason, next_step = _doubt(referral) or _STAGES[Progress(referral.progress)](referral)
    return Friend(
        referral.reference, wording.short_name(referral.referee.name), word, tone, reason, next_step, referral.campaign.offer
    )


Stage = tuple[str, str, str, str]


def _doubt(referral: Referral) -> Stage | None:
    if referral.standing == Standing.BLOCKED:
        return _("Not counted"), "", _("We could not count this sign-up."), _("If you think that is wrong, ask us under Help.")
    if referral.standing == Standing.FLAGGED:
        return _("Being checked"), "info", _("A person looks at this sign-up."), _("You need do nothing.")
    return None


def _signed_up(referral: Referral) -> Stage:
    reason = _("Signed up on %(day)s, and has not confirmed the address yet.") % {"day": _day(referral, referral.signed_up_at)}
    due = _day(referral, referral.proof_due_at)
    return _("Signed up"), "info", reason, _("Remind them of the button in our mail: it works until %(day)s.") % {"day": due}


def _verified(referral: Referral) -> Stage:
    assert referral.verified_at is not None
    reason = _("Confirmed the address on %(day)s.") % {"day": _day(referral, referral.verified_at)}
    return _("Confirmed"), "info", reason, criteria.proof(referral.campaign, Side.REFERRER)


def _qualified(referral: Referral) -> Stage:
    assert referral.qualified_at is not None
    reason = _("Everything was done on %(day)s.") % {"day": _day(referral, referral.qualified_at)}
    return _("Complete"), "ok", reason, _("What you get for it stands under Rewards.")


def _expired(referral: Referral) -> Stage:
    reason = _("The time for it was over on %(day)s.") % {"day": _day(referral, referral.proof_due_at)}
    return _("Ran out"), "", reason, ""


_STAGES = {
    Progress.SIGNED_UP: _signed_up,
    Progress.VERIFIED: _verified,
    Progress.QUALIFIED: _qualified,
    Progress.EXPIRED: _expired,
}


def _day(referral: Referral, instant: datetime) -> str:
    return wording.day(referral.campaign.day_of(instant))
