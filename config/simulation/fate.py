"""What befalls the friends of a simulated year, drawn beforehand: the ground truth, the same for every way of promising. Pure.

The numbers are chosen, not measured: four friends a week, more in November and December, now and then several on one day; seven of
ten confirm; one in four units comes back late, some of them very; a few are damaged or lost.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

PER_WEEK = 4.0
_DAY = timedelta(days=1)
_BUSY = (305, 365)
"""Days of the year on which more friends come, half as many again."""
_BUSIER = 1.5
_BURST = 0.12
_CONFIRMS, _COMES = 0.72, 0.94


@dataclass(frozen=True)
class Fate:
    """One friend: when they join, whether and how soon they confirm and come, and how the unit comes back."""

    number: int
    joins: timedelta
    confirms_after: timedelta | None
    comes_after: timedelta
    comes: bool
    late: timedelta
    ends: str
    away: timedelta

    @property
    def wants_it(self) -> bool:
        """Whether the friend does all that is asked of them, so that whatever fails is not their doing."""
        return self.confirms_after is not None and self.comes


def fates(*, seed: int, days: int, per_week: float = PER_WEEK) -> list[Fate]:
    """The friends of so many days, in the order in which they join. The same seed gives the same friends."""
    chance = random.Random(seed)  # a repeatable story, nothing secret hangs on it
    return [_fate(chance, number, joins) for number, joins in enumerate(_arrivals(chance, days, per_week), start=1)]


def _arrivals(chance: random.Random, days: int, per_week: float) -> Iterator[timedelta]:
    most = per_week / 7 * _BUSIER
    at = chance.expovariate(most)
    while at < days:
        is_busy = _BUSY[0] <= at % 365 < _BUSY[1]
        if is_busy or chance.random() < 1 / _BUSIER:
            yield at * _DAY
            if chance.random() < _BURST:
                yield from (at * _DAY + timedelta(minutes=7 * n) for n in range(1, chance.randint(2, 4)))
        at += chance.expovariate(most)


def _fate(chance: random.Random, number: int, joins: timedelta) -> Fate:
    confirms = chance.expovariate(1 / 1.5) * _DAY if chance.random() < _CONFIRMS else None
    return Fate(
        number=number,
        joins=joins,
        confirms_after=confirms,
        comes_after=chance.uniform(0.2, 4.5) * _DAY,
        comes=chance.random() < _COMES,
        late=_lateness(chance) * _DAY,
        ends=chance.choices(["fine", "damaged", "lost"], weights=[945, 45, 10])[0],
        away=chance.uniform(7, 25) * _DAY,
    )


def _lateness(chance: random.Random) -> float:
    """Days after the due date; below nought for an early return."""
    kind = chance.random()
    if kind < 0.35:
        return -chance.uniform(0.5, 5)
    if kind < 0.75:
        return -chance.uniform(0.1, 0.5)
    return chance.uniform(0.3, 6) if kind < 0.95 else chance.uniform(7, 21)
