"""A person's judgement about a referral: flag it, clear it, block it. The other axis (progress) is never touched."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk.moves import move
from referrals import promising
from referrals.models import Referral
from referrals.refusals import ReferralRefused
from referrals.states import STANDING_MOVES, Standing


def flag(*, referral: Referral, reason: str, at: datetime, by: Actor) -> None:
    """Hold everything this referral would release until a person cleared it."""
    _judge(referral, Standing.FLAGGED, reason, by)
    with transaction.atomic():
        move(referral, to=Standing.FLAGGED, moves=STANDING_MOVES, refusal=ReferralRefused, field="standing", standing_reason=reason)
        trail.record("referral.flagged", about=referral, by=by, at=at, reason=reason)


def clear(*, referral: Referral, reason: str, at: datetime, by: Actor) -> None:
    """Trust the referral; what waits for it goes on."""
    _judge(referral, Standing.CLEAR, reason, by)
    with transaction.atomic():
        move(referral, to=Standing.CLEAR, moves=STANDING_MOVES, refusal=ReferralRefused, field="standing", standing_reason=reason)
        trail.record("referral.cleared", about=referral, by=by, at=at, reason=reason)


def block(*, referral: Referral, reason: str, at: datetime, by: Actor) -> None:
    """Release no reward for this referral, and give back what is held for it."""
    _judge(referral, Standing.BLOCKED, reason, by)
    with transaction.atomic():
        move(referral, to=Standing.BLOCKED, moves=STANDING_MOVES, refusal=ReferralRefused, field="standing", standing_reason=reason)
        promising.release(referral=referral, reason=f"The referral was blocked: {reason}", at=at, by=by)
        trail.record("referral.blocked", about=referral, by=by, at=at, reason=reason)


def _judge(referral: Referral, to: Standing, reason: str, by: Actor) -> None:
    by.require("referrals.review_referral")
    if not reason.strip():
        raise ReferralRefused(
            "reason_missing", f"Say why this referral becomes “{to.label.lower()}”; the reason stays on the trail."
        )
