"""What is free, how much, and why not more: many pools at once, in a constant number of queries.

A(s, e) = min over [s, e + turnaround) of (units in service − loans that block) − reserve, signed. What should have ended and
has not (an overdue loan, a return nobody inspected) blocks without end: no firm promise is built on it.
An answer may be kept for showing; a decision is taken under the pool's lock (`locking`), by asking again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, prefetch_related_objects

from equipment import intervals
from equipment.models import Loan, Pool, Unit
from equipment.states import LoanState, Service

_OUT = frozenset({LoanState.READY, LoanState.ON_LOAN})
_BACK = frozenset({LoanState.RETURNED, LoanState.UNRESOLVED})


@dataclass(frozen=True)
class Availability:
    """How many units can be promised (negative: so many promises are too many), and why not more, in words."""

    free: int
    reason: str


@dataclass(frozen=True)
class Window:
    """Half open, with the asker's own turnaround in it."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Taking:
    """One loan as availability sees it."""

    block: intervals.Block[datetime]
    state: str
    account: str
    is_overdue: bool


@dataclass(frozen=True)
class Step:
    """How many units can be promised from `start` until just before `end`, signed, and why not more."""

    start: datetime
    end: datetime
    free: int
    reason: str


@dataclass(frozen=True)
class Book:
    """All that a pool has and has promised, as read at one instant."""

    units: int
    reserve: int
    takings: Sequence[Taking]

    def look(self, window: Window) -> Availability:
        """What is free throughout `window`, with the reason."""
        instant = intervals.fullest([taking.block for taking in self.takings], window.start, window.end)
        return self._at(Counter(map(_kind, self.covering(instant))))

    def covering(self, instant: datetime) -> list[Taking]:
        """Loans that take a unit at `instant`."""
        return [taking for taking in self.takings if taking.block.covers(instant)]

    def steps(self, window: Window) -> list[Step]:
        """What is free over `window` as a step function: one step for each time the number or its reason changes.

        One sweep over the ends of the loans; what it costs grows with their number, not with the length of the window.
        """
        changes: dict[datetime, Counter[tuple[str, bool]]] = defaultdict(Counter)
        for taking in self.takings:
            changes[max(taking.block.start, window.start)][_kind(taking)] += 1
            if taking.block.end is not None:
                changes[max(taking.block.end, window.start)][_kind(taking)] -= 1
        taken: Counter[tuple[str, bool]] = Counter()
        taken.update(changes.pop(window.start, {}))
        found, since, now = [], window.start, self._at(taken)
        for instant in sorted(changes):
            if instant >= window.end:
                break
            taken.update(changes[instant])
            seen = self._at(taken)
            if seen != now:
                found.append(Step(since, instant, now.free, now.reason))
                since, now = instant, seen
        return [*found, Step(since, window.end, now.free, now.reason)]

    def within(self, window: Window, account: str, limit: int | None) -> Availability:
        """What is free throughout `window` to an account that may have `limit` units at a time (None: no limit)."""
        seen = self.look(window)
        if limit is None or seen.free < 1:
            return seen
        left = limit - self.taken_by(account)
        if left < 1:
            return Availability(left, f"Only {limit} of these units may be promised for this at a time, and all of them are.")
        return Availability(min(seen.free, left), seen.reason)

    def _at(self, taken: Counter[tuple[str, bool]]) -> Availability:
        return Availability(self.units - taken.total() - self.reserve, _reason(self.units, self.reserve, taken))

    def taken_by(self, account: str) -> int:
        """Units this account has at present."""
        return sum(taking.account == account for taking in self.takings)


def free_now(pools: Iterable[Pool], *, at: datetime) -> dict[int, Availability]:
    """Per pool id: what could be handed over at `at` and kept for a whole loan."""
    known = _with_models(pools)
    return over({pool.pk: Window(at, pool.blocked_by_hand_over(at)) for pool in known}, pools=known, at=at)


def free_to(account: str, pools: Iterable[Pool], *, limits: Mapping[int, int], at: datetime) -> dict[int, Availability]:
    """As `free_now`, to an account that may have so many units of a pool at a time as `limits` says of its id."""
    known = _with_models(pools)
    windows = {pool.pk: Window(at, pool.blocked_by_hand_over(at)) for pool in known}
    return {pk: book.within(windows[pk], account, limits.get(pk)) for pk, book in books(known, at=at).items()}


def free(pools: Iterable[Pool], *, start: datetime, end: datetime, at: datetime) -> dict[int, Availability]:
    """Per pool id: what can be lent over `[start, end)`; each pool's turnaround is added to the end. `at` is now."""
    known = _with_models(pools)
    return over({pool.pk: Window(start, pool.free_again(end)) for pool in known}, pools=known, at=at)


def over(
    windows: Mapping[int, Window], *, pools: Iterable[Pool], at: datetime, without: Loan | None = None
) -> dict[int, Availability]:
    """Per pool id: what is free throughout that pool's window, as if the loan `without` were not there."""
    return {pk: book.look(windows[pk]) for pk, book in books(pools, at=at, without=without).items()}


