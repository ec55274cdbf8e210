"""How a referral ends without its proof: what was held is given back, and the friend may begin anew."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from campaigns.models import Campaign
from customers.models import Customer
from desk.moves import move
from referrals import promising, proof
from referrals.locking import locked
from referrals.models import Referral
from referrals.refusals import ReferralRefused
from referrals.states import PROGRESS_MOVES, Progress, Standing


def expire(*, referral: Referral, at: datetime, by: Actor) -> Referral:
    """The time for the proof is over: give back what was held. A second call changes nothing."""
    with transaction.atomic():
        referral = locked(referral)
        if referral.progress in (Progress.EXPIRED, Progress.QUALIFIED) or at < referral.proof_due_at:
            return referral
        day = referral.campaign.day_of(referral.proof_due_at)
        move(
            referral, to=Progress.EXPIRED, moves=PROGRESS_MOVES, refusal=ReferralRefused, field="progress",
            expired_at=at, progress_reason=f"{proof.missing(referral, at=at)} The time for it ended on {day:%d %B %Y}.",
        )  # fmt: skip
        promising.release(referral=referral, reason="The referral expired before it qualified.", at=at, by=by)
        trail.record("referral.expired", about=referral, by=by, at=at, due_on=day, concerns=referral.concerns())
    return referral


def referral_in_the_way(campaign: Campaign, friend: Customer, *, at: datetime) -> Referral | None:
    """The referral that stands in the way of another one of this friend in this campaign, if any.

    One that ran out without proof does not, so that a link that was opened too late is no dead end; one whose time is over but that no
    job has ended yet is ended here. One that was blocked does: waiting does not undo a block.
    """
    rows = Referral.objects.filter(campaign=campaign, referee=friend).order_by("-signed_up_at", "-pk")
    for referral in rows:
        is_over = referral.progress == Progress.EXPIRED or expire(referral=referral, at=at, by=SYSTEM).progress == Progress.EXPIRED
        if not is_over or referral.standing == Standing.BLOCKED:
            return referral
    return None
