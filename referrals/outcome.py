"""What a friend is told after signing up: what is held for them, what comes next and by when, and their own code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import gift_words
from campaigns.states import RewardKind, Side
from customers.models import Acceptance
from equipment import queueing
from equipment.models import Loan
from equipment.states import LoanState
from referrals import promising, proof, wording
from referrals.landing import drawing_of
from referrals.links import link_of
from referrals.models import Code, Promise, Referral
from referrals.states import Progress

_TOLD = gettext_lazy("We write to you the moment it is there.")
_WHILE_HELD = {
    Progress.SIGNED_UP: gettext_lazy("Confirm your address before then, and it stays yours."),
    Progress.VERIFIED: gettext_lazy("Finish before then, and it stays yours."),
    Progress.QUALIFIED: gettext_lazy("We are getting it ready and write to you as soon as you can collect it."),
    Progress.EXPIRED: "",
}
"""What a hold waits for."""


@dataclass(frozen=True)
class Gift:
    """One thing a side gets, and how it stands. `drawing` is an address or empty."""

    title: str
    sentence: str
    drawing: str = ""


@dataclass(frozen=True)
class Outcome:
    """What the pages after a sign-up show. `own` is None until the friend has a code."""

    referral: Referral
    inviter: str
    mine: Sequence[Gift]
    theirs: Sequence[str]
    still_to_do: str
    confirm_by: str
    own: Code | None

    @property
    def own_code(self) -> str:
        """The friend's own code, once there is one."""
        return self.own.code if self.own else ""

    @property
    def own_link(self) -> str:
        """The address the friend can share."""
        return link_of(self.own) if self.own else ""

    @property
    def is_complete(self) -> bool:
        """Whether the friend has done all that was asked."""
        return self.referral.progress == Progress.QUALIFIED


def outcome_of(referral: Referral, *, at: datetime) -> Outcome:
    """How a referral stands for its friend at `at`. Says nothing about reviews or risk."""
    codes = Code.objects.select_related("campaign__campaign_terms", "customer", "equipment_model")
    by = referral.campaign.day_of(referral.proof_due_at)
    return Outcome(
        referral=referral,
        inviter=wording.short_name(referral.referrer.name),
        mine=_gifts(referral, at),
        theirs=[gift_words.gift(due) for due in promising.due_tiers(referral, Side.REFERRER, at=at)],
        still_to_do=_still_to_do(referral, at),
        confirm_by=wording.day(by),
        own=codes.filter(campaign=referral.campaign, customer=referral.referee).first(),
    )


def was_asked_from(referral: Referral, where: str) -> bool | None:
    """Whether the sign-up came from the place `where` (a keyed hash of an address); None when that is not known any more."""
    known = Acceptance.objects.filter(customer=referral.referee, about=referral.reference).values_list("where", flat=True).first()
    return constant_time_compare(known, where) if known else None


def _gifts(referral: Referral, at: datetime) -> list[Gift]:
    promises = referral.promises.filter(side=Side.REFEREE).select_related("loan__pool__model", "tier")
    lent = {promise.tier_id: promise for promise in promises}
    others = [due for due in promising.due_tiers(referral, Side.REFEREE, at=at) if due.tier.pk not in lent]
    unpromised = [Gift(gift_words.gift(due), str(_TOLD)) for due in others if due.kind != RewardKind.EQUIPMENT]
    return [_borrowed(promise, referral.progress, at) for promise in lent.values()] + unpromised


def _borrowed(promise: Promise, progress: str, at: datetime) -> Gift:
    model = promise.loan.pool.model
    sentence = loan_sentence(promise.loan, at=at)
    if promise.loan.state == LoanState.HELD:
        sentence = f"{sentence} {_WHILE_HELD[Progress(progress)]}".rstrip()
    return Gift(gift_words.lent(model), sentence, drawing_of(model))


def loan_sentence(loan: Loan, *, at: datetime) -> str:
    """How a loan stands, said to its borrower, with the day at the pool's place."""
    if loan.state == LoanState.WAITLISTED:
        return _queue_sentence(loan, at)
    opening, place = loan.pool.opening(), loan.pool.place
    said = {
        LoanState.HELD: (_("Held for you until %(day)s."), loan.hold_expires_at),
        LoanState.UNLOCKED: (_("It is yours: collect it in %(place)s by %(day)s."), loan.collect_by),
        LoanState.READY: (_("It is packed and waits for you in %(place)s until %(day)s."), loan.collect_by),
        LoanState.ON_LOAN: (_("It is with you. Bring it back by %(day)s."), loan.due_at),
    }
    words, end = said.get(LoanState(loan.state), ("", None))
    if end is not None:
        return words % {"day": wording.day(opening.last_day(end)), "place": place}
    if loan.state in (LoanState.RETURNED, LoanState.CLOSED):
        return _("You brought it back. Thank you.")
    return _("It is no longer held for you. Write to us if you still want it.")


def _queue_sentence(loan: Loan, at: datetime) -> str:
    expected = queueing.expected_on(loan, at=at)
    place = queueing.place_of(loan)
    if expected is None:
        said = _(
            "You are number %(place)d in the queue. We cannot say yet when one comes free. We write to you the moment it is yours."
        )
        return said % {"place": place}
    said = _("You are number %(place)d in the queue. We expect one for you by %(day)s. We write to you the moment it is yours.")
    return said % {"place": place, "day": wording.day(expected)}


def _still_to_do(referral: Referral, at: datetime) -> str:
    """What is still to be proved once the address is confirmed, with the last day for it; empty when nothing is."""
    if referral.progress != Progress.VERIFIED:
        return ""
    lacking = proof.missing(referral, at=at)
    by = wording.day(referral.campaign.day_of(referral.proof_due_at))
    said = _("Still to come: %(lacking)s The last day for it is %(day)s.")
    return said % {"lacking": lacking, "day": by} if lacking else ""
