"""What a campaign gives, as sentences anyone reads: one per tier, one per promotion."""

from collections.abc import Mapping
from decimal import Decimal

from campaigns.recipe_parts import PromotionPart, TierPart
from campaigns.states import RewardKind, Rhythm, Side
from campaigns.tiers import ordinal


def sentence(tier: TierPart, *, currency: str, models: Mapping[str, str]) -> str:
    """“The referrer gets the Aero 7 camera for 14 days, for each friend.” `models` says how each SKU is called, with its days."""
    who = "The friend" if tier.side == Side.REFEREE else "The referrer"
    return f"{who} gets {gift(tier, currency=currency, models=models)}, {when(tier)}."


def gift(tier: TierPart, *, currency: str, models: Mapping[str, str]) -> str:
    """What one reward of a tier is."""
    amount = plain(tier.amount or Decimal(0))
    if tier.kind == RewardKind.EQUIPMENT:
        return f"the {models.get(tier.equipment, tier.equipment)}"
    return {
        RewardKind.CREDIT.value: f"{amount} {currency} on account",
        RewardKind.CASH.value: f"{amount} {currency} in cash",
        RewardKind.DISCOUNT.value: f"{amount} % off",
        RewardKind.POINTS.value: f"{amount} points",
    }.get(tier.kind, f"“{tier.title}”")


def when(tier: TierPart) -> str:
    """At which friends a tier gives."""
    if tier.side == Side.REFEREE:
        return "for joining"
    if tier.rhythm == Rhythm.ONCE:
        return f"once, at the {ordinal(tier.nth)} friend"
    if tier.nth == 1:
        return "for each friend"
    if tier.rhythm == Rhythm.EVERY:
        return f"at every {ordinal(tier.nth)} friend"
    return f"for each friend from the {ordinal(tier.nth)} on"


def effect(promotion: PromotionPart, *, models: Mapping[str, str]) -> str:
    """What a promotion does while it runs."""
    if promotion.effect == "swap":
        return f"Everybody who would borrow equipment gets the {models.get(promotion.equipment, promotion.equipment)} instead."
    amount = plain(promotion.amount or Decimal(0))
    return f"Amounts are multiplied by {amount}." if promotion.effect == "multiply" else f"{amount} more on every amount."


def plain(amount: Decimal) -> str:
    """A number without needless noughts: 25, 10.50."""
    return f"{amount:f}" if amount != amount.to_integral_value() else f"{amount.to_integral_value():f}"
