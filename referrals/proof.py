"""What the friend still has to prove before a referral qualifies."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import criteria
from campaigns.states import Proof
from referrals import wording
from referrals.models import Referral
from referrals.states import ConversionKind, Progress


def missing(referral: Referral, *, at: datetime) -> str:
    """What is still missing, in words; empty when the proof the campaign asks for is complete at `at`."""
    if referral.progress == Progress.SIGNED_UP:
        return _("The registration has not been verified yet.")
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
    since, complete = (wording.day(referral.campaign.day_of(at)) for at in (referral.verified_at, full))
    return _("Active since %(since)s; complete on %(complete)s.") % {"since": since, "complete": complete}


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
    if not smallest:
        return ngettext("%(count)d more purchase.", "%(count)d more purchases.", lacking) % {"count": lacking}
    said = ngettext("%(count)d more purchase of at least %(least)s.", "%(count)d more purchases of at least %(least)s.", lacking)
    return said % {"count": lacking, "least": criteria.money(smallest, campaign.currency)}
