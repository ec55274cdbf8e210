"""Sweeps of referrals: find what is due, move each in its own transaction. Safe to run twice, late or never."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from audit.actors import SYSTEM
from campaigns.states import Proof
from desk.sweeping import each
from referrals import proof, qualifying
from referrals.models import Referral
from referrals.states import Progress, Standing

_BATCH = 500


def qualify_ripe_referrals(at: datetime | None = None) -> dict[str, int]:
    """Qualify verified referrals whose proof is complete. Answers how many qualified and how many failed."""
    at = at or timezone.now()
    verified = Referral.objects.filter(progress=Progress.VERIFIED, proof_due_at__gt=at).exclude(standing=Standing.BLOCKED)
    waiting = verified.filter(Q(conversions__kind="purchase") | ~Q(campaign__proof__in=[Proof.FIRST_PURCHASE, Proof.N_PURCHASES]))
    ripe = [r for r in waiting.select_related("campaign").distinct().order_by("pk").iterator() if not proof.missing(r, at=at)]
    return each(
        ripe,
        lambda referral: qualifying.qualify(referral=referral, at=at, by=SYSTEM),
        "qualified",
        again="referrals.jobs.qualify_ripe_referrals",
    )


def expire_stale_referrals(at: datetime | None = None) -> dict[str, int]:
    """Expire referrals whose time for the proof is over. Answers how many expired and how many failed."""
    at = at or timezone.now()
    open_ones = Referral.objects.filter(progress__in=[Progress.SIGNED_UP, Progress.VERIFIED], proof_due_at__lte=at)
    stale = open_ones.select_related("campaign").order_by("proof_due_at")[:_BATCH]
    return each(
        stale,
        lambda referral: qualifying.expire(referral=referral, at=at, by=SYSTEM),
        "expired",
        again="referrals.jobs.expire_stale_referrals",
    )
