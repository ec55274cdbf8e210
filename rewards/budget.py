"""Limits of a campaign: claimed by a conditional update, so that no two rewards take the last of it."""

from decimal import Decimal

from django.db.models import F, Q

from campaigns.models import Campaign
from rewards.models import Budget, Reward
from rewards.states import RewardState

_COUNTED = [RewardState.PENDING, RewardState.HELD, RewardState.APPROVED, RewardState.FULFILLED]


def claim(*, campaign: Campaign, cost: Decimal) -> str:
    """Commit `cost` (campaign currency) and one reward. Answers the reason when a limit forbids it, else an empty text."""
    _ensure(campaign)
    within = Q(limit__isnull=True) | Q(limit__gte=F("spent") + cost)
    room = Q(rewards_limit__isnull=True) | Q(rewards_limit__gt=F("rewards"))
    rows = Budget.objects.filter(within, room, campaign=campaign)
    if rows.update(spent=F("spent") + cost, rewards=F("rewards") + 1):
        return ""
    budget = Budget.objects.get(campaign=campaign)
    if budget.rewards_limit is not None and budget.rewards >= budget.rewards_limit:
        return f"The campaign gives at most {budget.rewards_limit} rewards, and all are given."
    return f"The budget of {budget.limit} {campaign.currency} does not cover {cost} more; {budget.spent} are committed."


def give_back(reward: Reward) -> None:
    """Undo the claim of a reward that will not be given after all. Without a claim nothing happens."""
    if Reward.objects.filter(pk=reward.pk, is_budgeted=True).update(is_budgeted=False):
        rows = Budget.objects.filter(campaign=reward.referral.campaign, rewards__gt=0, spent__gte=reward.cost)
        rows.update(spent=F("spent") - reward.cost, rewards=F("rewards") - 1)
        reward.is_budgeted = False


def over_referrer_cap(reward: Reward) -> str:
    """Why this beneficiary may not have one more reward of the campaign, or an empty text."""
    cap = reward.referral.campaign.referrer_cap
    if cap is None or reward.beneficiary_id != reward.referral.referrer_id:
        return ""
    given = Reward.objects.filter(
        referral__campaign=reward.referral.campaign, beneficiary=reward.beneficiary, side=reward.side, state__in=_COUNTED
    )
    if given.exclude(pk=reward.pk).count() < cap:
        return ""
    return f"One person can receive {cap} rewards from this campaign, and this would be one more."


def _ensure(campaign: Campaign) -> None:
    """The budget row exists and carries the campaign's limits as they stand."""
    Budget.objects.bulk_create(
        [Budget(campaign=campaign, limit=campaign.budget, rewards_limit=campaign.total_cap)], ignore_conflicts=True
    )
    _set_limit(campaign, "limit", used="spent", wanted=campaign.budget)
    _set_limit(campaign, "rewards_limit", used="rewards", wanted=campaign.total_cap)


def _set_limit(campaign: Campaign, field: str, *, used: str, wanted: Decimal | int | None) -> None:
    """Make one limit what the campaign says. Lowered below what is committed it becomes just that, so that nothing more fits."""
    rows = Budget.objects.filter(campaign=campaign)
    if wanted is None:
        rows.filter(**{f"{field}__isnull": False}).update(**{field: None})
        return
    differs = Q(**{f"{field}__isnull": True}) | ~Q(**{field: wanted})
    rows.filter(differs, **{f"{used}__lte": wanted}).update(**{field: wanted})
    rows.filter(**{f"{used}__gt": wanted}).update(**{field: F(used)})