def steps(pools: Iterable[Pool], *, start: datetime, end: datetime, at: datetime) -> dict[int, list[Step]]:
    """Per pool id: what is free at each instant of `[start, end)`, with the reason of each step. `at` is now.

    Two queries, however many pools; loans that have ended cost nothing.
    """
    return {pk: book.steps(Window(start, end)) for pk, book in books(pools, at=at).items()}


def books(pools: Iterable[Pool], *, at: datetime, without: Loan | None = None) -> dict[int, Book]:
    """Per pool id: what it has and what it has promised. Two queries, however many pools."""
    reserves = {pool.pk: pool.reserve for pool in pools}
    units: dict[int, int] = dict(
        Unit.objects.filter(pool__in=reserves, service=Service.IN_SERVICE)
        .order_by()
        .values("pool")
        .annotate(number=Count("pk"))
        .values_list("pool", "number")
    )
    takings = _takings(reserves, at=at, without=without)
    return {pk: Book(units.get(pk, 0), reserve, takings[pk]) for pk, reserve in reserves.items()}


def units_to_pick(loan: Loan, *, at: datetime) -> list[Unit]:
    """Units that can be made ready for `loan` at `at`: in service in its pool, and named in nobody else's loan."""
    pinned = Loan.objects.present().filter(pool=loan.pool_id).exclude(pk=loan.pk)
    blocks: dict[int | None, list[intervals.Block[datetime]]] = defaultdict(list)
    for row in pinned.only("unit_id", "starts_at"):
        # Whatever its stored end: the unit is with someone now, and is free when that loan is settled, not before.
        blocks[row.unit_id].append(intervals.Block(min(row.starts_at or at, at), None))
    units = Unit.objects.filter(pool=loan.pool_id, service=Service.IN_SERVICE)
    by_unit = {unit: blocks[unit.pk] for unit in units}
    return intervals.fitting(by_unit, at, at + timedelta(microseconds=1))


def _with_models(pools: Iterable[Pool]) -> list[Pool]:
    known = list(pools)
    prefetch_related_objects(known, "model")
    return known


def _takings(pools: Iterable[int], *, at: datetime, without: Loan | None) -> dict[int, list[Taking]]:
    rows = Loan.objects.blocking().filter(pool__in=list(pools)).order_by()
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    found: dict[int, list[Taking]] = defaultdict(list)
    for row in rows.only("pool_id", "state", "account", "starts_at", "blocked_until", "due_at"):
        found[row.pool_id].append(_taking(row, at))
    return found


def block_of(loan: Loan, *, at: datetime) -> intervals.Block[datetime]:
    """When a loan that holds or has a unit takes it out of the capacity. What should have ended by `at` and has not takes it without end."""
    assert loan.starts_at is not None and loan.blocked_until is not None, "a constraint gives every blocking loan an interval"
    has_no_end = loan.is_overdue(at) or loan.blocked_until <= at
    return intervals.Block(loan.starts_at, None if has_no_end else loan.blocked_until)


def _taking(row: Loan, at: datetime) -> Taking:
    return Taking(block_of(row, at=at), row.state, row.account, row.is_overdue(at))


def _kind(taking: Taking) -> tuple[str, bool]:
    """What matters of a loan for the reason."""
    return taking.state, taking.is_overdue


def _reason(units: int, reserve: int, taken: Counter[tuple[str, bool]]) -> str:
    """Why not more: what is subtracted in a fixed order, named by the first term that leaves nothing; else each that takes something."""
    states: Counter[str] = Counter()
    for (state, _), number in taken.items():
        states[state] += number
    left, others = units, []
    for taken_here, words, sentence in (
        (0, "", "No unit is in service."),
        (reserve, "kept in reserve", f"{_units(units)} in service, kept in reserve."),
        (sum(states[state] for state in _OUT), "lent out", f"All units that could be promised are lent out.{_late(taken)}"),
        (
            sum(states[state] for state in _BACK),
            "back and waiting for inspection",
            "The last unit that could be promised is back and waits for inspection.",
        ),
        (
            states[LoanState.UNLOCKED],
            "waiting to be collected",
            "The last unit that could be promised waits to be collected by someone else.",
        ),
        (states[LoanState.HELD], "held for others", "All units that could be promised are held for others."),
    ):
        left -= taken_here
        if left <= 0:
            return sentence
        others += [f"{taken_here} {words}"] if taken_here else []
    rest = f"; {', '.join(others)}" if others else ""
    return f"{left} of {_units(units)} can be promised{rest}.{_late(taken)}"


def _late(taken: Counter[tuple[str, bool]]) -> str:
    late = sum(number for (_, is_overdue), number in taken.items() if is_overdue)
    return f" {late} overdue." if late else ""


def _units(number: int) -> str:
    return "1 unit" if number == 1 else f"{number} units"
