"""Limits of a campaign: claimed by a conditional update, so that no two rewards take the last of it."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import F, Q

from campaigns.models import Campaign
from campaigns.states import LastReward, RewardKind
from desk import plurals
from rewards.models import Budget, Reward

_TRIES = 5
"""How often the last of a budget is reached for when others take from it at the same instant."""


@dataclass(frozen=True)
class Claim:
    """What came of a claim: why it was refused, which limit it used up (both sentences or empty), and what is given and committed.

    `amount` and `cost` are smaller than the reward's where the campaign makes the last reward as large as what is left.
    """

    refused: str = ""
    reached: str = ""
    amount: Decimal | None = None
    cost: Decimal = Decimal(0)


def claim(reward: Reward, *, at_most: Decimal | None = None) -> Claim:
    """Commit one reward: its cost (campaign currency), its days of loan, and itself. `at_most` is what its referrer may still cost."""
    campaign = reward.referral.campaign
    _ensure(campaign)
    if (at_most is None or at_most >= reward.cost) and _committed(campaign, reward, reward.cost):
        return Claim(reached=_reached(campaign), amount=reward.amount, cost=reward.cost)
    for _ in range(_TRIES if is_divisible(reward) else 0):
        budget = Budget.objects.get(campaign=campaign)
        smaller = _clamped(reward, budget.limit - budget.spent if budget.limit is not None else None, at_most)
        if smaller is None:
            break
        amount, cost = smaller
        if _committed(campaign, reward, cost):
            return Claim(reached=_reached(campaign), amount=amount, cost=cost)
    return Claim(refused=_refusal(Budget.objects.get(campaign=campaign), reward))


def give_back(reward: Reward) -> None:
    """Undo the claim of a reward that will not be given after all. Without a claim nothing happens."""
    if Reward.objects.filter(pk=reward.pk, is_budgeted=True).update(is_budgeted=False):
        rows = Budget.objects.filter(
            campaign=reward.referral.campaign, rewards__gt=0, spent__gte=reward.cost, unit_days__gte=reward.unit_days
        )
        rows.update(spent=F("spent") - reward.cost, rewards=F("rewards") - 1, unit_days=F("unit_days") - reward.unit_days)
        reward.is_budgeted = False


def is_divisible(reward: Reward) -> bool:
    """Whether the campaign lets the last reward be smaller, and this one can be: money and points are, things are not."""
    kinds = (RewardKind.CREDIT, RewardKind.CASH, RewardKind.POINTS)
    return reward.referral.campaign.last_reward == LastReward.CLAMP and reward.kind in kinds and reward.cost > 0


def _committed(campaign: Campaign, reward: Reward, cost: Decimal) -> bool:
    within = Q(limit__isnull=True) | Q(limit__gte=F("spent") + cost)
    room = Q(rewards_limit__isnull=True) | Q(rewards_limit__gt=F("rewards"))
    days = Q(unit_days_limit__isnull=True) | Q(unit_days_limit__gte=F("unit_days") + reward.unit_days)
    rows = Budget.objects.filter(within, room, days, campaign=campaign)
    committed = rows.update(spent=F("spent") + cost, rewards=F("rewards") + 1, unit_days=F("unit_days") + reward.unit_days)
    return bool(committed)


def _clamped(reward: Reward, left: Decimal | None, at_most: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """Amount and cost of the reward made as large as what is left; None when nothing worth giving is."""
    room = min((part for part in (left, at_most) if part is not None), default=None)
    if room is None or room <= 0 or room >= reward.cost or not reward.amount:
        return None
    step = Decimal(1) if reward.kind == RewardKind.POINTS else Decimal("0.01")
    amount = (reward.amount * room / reward.cost).quantize(step, ROUND_DOWN)
    return (amount, room) if amount > 0 else None


def _reached(campaign: Campaign) -> str:
    """Which limit is used up now, or an empty text."""
    budget = Budget.objects.get(campaign=campaign)
    if budget.limit is not None and budget.spent >= budget.limit:
        return f"The budget of {budget.limit} {campaign.currency} is used up."
    if budget.rewards_limit is not None and budget.rewards >= budget.rewards_limit:
        return _all_given(budget.rewards_limit, "reward", "of the campaign")
    if budget.unit_days_limit is not None and budget.unit_days >= budget.unit_days_limit:
        return _all_given(budget.unit_days_limit, "day", "of loan of the campaign")
    return ""


def _all_given(number: int, one: str, what: str) -> str:
    return f"The one {one} {what} is given." if number == 1 else f"All {plurals.counted(number, one)} {what} are given."


def _refusal(budget: Budget, reward: Reward) -> str:
    if budget.rewards_limit is not None and budget.rewards >= budget.rewards_limit:
        return f"The campaign gives at most {plurals.counted(budget.rewards_limit, 'reward')}, and {'it is' if budget.rewards_limit == 1 else 'all are'} given."
    if budget.unit_days_limit is not None and budget.unit_days + reward.unit_days > budget.unit_days_limit:
        left = budget.unit_days_limit - budget.unit_days
        return f"The campaign lends for at most {plurals.days(budget.unit_days_limit)} in all; {left:,} {'is' if left == 1 else 'are'} left, and this takes {reward.unit_days}."
    currency = reward.referral.campaign.currency
    return f"The budget of {budget.limit} {currency} does not cover {reward.cost} more; {budget.spent} are committed."


def _ensure(campaign: Campaign) -> None:
    """The budget row exists and carries the campaign's limits as they stand."""
    limits = {"limit": campaign.budget, "rewards_limit": campaign.total_cap, "unit_days_limit": campaign.unit_days_cap}
    Budget.objects.bulk_create([Budget(campaign=campaign, **limits)], ignore_conflicts=True)
    for field, used in (("limit", "spent"), ("rewards_limit", "rewards"), ("unit_days_limit", "unit_days")):
        _set_limit(campaign, field, used=used, wanted=limits[field])


def _set_limit(campaign: Campaign, field: str, *, used: str, wanted: Decimal | int | None) -> None:
    """Make one limit what the campaign says. Lowered below what is committed it becomes just that, so that nothing more fits."""
    rows = Budget.objects.filter(campaign=campaign)
    if wanted is None:
        rows.filter(**{f"{field}__isnull": False}).update(**{field: None})
        return
    differs = Q(**{f"{field}__isnull": True}) | ~Q(**{field: wanted})
    rows.filter(differs, **{f"{used}__lte": wanted}).update(**{field: wanted})
    rows.filter(**{f"{used}__gt": wanted}).update(**{field: F(used)})
