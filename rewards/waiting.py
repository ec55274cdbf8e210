"""The queue of rewards that wait for a person, and what is known about one of them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from campaigns.states import RewardKind
from equipment import availability
from equipment.models import Loan, Pool
from equipment.states import LoanState
from referrals import promising
from referrals.models import Promise
from rewards.models import Approval, Budget, Reward
from rewards.states import RewardState

SHOWN = 50
"""Rewards on one page of the queue, and the most that are decided together."""

RISKS = {"low": ("Low, below 25", Q(referral__risk__lt=25)), "medium": ("Medium, 25 to 49", Q(referral__risk__gte=25, referral__risk__lt=50)),
         "high": ("High, 50 and more", Q(referral__risk__gte=50))}  # fmt: skip
"""Steps of risk by which the queue is filtered: word, label, which rewards."""


@dataclass(frozen=True)
class Page:
    """One page of the queue, oldest first. `after` names where the next page begins; empty on the last."""

    rewards: Sequence[Reward]
    after: str


@dataclass(frozen=True)
class Units:
    """What of a model is free on the day the loan would start, besides what is held for this reward."""

    free: int
    total: int
    where: str
    start: datetime


@dataclass(frozen=True)
class Kept:
    """What is kept for this reward: whether a unit is, and what the customer was told about it."""

    loan: Loan
    is_held: bool
    words: str


@dataclass(frozen=True)
class Dossier:
    """What a person needs to know to decide about one reward."""

    reward: Reward
    units: Units | None
    kept: Kept | None
    budget: Budget | None
    decisions: Sequence[Approval]


def waiting(*, campaign: str = "", risk: str = "", asked: str = "") -> QuerySet[Reward]:
    """Rewards that wait for a person, oldest first: of a campaign (slug), of a step of risk, asked about (`yes`) or not (`no`)."""
    rows = Reward.objects.filter(state=RewardState.HELD).order_by("created_at", "pk")
    if campaign:
        rows = rows.filter(referral__campaign__slug=campaign)
    if risk in RISKS:
        rows = rows.filter(RISKS[risk][1])
    if asked in ("yes", "no"):
        rows = rows.filter(asked_at__isnull=asked == "no")
    return with_people(rows)


def with_people(rows: QuerySet[Reward]) -> QuerySet[Reward]:
    """With everything one line of the queue says."""
    return rows.select_related(
        "tier", "beneficiary", "equipment_model", "referral__campaign", "referral__referrer", "referral__referee", "referral__code"
    )


def page(rows: QuerySet[Reward], *, after: str = "") -> Page:
    """The rewards that come after the one named `after`, which may have been decided meanwhile."""
    start = Reward.objects.filter(reference=after).values_list("created_at", "pk").first() if after else None
    if start is not None:
        rows = rows.filter(Q(created_at__gt=start[0]) | Q(created_at=start[0], pk__gt=start[1]))
    found = list(rows[: SHOWN + 1])
    return Page(found[:SHOWN], found[SHOWN - 1].reference if len(found) > SHOWN else "")


def fresh_decisions_of(name: str, *, at: datetime) -> list[Approval]:
    """Decisions of this actor that can still be undone, newest first."""
    rows = Approval.objects.filter(by=name, reward__undo_until__gt=at).exclude(decision__in=["asked", "undone"])
    newest = {
        decided.reward_id: decided
        for decided in rows.select_related("reward__referral__referrer", "reward__tier").order_by("at", "pk")
    }
    return sorted(newest.values(), key=lambda decided: decided.pk, reverse=True)


def dossier(reward: Reward, *, at: datetime) -> Dossier:
    """What is known about a reward at `at`. A constant number of queries."""
    promise = _promise(reward)
    budget = Budget.objects.filter(campaign=reward.referral.campaign).first()
    return Dossier(reward, units(reward, promise, at=at), _kept(promise, at), budget, list(reward.approvals.all()))


def units(reward: Reward, promise: Promise | None, *, at: datetime) -> Units | None:
    """What is free of the reward's model when its loan would start; None when it lends nothing."""
    if reward.kind != RewardKind.EQUIPMENT:
        return None
    loan = promise.loan if promise else None
    pools = [loan.pool] if loan else list(Pool.objects.filter(model=reward.equipment_model).select_related("model"))
    start = max(loan.starts_at, at) if loan and loan.starts_at else at
    books = availability.books(pools, at=at)
    windows = {pool.pk: availability.Window(start, pool.blocked_by_hand_over(start)) for pool in pools}
    free = sum(max(0, books[pool.pk].look(windows[pool.pk]).free) for pool in pools)
    return Units(free, sum(book.units for book in books.values()), ", ".join(pool.place for pool in pools), start)


def _promise(reward: Reward) -> Promise | None:
    rows = Promise.objects.filter(referral=reward.referral_id, side=reward.side, tier=reward.tier_id)
    return rows.select_related("loan__pool__model").first()


def _kept(promise: Promise | None, at: datetime) -> Kept | None:
    if promise is None:
        return None
    loan = promise.loan
    if loan.state in (LoanState.HELD, LoanState.WAITLISTED):
        return Kept(loan, loan.state == LoanState.HELD, promising.sentence(loan, at=at))
    return Kept(loan, False, f"The loan is “{loan.get_state_display().lower()}”.")
