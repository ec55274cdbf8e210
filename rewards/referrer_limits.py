"""What one referrer may earn: rewards, money and days of loan, over the whole campaign, a calendar month or year, or the last days.

Whoever asks holds the referrer's row (`hold`), so that two friends who qualify at once are counted one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import criteria
from campaigns.models import Campaign
from campaigns.states import ReferrerPeriod
from customers.models import Customer
from desk.amounts import money
from rewards.budget import is_divisible
from rewards.models import Reward
from rewards.states import RewardState

COUNTED = [RewardState.PENDING, RewardState.HELD, RewardState.APPROVED, RewardState.FULFILLED]


@dataclass(frozen=True)
class Room:
    """What says why this reward would be one too many (None when it is not), and what it may cost at most; None without a limit."""

    over: Callable[[], str] | None = None
    at_most: Decimal | None = None


def hold(customer_id: int) -> None:
    """Let nobody else count for this referrer until the transaction ends."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)


def room_for(reward: Reward, *, at: datetime) -> Room:
    """What the limits of its campaign leave the referrer at `at`. Friends have no such limits: they are referred once."""
    campaign = reward.referral.campaign
    if reward.beneficiary_id != reward.referral.referrer_id:
        return Room()
    limits = (campaign.referrer_cap, campaign.referrer_budget, campaign.referrer_unit_days)
    if all(limit is None for limit in limits):
        return Room()
    used = _counted(reward, at).aggregate(number=Count("pk"), cost=Sum("cost"), days=Sum("unit_days"))
    return _room(reward, used["number"], used["cost"] or Decimal(0), used["days"] or 0)


def start_of(campaign: Campaign, *, at: datetime) -> datetime | None:
    """When the period in which rewards are counted began; None for the whole campaign. Days are the campaign's own."""
    if campaign.referrer_period == ReferrerPeriod.ROLLING:
        return at - timedelta(days=campaign.referrer_days or 1)
    if campaign.referrer_period not in (ReferrerPeriod.MONTH, ReferrerPeriod.YEAR):
        return None
    first = campaign.day_of(at).replace(day=1)
    if campaign.referrer_period == ReferrerPeriod.YEAR:
        first = first.replace(month=1)
    return datetime.combine(first, time.min, tzinfo=ZoneInfo(campaign.time_zone))


def _counted(reward: Reward, at: datetime) -> QuerySet[Reward]:
    campaign = reward.referral.campaign
    rows = Reward.objects.filter(
        referral__campaign=campaign, beneficiary=reward.beneficiary_id, side=reward.side, state__in=COUNTED
    ).exclude(pk=reward.pk)
    start = start_of(campaign, at=at)
    return rows.filter(created_at__gte=start) if start else rows


def _room(reward: Reward, number: int, cost: Decimal, days: int) -> Room:
    campaign = reward.referral.campaign
    if campaign.referrer_cap is not None and number >= campaign.referrer_cap:
        return Room(partial(_too_many, campaign, campaign.referrer_cap))
    if campaign.referrer_unit_days is not None and days + reward.unit_days > campaign.referrer_unit_days:
        return Room(partial(_too_long, campaign, campaign.referrer_unit_days))
    if campaign.referrer_budget is None:
        return Room()
    left = campaign.referrer_budget - cost
    if left >= reward.cost or (left > 0 and is_divisible(reward)):
        return Room(at_most=left)
    return Room(partial(_too_much, campaign, campaign.referrer_budget))


def _too_many(campaign: Campaign, most: int) -> str:
    said = ngettext(
        "One person can receive %(count)d reward%(period)s from this campaign, and this would be one more.",
        "One person can receive %(count)d rewards%(period)s from this campaign, and this would be one more.",
        most,
    )
    return said % {"count": most, "period": criteria.period(campaign)}


def _too_long(campaign: Campaign, most: int) -> str:
    said = _("One person can borrow for %(days)s%(period)s in this campaign, and this would be more.")
    return said % {"days": criteria.days(most), "period": criteria.period(campaign)}


def _too_much(campaign: Campaign, most: Decimal) -> str:
    said = _("The rewards of one person may be worth %(limit)s%(period)s in this campaign, and this would be more.")
    return said % {"limit": money(most, campaign.currency), "period": criteria.period(campaign)}
