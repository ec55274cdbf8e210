"""The way of a referral: verified, then qualified. (How it begins is in `signing_up.py`, how it runs out in `expiring.py`.)"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import SYSTEM, Actor
from customers import verifying
from customers.models import Customer
from desk.moves import move
from notices import outbox
from referrals import conversions, events, issuing, proof, wording
from referrals.links import link_of
from referrals.locking import locked
from referrals.models import Code, Referral
from referrals.refusals import ReferralRefused
from referrals.signing_up import sign_up
from referrals.states import PROGRESS_MOVES, CodeBasis, ConversionKind, Progress, Standing

__all__ = ["qualify", "sign_up", "verify"]


def verify(*, referral: Referral, how: str, at: datetime, by: Actor) -> Referral:
    """The friend's registration is verified (`how`: by the button in the mail, by staff, by the CRM); qualifies when that is all.

    A second call changes nothing. Raises `ReferralRefused("referral_expired")` when the time for it is over.
    """
    if by.user is not None:
        by.require("referrals.verify_referral")
    with transaction.atomic():
        referral = locked(referral)
        if referral.progress in (Progress.VERIFIED, Progress.QUALIFIED):
            return referral
        _refuse_expired(referral, at, by)
        move(
            referral, to=Progress.VERIFIED, moves=PROGRESS_MOVES, refusal=ReferralRefused, field="progress",
            verified_at=at, progress_reason=f"Verified: {how}.",
        )  # fmt: skip
        verifying.verify(customer=referral.referee, how=how, at=at, by=by)
        conversions.record_conversion(
            kind=ConversionKind.VERIFICATION,
            external_id=referral.reference,
            customer=referral.referee,
            at=at,
            by=by,
            referral=referral,
        )
        trail.record("referral.verified", about=referral, by=by, at=at, how=how, concerns=referral.concerns())
        if referral.standing != Standing.BLOCKED and not proof.missing(referral, at=at):
            referral = qualify(referral=referral, at=at, by=by)
    return referral


def qualify(*, referral: Referral, at: datetime, by: Actor) -> Referral:
    """The proof is complete: number the referral, make the friend an active customer with a code of their own, wake the rewards.

    The referrer's row is locked, so that numbers are given one at a time. A second call changes nothing. Raises
    `ReferralRefused` with `proof_missing`, `referral_blocked` or `referral_expired`.
    """
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=referral.referrer_id)
        referral = locked(referral)
        if referral.progress == Progress.QUALIFIED:
            return referral
        _refuse_unready(referral, at, by)
        number = _next_number(referral)
        move(
            referral, to=Progress.QUALIFIED, moves=PROGRESS_MOVES, refusal=ReferralRefused, field="progress",
            qualified_at=at, qualified_number=number, progress_reason=f"The proof is complete: {referral.campaign.get_proof_display().lower()}.",
        )  # fmt: skip
        verifying.activate(
            customer=referral.referee, on=referral.campaign.day_of(at), reason="Joined through a referral.", at=at, by=by
        )
        trail.record("referral.qualified", about=referral, by=by, at=at, number=number, concerns=referral.concerns())
        _close_the_loop(referral, at)
        transaction.on_commit(partial(events.referral_qualified.send_robust, sender=Referral, reference=referral.reference))
    return referral


def _refuse_expired(referral: Referral, at: datetime, by: Actor) -> None:
    if referral.progress == Progress.EXPIRED or at >= referral.proof_due_at:
        is_ours = by.trusted or by.user is not None
        raise ReferralRefused("referral_expired", _over_to_staff(referral) if is_ours else _over_to_the_friend(referral))


def _over_to_the_friend(referral: Referral) -> str:
    said = _("The time for this ended on %(day)s. Open your friend’s invitation again and join anew, or write to us.")
    return said % {"day": wording.day(referral.campaign.day_of(referral.proof_due_at))}


def _over_to_staff(referral: Referral) -> str:
    """What staff can do about it. Nobody joins anew past a block."""
    last = referral.campaign.day_of(referral.proof_due_at)
    first = "Clear the block, then ask" if referral.standing == Standing.BLOCKED else "Ask"
    return (
        f"The time for this referral ended on {last:%-d %B %Y}, so that it can no longer be verified or completed. "
        f"{first} the friend to open the invitation again and to join anew: that sign-up can be verified."
    )


def _refuse_unready(referral: Referral, at: datetime, by: Actor) -> None:
    _refuse_expired(referral, at, by)
    if referral.standing == Standing.BLOCKED:
        raise ReferralRefused("referral_blocked", f"This referral is blocked: {referral.standing_reason}")
    lacking = proof.missing(referral, at=at)
    if lacking:
        raise ReferralRefused("proof_missing", _("Not yet: %(lacking)s") % {"lacking": lacking})


def _next_number(referral: Referral) -> int:
    before = Referral.objects.filter(campaign=referral.campaign, referrer=referral.referrer)
    highest: int | None = before.aggregate(highest=Max("qualified_number"))["highest"]
    return (highest or 0) + 1


def _close_the_loop(referral: Referral, at: datetime) -> Code:
    """The friend becomes a referrer at once, with a code of their own and the same product as incentive."""
    code = issuing.issue_code(
        campaign=referral.campaign,
        customer=referral.referee,
        at=at,
        by=SYSTEM,
        reason="Joined through this campaign and may now invite friends.",
        basis=CodeBasis.JOINED,
    )
    outbox.queue(
        "code_issued",
        to=referral.referee,
        about=code.code,
        facts={"code": code.code, "link": link_of(code), "item": code.equipment_model.called},
        at=at,
        campaign=referral.campaign,
    )
    return code
