"""What a campaign gives at an instant: the tiers that are due, with promotions applied, and the pools that can serve them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from campaigns import tiers
from campaigns.models import Campaign, Promotion, Quota, Tier
from campaigns.states import Rewarded, RewardKind, Side
from campaigns.tiers import NO_WISHES
from equipment.models import EquipmentModel, Pool

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
SIDES: dict[str, tuple[Side, ...]] = {
    Rewarded.BOTH: (Side.REFERRER, Side.REFEREE),
    Rewarded.REFERRER: (Side.REFERRER,),
    Rewarded.REFEREE: (Side.REFEREE,),
}
"""Which sides are rewarded."""


@dataclass(frozen=True)
class Due:
    """One reward that is due: what, how much, what it costs the campaign, and why in words without anyone's name."""

    tier: Tier
    kind: str
    equipment_model: EquipmentModel | None
    amount: Decimal | None
    cost: Decimal
    reason: str


def due(
    campaign: Campaign,
    side: str,
    *,
    nth: int,
    variant: str = "",
    at: datetime,
    step: str = "",
    wishes: Mapping[str, str] = NO_WISHES,
) -> list[Due]:
    """What one side gets for a referrer's `nth` referral at an instant, in one arm of a test.

    `step` is the key of the step that was done; empty: the referral qualified. Promotions whose window holds `at` are applied in
    the order they begin. Where somebody would rather have another choice, that is what is due (`wishes`). Nothing for a side that is
    not rewarded.
    """
    if side not in SIDES[campaign.rewarded]:
        return []
    found = tiers.due(_rungs(campaign), side=side, nth=nth, variant=variant or "", step=step, wishes=wishes)
    if not found:
        return []
    promotions = running_promotions(campaign, at=at)
    return [_with_promotions(_plain(rung, nth), promotions) for rung in found]


def due_among(
    rows: Iterable[Tier], side: str, *, nth: int, variant: str = "", step: str = "", wishes: Mapping[str, str] = NO_WISHES
) -> list[Due]:
    """As `due` among tiers that were read already, without promotions."""
    found = tiers.due([_rung(tier) for tier in rows], side=side, nth=nth, variant=variant or "", step=step, wishes=wishes)
    return [_plain(rung, nth) for rung in found]


def choices(tier: Tier, *, variant: str = "", at: datetime) -> list[Due]:
    """What a customer may have: the tier itself first, then what marketing put beside it. One entry means there is no choice."""
    found = tiers.choices(_rungs(tier.campaign), key=tier.key, variant=variant or "")
    promotions = running_promotions(tier.campaign, at=at)
    return [_with_promotions(_plain(rung, rung.nth), promotions) for rung in found]


def running_promotions(campaign: Campaign, *, at: datetime) -> list[Promotion]:
    """The promotions whose half-open window holds `at`, in the order they began."""
    windows = campaign.promotions.filter(starts_at__lte=at, ends_at__gt=at)
    return list(windows.select_related("equipment_model").order_by("starts_at", "key"))


def pools_for(campaign: Campaign, equipment_model: EquipmentModel) -> list[Pool]:
    """The pools that serve a model in this campaign: those with a quota, or all of the model when none has one."""
    pools = Pool.objects.filter(model=equipment_model).select_related("model").order_by("pk")
    limited = list(pools.filter(pk__in=Quota.objects.filter(campaign=campaign).values("pool")))
    return limited or list(pools)


def limits_for(campaign: Campaign) -> dict[int, int]:
    """How many units the campaign may have promised at one time, by pool id, for the pools that have a quota."""
    return dict(Quota.objects.filter(campaign=campaign).values_list("pool_id", "units"))


def _rungs(campaign: Campaign) -> list[tiers.Rung]:
    return [_rung(tier) for tier in campaign.tiers.select_related("equipment_model", "variant", "step")]


def _rung(tier: Tier) -> tiers.Rung:
    return tiers.Rung(
        key=tier.key, side=tier.side, nth=tier.nth, rhythm=tier.rhythm, variant=tier.variant.key if tier.variant else "", what=tier,
        step=tier.step.key if tier.step else "", replaces=tier.replaces, instead_of=tier.instead_of,
    )  # fmt: skip


def _plain(rung: tiers.Rung, nth: int) -> Due:
    tier: Tier = rung.what
    reason = f"“{tier.title}” is due {tiers.rhythm_in_words(rung)}; this is number {nth}."
    if tier.step is not None:
        reason = f"“{tier.title}” is due when “{tier.step.title}” is done; this is number {nth}."
    return Due(tier, tier.kind, tier.equipment_model, tier.amount, tier.cost, reason)


def _with_promotions(reward: Due, promotions: Sequence[Promotion]) -> Due:
    for promotion in promotions:
        reward = _promoted(reward, promotion)
    return reward


def _promoted(reward: Due, promotion: Promotion) -> Due:
    """A swap changes the model of equipment; the others change an amount, and the cost in proportion."""
    because = f"{reward.reason} Promotion “{promotion.key}”"
    if promotion.effect == "swap":
        if reward.kind != RewardKind.EQUIPMENT or promotion.equipment_model is None:
            return reward
        return replace(
            reward, equipment_model=promotion.equipment_model, reason=f"{because}: {promotion.equipment_model.sku} instead."
        )
    if not reward.amount or promotion.amount is None or reward.kind == RewardKind.EQUIPMENT:
        return reward
    amount = _cents(reward.amount * promotion.amount if promotion.effect == "multiply" else reward.amount + promotion.amount)
    if reward.kind == RewardKind.DISCOUNT and not reward.tier.discount:
        amount = min(amount, _HUNDRED)
    cost = _cents(reward.cost * amount / reward.amount)
    return replace(reward, amount=amount, cost=cost, reason=f"{because}: {amount} instead of {reward.amount}.")


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
