"""What a pool can lend on each of the coming days, against what it has promised, who waits and who is expected to ask.

To be shown, never to decide on.

A day's number is that of its worst moment, in the days of the pool's place. Who waits is counted as if served today: the
shortage says how many units more would be needed for nobody to wait.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count

from equipment import availability, demand, intervals
from equipment.availability import Availability, Book, Taking, Window
from equipment.demand import Demand, Fit
from equipment.forecasting import Forecast
from equipment.models import Loan, Pool
from equipment.states import LoanState

WEEKS = (4, 8, 12)
"""How far a person may look ahead."""
_HALF = 0.5
"""Expectations are averages: less than half a unit too few is not worth a word."""


@dataclass(frozen=True)
class Day:
    """One day of a pool. `promised` counts units out, picked or held; `needed` adds those who wait.

    `expected` adds those who are expected to ask from now on; None while there is too little to go by.
    """

    on: date
    promised: int
    needed: int
    expected: float | None = None


@dataclass(frozen=True)
class Change:
    """Units that change hands on a day, in words."""

    on: date
    sentence: str


@dataclass(frozen=True)
class Outlook:
    """The coming days of one pool."""

    pool: Pool
    units: int
    lendable: int
    out: int
    overdue: int
    waiting: int
    now: Availability
    days: Sequence[Day]
    changes: Sequence[Change]
    demand: Demand
    forecast: Forecast | None

    @cached_property
    def gap(self) -> int:
        """Units to spare on the worst day if nobody had to wait; negative: so many are missing."""
        return min(self.lendable - day.needed for day in self.days)

    @property
    def out_share(self) -> float:
        """Share of the units in service that are with borrowers, 0 to 1."""
        return self.out / self.units if self.units else 0.0

    @property
    def tone(self) -> str:
        """How much it needs somebody."""
        return "bad" if self.gap < 0 else "warn" if self.gap == 0 else "ok"

    @property
    def runs_short_on(self) -> date | None:
        """The first day on which a unit is missing: for what is promised and who waits, else for who is expected to ask."""
        missing = next((day.on for day in self.days if day.needed > self.lendable), None)
        return missing or next((day.on for day in self.days if day.expected and day.expected >= self.lendable + _HALF), None)

    @property
    def headline(self) -> str:
        """What matters most about the coming days, in one sentence."""
        if not self.units:
            return f"{self.pool} has no unit in service."
        if self.gap >= 0:
            if self.runs_short_on:
                return f"{self.pool} is expected to run short from {_day(self.runs_short_on)}."
            spare = "no unit" if not self.gap else "1 unit" if self.gap == 1 else f"{self.gap} units"
            return f"{self.pool} has {spare} to spare on its fullest day."
        short = [day for day in self.days if day.needed > self.lendable]
        return f"{self.pool} is short of {units_in_words(-self.gap)} {self._when(short)}."

    def fit(self, level: float) -> Fit | None:
        """How the pool fits what is expected of it, where at most the share `level` may have to wait."""
        if self.forecast is None:
            return None
        return Fit(self.lendable, self.forecast.per_week, self.demand.taken_days, level)

    def _when(self, short: Sequence[Day]) -> str:
        begins = "now" if short[0] is self.days[0] else f"from {_day(short[0].on)}"
        after = [day.on for day in self.days if day.on > short[-1].on]
        ends = f"until {_day(after[0])}" if after else "to the end of what can be foreseen"
        return f"{begins} {ends}"


def outlooks(pools: Iterable[Pool], *, at: datetime, weeks: int) -> list[Outlook]:
    """The coming weeks of each pool, those that need somebody most first. Six queries, however many pools, with their models."""
    known = list(pools)
    books = availability.books(known, at=at)
    waiting = dict(_waiting(known))
    asked = demand.demands(known, at=at)
    found = [_outlook(pool, books[pool.pk], waiting.get(pool.pk, 0), asked[pool.pk], at, weeks) for pool in known]
    return sorted(found, key=lambda one: (one.gap, str(one.pool)))


def _waiting(pools: Sequence[Pool]) -> Iterable[tuple[int, int]]:
    queue = Loan.objects.filter(state=LoanState.WAITLISTED, pool__in=pools).order_by()
    return queue.values("pool").annotate(number=Count("pk")).values_list("pool", "number")


def _outlook(pool: Pool, book: Book, waiting: int, asked: Demand, at: datetime, weeks: int) -> Outlook:
    edges = _edges(pool, at, weeks)
    blocks = [taking.block for taking in book.takings]
    served = Window(at, pool.blocked_by_hold(pool.opening().after(at, days=pool.claim_days)))
    wanted = [intervals.Block(served.start, served.end)] * waiting
    promised = intervals.most_taken(blocks, edges)
    needed = intervals.most_taken([*blocks, *wanted], edges)
    dates = [pool.opening().day(edge) for edge in edges[:-1]]
    foreseen = asked.forecast
    expected = [number + _newcomers(foreseen, asked, n) if foreseen else None for n, number in enumerate(needed)]
    return Outlook(
        pool=pool,
        units=book.units,
        lendable=book.units - book.reserve,
        out=sum(taking.state == LoanState.ON_LOAN for taking in book.takings),
        overdue=sum(taking.is_overdue for taking in book.takings),
        waiting=waiting,
        now=book.look(Window(at, pool.blocked_by_hand_over(at))),
        days=[Day(*one) for one in zip(dates, promised, needed, expected, strict=True)],
        changes=_changes(pool, book.takings, edges),
        demand=asked,
        forecast=foreseen,
    )


def _newcomers(foreseen: Forecast, asked: Demand, day: int) -> float:
    """Units that those who ask from now on have on average, so many days from now."""
    return foreseen.per_week / 7 * min(day, asked.taken_days)


def _edges(pool: Pool, at: datetime, weeks: int) -> list[datetime]:
    """Now, then each midnight at the pool's place."""
    zone = ZoneInfo(pool.time_zone)
    today = pool.opening().day(at)
    midnights = (datetime.combine(today + timedelta(days=n), time.min, tzinfo=zone) for n in range(1, weeks * 7 + 1))
    return [at, *midnights]


def _changes(pool: Pool, takings: Sequence[Taking], edges: Sequence[datetime]) -> list[Change]:
    """The days on which units can go out again or are promised from, in order."""
    start, end = edges[0], edges[-1]
    day = pool.opening().day
    back = Counter(day(taking.block.end) for taking in takings if taking.block.end and start < taking.block.end < end)
    gone = Counter(day(taking.block.start) for taking in takings if start < taking.block.start < end)
    free = [Change(on, f"{units_in_words(number)} can go out again.") for on, number in back.items()]
    promised = [Change(on, f"{units_in_words(number)} promised from this day.") for on, number in gone.items()]
    return sorted([*free, *promised], key=lambda change: (change.on, change.sentence))


def units_in_words(number: int) -> str:
    """A number of units in words."""
    return "1 unit" if number == 1 else f"{number} units"


def _day(on: date) -> str:
    return f"{on:%-d %B}"
