"""Promises that cannot be kept as things stand, each with its reason: the one definition of "at risk".

A promise is at risk when

- it holds a unit, but on some day of its time its pool has promised more units than are in service: the latest promises of that day,
  as many as are too many. (Units leave service, and what is overdue blocks without end; what was promised before stays promised.)
- or the friend has qualified, so that the loan is due, and its place in the queue has not come;
- or its turn in the queue comes later, as things stand, than the day that was said;
- or it waits in the queue of a pool of which no unit can be promised at all, so that nobody can say when.

It breaks on the day from which its unit is missing; a promise in the queue on the day that was said, or now when that has passed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from equipment import availability, intervals, lateness, queueing
from equipment.availability import Book
from equipment.models import Loan, Pool
from equipment.return_curve import ReturnCurve
from equipment.states import LoanState
from referrals.models import Promise
from referrals.states import Progress

_HOLDING = (LoanState.HELD, LoanState.UNLOCKED)


@dataclass(frozen=True)
class AtRisk:
    """A promise with why it cannot be kept, as a sentence, and the instant at which it breaks."""

    promise: Promise
    reason: str
    breaks_at: datetime

    @property
    def reference(self) -> str:
        """Which referral it is about."""
        return self.promise.referral.reference


_Why = tuple[str, datetime]


def promises_at_risk(*, at: datetime) -> list[AtRisk]:
    """All promises at risk, those that break first on top. Four queries, however many there are."""
    rows = Promise.objects.filter(loan__state__in=[*_HOLDING, LoanState.WAITLISTED]).order_by("made_at", "pk")
    promises = list(rows.select_related("loan__pool__model", "loan__borrower", "referral__campaign"))
    pools = {promise.loan.pool_id: promise.loan.pool for promise in promises}
    books = availability.books(pools.values(), at=at)
    curves = lateness.curves(pools, at=at)
    by_pool: dict[int, list[Promise]] = defaultdict(list)
    for promise in promises:
        by_pool[promise.loan.pool_id].append(promise)
    why: dict[int, _Why] = {}
    for pk, those in by_pool.items():
        why |= dict(_too_many([promise.loan for promise in those], books[pk], at))
        why |= _waiting_in_vain(pools[pk], those, books[pk], curves[pk], at)
    found = [AtRisk(promise, *why[promise.loan_id]) for promise in promises if promise.loan_id in why]
    return sorted(found, key=lambda one: (one.breaks_at, one.promise.made_at, one.promise.pk))


def _waiting_in_vain(pool: Pool, promises: Sequence[Promise], book: Book, curve: ReturnCurve, at: datetime) -> dict[int, _Why]:
    """Per loan id: why somebody in the queue of a pool will not be served in time."""
    queue = sorted((one for one in promises if one.loan.state == LoanState.WAITLISTED), key=_first_come)
    days = queueing.foreseen(pool, book, curve, len(queue), at=at)
    turns: list[date | None] = [*days, *[None] * (len(queue) - len(days))]
    found = {}
    for promise, turn in zip(queue, turns, strict=True):
        if why := _in_vain(promise, book, turn):
            found[promise.loan_id] = (why, max(promise.promised_by or at, at))
    return found


def _in_vain(promise: Promise, book: Book, turn: date | None) -> str:
    if book.units <= book.reserve:
        return "It waits for a place of which no unit can be promised, so nobody can say when its turn comes."
    qualified_at = promise.referral.qualified_at
    if promise.referral.progress == Progress.QUALIFIED and qualified_at is not None:
        return f"The friend qualified on {qualified_at:%-d %b %Y}, and the loan still waits in the queue."
    said = promise.promised_by
    if said is not None and turn is not None and turn > promise.loan.pool.opening().last_day(said):
        return f"It was said to be there by {said:%-d %b %Y}; as things stand its turn comes about {turn:%-d %b %Y}."
    return ""


def _first_come(promise: Promise) -> tuple[datetime, int]:
    assert promise.loan.queued_at is not None, "a constraint gives every loan in a queue its place"
    return promise.loan.queued_at, promise.loan_id


def _too_many(loans: Sequence[Loan], book: Book, at: datetime) -> Iterator[tuple[int, _Why]]:
    """Ids of the loans among these that hold a unit too many, each with the first day on which it does."""
    holding = sorted((loan for loan in loans if loan.state in _HOLDING), key=_latest_last)
    told: set[int] = set()
    for start, taken in _short_of_units(book, at):
        over = [loan for loan in holding if availability.block_of(loan, at=at).covers(start)]
        for loan in over[-min(taken - book.units, len(over)) :]:
            if loan.pk not in told:
                told.add(loan.pk)
                yield loan.pk, (_reason(book, start, taken), start)


def _short_of_units(book: Book, at: datetime) -> Iterator[tuple[datetime, int]]:
    """Instants from `at` on from which more units are taken than are in service, with how many are taken."""
    blocks = [taking.block for taking in book.takings]
    edges = sorted({at, *_instants(blocks, at)})
    edges.append(edges[-1] + timedelta(days=1))
    for (start, _), taken in zip(pairwise(edges), intervals.most_taken(blocks, edges), strict=True):
        if taken > book.units:
            yield start, taken


def _instants(blocks: Iterable[intervals.Block[datetime]], at: datetime) -> Iterator[datetime]:
    for block in blocks:
        yield from (instant for instant in (block.start, block.end) if instant is not None and instant > at)


def _latest_last(loan: Loan) -> tuple[datetime, int]:
    return loan.created_at, loan.pk


def _reason(book: Book, start: datetime, taken: int) -> str:
    overdue = sum(taking.is_overdue for taking in book.takings)
    late = f", {overdue} of them overdue" if overdue else ""
    units = "1 unit is" if book.units == 1 else f"{book.units} units are"
    return f"{units} in service, and {taken} are out or promised on {start:%-d %b %Y}{late}."
