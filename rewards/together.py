"""Approving many rewards at once: first what would come of it, then each decided on its own, and taken back on its own."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from audit.actors import Actor
from campaigns.models import Campaign
from campaigns.states import RewardKind
from desk.amounts import money
from desk.refusals import Refused
from equipment import availability
from equipment.models import EquipmentModel, Pool
from equipment.states import LoanState
from referrals.models import Promise
from referrals.states import Standing
from rewards import deciding
from rewards.models import Approval, Budget, Reward
from rewards.states import RewardState
from rewards.waiting import SHOWN, with_people


@dataclass(frozen=True)
class Item:
    """One reward of the batch: what its reader sees of it (`seen`), and why it would be refused; empty when it would not."""

    reward: Reward
    seen: str
    refusal: str


@dataclass(frozen=True)
class Stock:
    """Units of one model: how many the batch gives, how many of those are held already, how many are free besides now."""

    model: EquipmentModel
    wanted: int
    held: int
    free: int

    @property
    def is_short(self) -> bool:
        """Whether somebody would have to wait in the queue."""
        return self.wanted > self.held + self.free


@dataclass(frozen=True)
class Cost:
    """What the batch costs one campaign beside its budget; `left` is None without a limit, `new` is not committed yet."""

    campaign: Campaign
    total: Decimal
    new: Decimal
    left: Decimal | None


@dataclass(frozen=True)
class Summary:
    """What would come of approving these rewards together."""

    items: Sequence[Item]
    stocks: Sequence[Stock]
    costs: Sequence[Cost]

    @property
    def ready(self) -> list[Item]:
        """Those that would be approved."""
        return [item for item in self.items if not item.refusal]

    @property
    def people(self) -> int:
        """How many different people would get something."""
        return len({item.reward.beneficiary_id for item in self.ready})


@dataclass(frozen=True)
class Outcome:
    """What came of one reward: empty when it was done, else the sentence of the refusal."""

    reward: Reward
    refusal: str


def summarise(references: Sequence[str], *, at: datetime) -> Summary:
    """What approving these rewards would mean, oldest first; at most `SHOWN` of them. A constant number of queries."""
    rewards = list(with_people(Reward.objects.filter(reference__in=references).order_by("created_at", "pk")))
    newest = {row.reward_id: row for row in Approval.objects.filter(reward__in=rewards).order_by("at", "pk")}
    left = _left(rewards)
    items = [Item(reward, deciding.version_of(reward, newest.get(reward.pk)), _refusal(reward, newest, left)) for reward in rewards]
    ready = [item.reward for item in items if not item.refusal]
    return Summary(items, _stocks(ready, at), _costs(ready))


def approve_all(seen: Mapping[str, str], *, at: datetime, by: Actor) -> list[Outcome]:
    """Approve the rewards named, each in its own transaction: a refusal is answered and costs the others nothing.

    `seen` holds, by reference, the state of things its reader saw (`Item.seen`). Raises `PermissionDenied` before anything.
    """
    by.require("rewards.decide_reward")
    rewards = with_people(Reward.objects.filter(reference__in=list(seen)[:SHOWN]).order_by("created_at", "pk"))
    return [
        Outcome(reward, _refused(partial(deciding.approve, reward=reward, seen=seen[reward.reference], at=at, by=by)))
        for reward in list(rewards)
    ]


def undo_all(references: Sequence[str], *, at: datetime, by: Actor) -> list[Outcome]:
    """Take back what was decided about these rewards within the minute of each: a refusal costs the others nothing.

    All of them: more than one page of the queue may be decided within a minute. Raises `PermissionDenied` before anything.
    """
    by.require("rewards.decide_reward")
    rewards = with_people(Reward.objects.filter(reference__in=references).order_by("created_at", "pk"))
    return [Outcome(reward, _refused(partial(deciding.undo, reward=reward, at=at, by=by))) for reward in list(rewards)]


def _refused(verb: Callable[[], object]) -> str:
    """The sentence of the refusal of this verb; empty when it did."""
    try:
        verb()
    except Refused as refusal:
        return refusal.sentence
    return ""


def _refusal(reward: Reward, newest: Mapping[int, Approval], left: dict[int, Decimal | None]) -> str:
    """Why this one would be refused now; takes its cost from what is `left` of the campaign's budget."""
    if reward.state != RewardState.HELD:
        decided = newest.get(reward.pk)
        return deciding.in_words(decided) if decided else f"It is “{reward.get_state_display().lower()}” already."
    if reward.referral.standing != Standing.CLEAR:
        return f"The referral is “{reward.referral.get_standing_display().lower()}”: review it first."
    if reward.is_budgeted:
        return ""
    room = left.get(reward.referral.campaign_id)
    currency = reward.referral.campaign.currency
    if room is not None and room < reward.cost:
        return f"The budget leaves {money(room, currency)}; this one costs {money(reward.cost, currency)}."
    if room is not None:
        left[reward.referral.campaign_id] = room - reward.cost
    return ""


def _left(rewards: Sequence[Reward]) -> dict[int, Decimal | None]:
    """What each campaign's budget leaves, by the campaign's id; None without a limit."""
    spent = dict(
        Budget.objects.filter(campaign__in={reward.referral.campaign_id for reward in rewards}).values_list("campaign", "spent")
    )
    campaigns = {reward.referral.campaign_id: reward.referral.campaign for reward in rewards}
    return {
        pk: None if campaign.budget is None else campaign.budget - spent.get(pk, Decimal(0)) for pk, campaign in campaigns.items()
    }


def _costs(rewards: Sequence[Reward]) -> list[Cost]:
    left = _left(rewards)
    total: dict[Campaign, Decimal] = defaultdict(Decimal)
    new: dict[Campaign, Decimal] = defaultdict(Decimal)
    for reward in rewards:
        total[reward.referral.campaign] += reward.cost
        new[reward.referral.campaign] += Decimal(0) if reward.is_budgeted else reward.cost
    return [Cost(campaign, total[campaign], new[campaign], left[campaign.pk]) for campaign in sorted(total, key=lambda c: c.name)]


def _stocks(rewards: Sequence[Reward], at: datetime) -> list[Stock]:
    lending = [reward for reward in rewards if reward.kind == RewardKind.EQUIPMENT]
    held = _held(lending)
    wanted: dict[EquipmentModel, list[Reward]] = defaultdict(list)
    for reward in lending:
        if reward.equipment_model is not None:
            wanted[reward.equipment_model].append(reward)
    pools = list(Pool.objects.filter(model__in=wanted).select_related("model"))
    free = availability.free_now(pools, at=at)
    return [
        Stock(
            model, len(rows), sum(_key(row) in held for row in rows),
            sum(max(0, free[pool.pk].free) for pool in pools if pool.model_id == model.pk),
        )
        for model, rows in sorted(wanted.items(), key=lambda pair: pair[0].name)
    ]  # fmt: skip


def _held(rewards: Sequence[Reward]) -> set[tuple[int, str, int]]:
    """Referral, side and tier of the rewards a unit is held for."""
    rows = Promise.objects.filter(referral__in={reward.referral_id for reward in rewards}, loan__state=LoanState.HELD)
    return set(rows.values_list("referral", "side", "tier"))


def _key(reward: Reward) -> tuple[int, str, int]:
    return (reward.referral_id, reward.side, reward.tier_id)
