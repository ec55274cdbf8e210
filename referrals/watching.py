"""Keeping note of which promises cannot be kept as things stand: since when it is known, and when it was over."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from referrals.at_risk import AtRisk
from referrals.models import Risk


def note(*, found: AtRisk, at: datetime, by: Actor) -> Risk:
    """Note a promise at risk. Noted before, only its reason and its day are brought up to date; the trail keeps the first time."""
    promise = found.promise
    seen = {"reason": found.reason[:300], "breaks_at": found.breaks_at}
    with transaction.atomic():
        risk, is_new = Risk.objects.update_or_create(promise=promise, defaults=seen, create_defaults={**seen, "noted_at": at})
        if not is_new:
            return risk
        trail.record(
            "promise.at_risk", about=promise.referral, by=by, at=at, reason=found.reason,
            concerns=[promise.loan.reference, promise.loan.pool.reference], side=str(promise.side), day=f"{found.breaks_at:%-d %b %Y}",
        )  # fmt: skip
    return risk


def note_safe(*, risk: Risk, at: datetime, by: Actor) -> None:
    """The promise can be kept again, or has ended. Harmless when that was noted."""
    promise = risk.promise
    with transaction.atomic():
        deleted, _ = Risk.objects.filter(pk=risk.pk).delete()
        if not deleted:
            return
        trail.record(
            "promise.safe_again", about=promise.referral, by=by, at=at, concerns=[promise.loan.reference], side=str(promise.side)
        )
