"""Live campaigns that have used most of what they may give: time to raise the limit, or to say that it ends soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from campaigns.models import Campaign
from campaigns.states import CampaignState
from desk.amounts import part_of
from rewards.models import Budget

NEAR = Decimal("0.9")
"""From this share of a limit on, it is near."""


@dataclass(frozen=True)
class NearLimit:
    """A campaign near a limit, with how near, as a sentence."""

    campaign: Campaign
    reason: str


def campaigns_near_limits() -> Sequence[NearLimit]:
    """Live campaigns with 90 % or more of their budget, of their rewards or of their days of loan committed, by name. One query.

    Limits are those of the campaign as it stands now, whatever was claimed under earlier ones.
    """
    money = Q(campaign__budget__isnull=False, spent__gte=F("campaign__budget") * NEAR)
    rewards = Q(campaign__total_cap__isnull=False, rewards__gte=F("campaign__total_cap") * NEAR)
    days = Q(campaign__unit_days_cap__isnull=False, unit_days__gte=F("campaign__unit_days_cap") * NEAR)
    rows = Budget.objects.filter(money | rewards | days, campaign__state=CampaignState.LIVE).select_related("campaign")
    return [NearLimit(row.campaign, _reason(row)) for row in rows.order_by("campaign__name", "pk")]


def _reason(row: Budget) -> str:
    budget, cap = row.campaign.budget, row.campaign.total_cap
    if budget is not None and row.spent >= budget * NEAR:
        return f"{part_of(row.spent, budget, row.campaign.currency)} are committed."
    if cap is not None and row.rewards >= cap * NEAR:
        return f"{row.rewards:,} of {cap:,} rewards are given."
    return f"{row.unit_days:,} of {row.campaign.unit_days_cap:,} days of loan are given."


def campaigns_at_limit() -> Sequence[NearLimit]:
    """Campaigns that paused themselves because a limit was reached, by name. One query."""
    rows = Campaign.objects.filter(state=CampaignState.PAUSED, is_used_up=True).order_by("name", "pk")
    return [NearLimit(campaign, campaign.state_reason) for campaign in rows]
