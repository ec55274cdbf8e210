"""What a campaign would need and cost: the arithmetic alone, exact in fractions. Knows no database and no clock.

A plan takes it that most bring one friend and few bring many (a geometric distribution with the given mean), so that the rewards
high on a ladder are not forgotten. What is due for the n-th friend comes from `campaigns.tiers`. A cap of the whole campaign cuts all
rewards in proportion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil

from campaigns.tiers import Rung, due

REFERRER = "referrer"
MOST_FRIENDS = 50
"""Friends of one referrer that are worked out; more is no plan."""


@dataclass(frozen=True)
class Gift:
    """What one reward takes: a unit of `item` (a SKU, empty for what is not lent) and its cost."""

    item: str
    cost: Decimal


@dataclass(frozen=True)
class Offer:
    """What a campaign gives. `rungs` carry a `Gift` each; `arms` are the arms of a test with their weights, or one without a name."""

    rungs: Sequence[Rung]
    sides: Sequence[str]
    arms: Sequence[tuple[str, int]] = (("", 1),)
    referrer_cap: int | None = None
    total_cap: int | None = None


@dataclass(frozen=True)
class Need:
    """Rewards, units of each item, and cost. Expected values, hence fractions."""

    rewards: Fraction = Fraction(0)
    units: Mapping[str, Fraction] = field(default_factory=dict)
    cost: Fraction = Fraction(0)

    def times(self, factor: Fraction) -> "Need":
        """So many of it."""
        return Need(self.rewards * factor, {item: number * factor for item, number in self.units.items()}, self.cost * factor)

    def plus(self, other: "Need") -> "Need":
        """Both together."""
        items = dict.fromkeys([*self.units, *other.units])
        units = {item: self.units.get(item, Fraction(0)) + other.units.get(item, Fraction(0)) for item in items}
        return Need(self.rewards + other.rewards, units, self.cost + other.cost)


@dataclass(frozen=True)
class Shortage:
    """From which week (from 0) something is short, and how many are missing in the worst week."""

    week: int
    worst_week: int
    missing: int


def plan(offer: Offer, *, qualifying: int, share: Fraction, friends: Fraction) -> Need:
    """What is needed when this share (0 to 1) of those who qualify refers, bringing so many friends who qualify on average."""
    referrers = Fraction(qualifying) * share
    need = Need()
    for nth, one in enumerate(_steps(offer, MOST_FRIENDS), 1):
        need = need.plus(one.times(reach(nth, friends)))
    return _capped(offer, need.times(referrers))


def reach(nth: int, mean: Fraction) -> Fraction:
    """The share of referrers who bring at least `nth` friends when they bring `mean` on average; below 1 some bring one, none two.

    Over all n the shares add up to the mean.
    """
    if mean <= 1:
        return mean if nth == 1 else Fraction(0)
    return (1 - 1 / mean) ** (nth - 1)


def replay(offer: Offer, friends: Iterable[tuple[object, object]]) -> tuple[int, Need]:
    """What (referrer, friend) pairs would have brought: how many friends count, each once, and what they would have needed."""
    brought: dict[object, int] = {}
    seen: set[object] = set()
    for referrer, friend in friends:
        if friend not in seen:
            seen.add(friend)
            brought[referrer] = brought.get(referrer, 0) + 1
    need = Need()
    for number in brought.values():
        need = need.plus(of_referrer(offer, number))
    return len(seen), _capped(offer, need)


def of_referrer(offer: Offer, friends: int) -> Need:
    """What one referrer with so many friends who qualify needs, with what these friends get; arms by their weight."""
    need = Need()
    for one in _steps(offer, min(friends, MOST_FRIENDS)):
        need = need.plus(one)
    return need


def by_week(total: Fraction, *, weeks: int, running: int, out_for: int) -> list[int]:
    """Units out of the house at once in each of `weeks` weeks, rounded up.

    `total` loans begin evenly over the first `running` weeks; each keeps its unit for `out_for` weeks.
    """
    each = total / running if running else Fraction(0)
    began = [each if week < running else Fraction(0) for week in range(weeks)]
    return [ceil(sum(began[max(0, week - out_for + 1) : week + 1], Fraction(0))) for week in range(weeks)]


def shortage(supply: Sequence[int], demand: Sequence[int]) -> Shortage | None:
    """The first week in which more is needed than there is, and the worst; None when there is always enough."""
    missing = [needed - max(there, 0) for there, needed in zip(supply, demand, strict=True)]
    short = [week for week, number in enumerate(missing) if number > 0]
    if not short:
        return None
    worst = max(short, key=lambda week: (missing[week], -week))
    return Shortage(short[0], worst, missing[worst])


def _steps(offer: Offer, friends: int) -> list[Need]:
    """What the first, second, … friend of one referrer brings with it, arms by their weight."""
    weights = sum(weight for _, weight in offer.arms)
    steps = [Need()] * friends
    for arm, weight in offer.arms:
        in_arm = _in_arm(offer, arm, friends) if weight else []
        steps = (
            [one.plus(more.times(Fraction(weight, weights))) for one, more in zip(steps, in_arm, strict=True)] if weight else steps
        )
    return steps


def _in_arm(offer: Offer, arm: str, friends: int) -> list[Need]:
    steps, own = [], 0
    for nth in range(1, friends + 1):
        step = Need()
        for side in offer.sides:
            for rung in due(offer.rungs, side=side, nth=nth, variant=arm):
                if side == REFERRER:
                    own += 1
                    if offer.referrer_cap is not None and own > offer.referrer_cap:
                        continue
                step = step.plus(_of(rung.what))
        steps.append(step)
    return steps


def _of(gift: Gift) -> Need:
    return Need(Fraction(1), {gift.item: Fraction(1)} if gift.item else {}, Fraction(gift.cost))


def _capped(offer: Offer, need: Need) -> Need:
    if offer.total_cap is None or need.rewards <= offer.total_cap:
        return need
    return need.times(Fraction(offer.total_cap) / need.rewards)
