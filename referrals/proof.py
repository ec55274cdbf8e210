"""What the friend still has to prove before a referral qualifies."""

from datetime import datetime, timedelta
from decimal import Decimal

from campaigns.states import Proof
from referrals.models import Referral
from referrals.states import ConversionKind, Progress


def missing(referral: Referral, *, at: datetime) -> str:
    """What is still missing, in words; empty when the proof the campaign asks for is complete at `at`."""
    if referral.progress == Progress.SIGNED_UP:
        return "The registration has not been verified yet."
    campaign = referral.campaign
    if campaign.proof == Proof.DAYS_ACTIVE:
        return _days_missing(referral, at)
    if campaign.proof in (Proof.FIRST_PURCHASE, Proof.N_PURCHASES):
        return _purchases_missing(referral)
    return ""


def _days_missing(referral: Referral, at: datetime) -> str:
    assert referral.verified_at is not None
    full = referral.verified_at + timedelta(days=referral.campaign.proof_days or 0)
    if at >= full:
        return ""
    return f"Active since {referral.campaign.day_of(referral.verified_at):%d %B %Y}; complete on {referral.campaign.day_of(full):%d %B %Y}."


def _purchases_missing(referral: Referral) -> str:
    campaign = referral.campaign
    wanted = (campaign.proof_count or 1) if campaign.proof == Proof.N_PURCHASES else 1
    smallest = campaign.proof_amount or Decimal(0)
    refunded = set(
        referral.conversions.filter(kind=ConversionKind.REFUND).values_list("external_id", flat=True),
    )
    purchases = referral.conversions.filter(kind=ConversionKind.PURCHASE, amount__gte=smallest).exclude(external_id__in=refunded)
    lacking = wanted - purchases.count()
    if lacking <= 0:
        return ""
    least = f" of at least {smallest} {campaign.currency}" if smallest else ""
    return f"{lacking} more purchase{'s' if lacking > 1 else ''}{least}."
