"""What the friend still has to prove: before a referral qualifies, and for each step after that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign, Step
from campaigns.states import Proof
from desk.amounts import money
from referrals import wording
from referrals.models import Referral
from referrals.states import ConversionKind, Progress

PURCHASES = (Proof.FIRST_PURCHASE, Proof.N_PURCHASES)


@dataclass(frozen=True)
class Asked:
    """What is asked for: the kind of proof, how many purchases of at least how much, or how many days active."""

    proof: str
    amount: Decimal
    count: int
    days: int

    @classmethod
    def by_campaign(cls, campaign: Campaign) -> "Asked":
        """What a campaign asks before a referral qualifies."""
        count = (campaign.proof_count or 1) if campaign.proof == Proof.N_PURCHASES else 1
        return cls(campaign.proof, campaign.proof_amount or Decimal(0), count, campaign.proof_days or 0)

    @classmethod
    def by_step(cls, step: Step) -> "Asked":
        """What a step asks."""
        count = (step.count or 1) if step.proof == Proof.N_PURCHASES else 1
        return cls(step.proof, step.amount or Decimal(0), count, step.days or 0)


def missing(referral: Referral, *, at: datetime) -> str:
    """What is still missing, in words; empty when the proof the campaign asks for is complete at `at`."""
    return lacking(referral, Asked.by_campaign(referral.campaign), at=at)


def missing_for(referral: Referral, step: Step, *, at: datetime) -> str:
    """What is still missing for a step, in words; empty when it can be counted as done at `at`."""
    return lacking(referral, Asked.by_step(step), at=at)


def lacking(referral: Referral, asked: Asked, *, at: datetime) -> str:
    """What of something asked is still missing, in words."""
    if referral.progress == Progress.SIGNED_UP or referral.verified_at is None:
        return _("The registration has not been verified yet.")
    if asked.proof == Proof.DAYS_ACTIVE:
        return _days_lacking(referral, asked, at)
    return _purchases_lacking(referral, asked) if asked.proof in PURCHASES else ""


def _days_lacking(referral: Referral, asked: Asked, at: datetime) -> str:
    assert referral.verified_at is not None
    full = referral.verified_at + timedelta(days=asked.days)
    if at >= full:
        return ""
    since, complete = (wording.day(referral.campaign.day_of(at)) for at in (referral.verified_at, full))
    return _("Active since %(since)s; complete on %(complete)s.") % {"since": since, "complete": complete}


def _purchases_lacking(referral: Referral, asked: Asked) -> str:
    wanting = asked.count - sum(worth > 0 and worth >= asked.amount for worth in _worths(referral))
    if wanting <= 0:
        return ""
    if not asked.amount:
        return ngettext("%(count)d more purchase.", "%(count)d more purchases.", wanting) % {"count": wanting}
    said = ngettext("%(count)d more purchase of at least %(least)s.", "%(count)d more purchases of at least %(least)s.", wanting)
    return said % {"count": wanting, "least": money(asked.amount, referral.campaign.currency)}


def _worths(referral: Referral) -> list[Decimal]:
    """What each purchase is still worth after its refund; a refund without an amount takes all of it, as does none told."""
    told = list(referral.conversions.all())
    refunds = {one.external_id: one.amount for one in told if one.kind == ConversionKind.REFUND}
    worths = []
    for bought in (one for one in told if one.kind == ConversionKind.PURCHASE):
        amount = bought.amount or Decimal(0)
        refunded = refunds.get(bought.external_id, Decimal(0))
        worths.append(Decimal(0) if refunded is None else amount - refunded)
    return worths
