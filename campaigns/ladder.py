"""What a campaign gives, as sentences anyone reads: one per tier, one per promotion."""

from collections.abc import Mapping
from decimal import Decimal

from campaigns.recipe_parts import PromotionPart, Recipe, StepPart, TierPart
from campaigns.states import Proof, RewardKind, Rhythm, Side
from campaigns.tiers import ordinal
from desk import plurals


def sentence(tier: TierPart, *, recipe: Recipe, models: Mapping[str, str]) -> str:
    """“The referrer gets the Aero 7 camera for 14 days, for each friend.” `models` says how each SKU is called, with its days.

    The recipe that the tier is part of says how its steps and other tiers are called.
    """
    who = "The friend" if tier.side == Side.REFEREE else "The referrer"
    verb = "can choose" if tier.instead_of else "gets"
    steps = {one.key: one.title for one in recipe.steps}
    step = f", once “{steps.get(tier.step, tier.step)}” is done" if tier.step else ""
    given = gift(tier, currency=recipe.campaign.currency, models=models)
    return f"{who} {verb} {given}, {when(tier)}{step}.{beside(tier, {one.key: one.title for one in recipe.tiers})}"


def beside(tier: TierPart, titles: Mapping[str, str]) -> str:
    """Which other tier this one stands for, as a sentence with a space before it; empty when it stands alone. `titles` by key."""
    if tier.replaces:
        return f" It replaces “{titles.get(tier.replaces, tier.replaces)}” where both are due."
    return f" Instead of “{titles.get(tier.instead_of, tier.instead_of)}”, as the customer likes." if tier.instead_of else ""


def gift(tier: TierPart, *, currency: str, models: Mapping[str, str]) -> str:
    """What one reward of a tier is."""
    amount = plain(tier.amount or Decimal(0))
    if tier.kind == RewardKind.EQUIPMENT:
        return f"the {models.get(tier.equipment, tier.equipment)}"
    return {
        RewardKind.CREDIT.value: f"{amount} {currency} on account",
        RewardKind.CASH.value: f"{amount} {currency} in cash",
        RewardKind.DISCOUNT.value: f"{amount} {currency} off" if tier.discount else f"{amount} % off",
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


def asked(step: StepPart, *, currency: str) -> str:
    """What a step asks of the friend, and in which time."""
    done = deed(step.proof, amount=step.amount, count=step.count, days=step.days, currency=currency)
    return f"The friend {done}, within {plurals.days(step.within_days)} of signing up."


def deed(proof: str, *, amount: Decimal | None, count: int | None, days: int | None, currency: str) -> str:
    """What somebody does who proves it: “makes a purchase of at least 50 EUR”."""
    least = f" of at least {plain(amount)} {currency}" if amount else ""
    return {
        Proof.VERIFIED_SIGNUP.value: "confirms their e-mail address",
        Proof.FIRST_PURCHASE.value: f"makes a purchase{least}",
        Proof.N_PURCHASES.value: f"makes {plurals.counted(count or 1, 'purchase')}{least}{' each' if least and count != 1 else ''}",
        Proof.DAYS_ACTIVE.value: f"is an active customer for {plurals.days(days or 1)}",
    }[proof]


def effect(promotion: PromotionPart, *, models: Mapping[str, str]) -> str:
    """What a promotion does while it runs."""
    if promotion.effect == "swap":
        return f"Everybody who would borrow equipment gets the {models.get(promotion.equipment, promotion.equipment)} instead."
    amount = plain(promotion.amount or Decimal(0))
    return f"Amounts are multiplied by {amount}." if promotion.effect == "multiply" else f"{amount} more on every amount."


def plain(amount: Decimal) -> str:
    """A number without needless noughts: 25, 10.50."""
    return f"{amount:f}" if amount != amount.to_integral_value() else f"{amount.to_integral_value():f}"
