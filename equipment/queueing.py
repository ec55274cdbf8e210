"""The queue of a pool: who is next, when that may be, and moving it on. One queue per pool, first come, first served.

A person who waits only because their account has its limit is passed over, not waited for.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from audit import trail
from audit.actors import Actor
from equipment import availability, lateness
from equipment.availability import Book, Taking, Window
from equipment.locking import lock_pools
from equipment.models import Loan, Pool
from equipment.moving import move_loan
from equipment.return_curve import ReturnCurve
from equipment.states import LoanState

SURE = 0.8
"""The share of units that are back by the day that is reckoned with."""
_BACK = frozenset({LoanState.RETURNED, LoanState.UNRESOLVED})
_MOMENT = timedelta(microseconds=1)


def promote(*, pool: Pool, at: datetime, by: Actor) -> list[Loan]:
    """Hold what is free for those who wait, in order, and answer their loans.

    Each has `pool.claim_days` to claim it. The caller holds the pool's lock and is inside a transaction.
    """
    if not Loan.objects.queue().filter(pool=pool).exists():
        return []
    claim_until = pool.opening().after(at, days=pool.claim_days)
    window = Window(at, pool.blocked_by_hold(claim_until))
    book = availability.books([pool], at=at)[pool.pk]
    promoted = list(_next_in_line(pool, book, window))
    for loan in promoted:
        move_loan(
            loan,
            LoanState.HELD,
            starts_at=at,
            hold_expires_at=claim_until,
            blocked_until=window.end,
            reason="",
        )
        hold_until = pool.opening().last_day(claim_until)
        trail.record("loan.promoted", about=loan, by=by, at=at, concerns=loan.parties(), pool=pool.reference, hold_until=hold_until)
    return promoted


def _next_in_line(pool: Pool, book: Book, window: Window) -> Iterator[Loan]:
    free = book.look(window).free
    promised: Counter[str] = Counter()
    for loan in Loan.objects.queue().filter(pool=pool).select_related("borrower"):
        if free < 1:
            return
        limit = loan.account_limit
        if limit is not None and book.taken_by(loan.account) + promised[loan.account] >= limit:
            continue
        free -= 1
        promised[loan.account] += 1
        yield loan


def place_of(loan: Loan) -> int:
    """Place in the queue of its pool, from 1; 0 for a loan that does not wait."""
    if loan.state != LoanState.WAITLISTED:
        return 0
    waiting = Loan.objects.queue().filter(pool=loan.pool_id).values_list("pk", flat=True)
    return next((place for place, pk in enumerate(waiting, start=1) if pk == loan.pk), 0)


def expected_on(loan: Loan, *, at: datetime) -> date | None:
    """The day, at the pool's place, by which a unit should be free for this waiting loan, or None when nobody can say.

    Reckoned as if everyone before took all the time they have, and came back as late as four of five did so far (the pool's own
    return curve). What is overdue is not reckoned with at all.
    """
    place = place_of(loan)
    days = turns(loan.pool, place, at=at) if place else []
    return days[place - 1] if place and len(days) == place else None


def turns(pool: Pool, places: int, *, at: datetime) -> list[date]:
    """The days by which it is the turn of the first `places` in the queue; fewer when nobody can say for the later ones."""
    curve = lateness.curves([pool.pk], at=at)[pool.pk]
    return foreseen(pool, availability.books([pool], at=at)[pool.pk], curve, places, at=at)


def foreseen(
    pool: Pool, book: Book, curve: ReturnCurve, places: int, *, at: datetime, first: Sequence[datetime] = ()
) -> list[date]:
    """As `turns`, from what was read already. Every unit goes to the next in line when it is free at the latest.

    `first` are the ends of what is blocked before it is anybody's turn, such as a hold that is about to be made.
    """
    coming = _Coming(pool, curve.days_late(SURE))
    ends = sorted(coming.end_of(taking) for taking in book.takings if taking.block.end is not None)
    slots = max(book.units - book.reserve, 0)
    # More may be promised than there is; the ends that only bring the pool back to its capacity free nothing.
    free_from = ends[max(len(book.takings) - slots, 0) :] + [at] * max(slots - len(book.takings), 0)
    heapq.heapify(free_from)
    for end in first if free_from else ():
        heapq.heapreplace(free_from, coming.later(end))
    days = []
    for _ in range(places if free_from else 0):
        days.append(pool.opening().day(free_from[0]))
        heapq.heapreplace(free_from, coming.after_a_loan(free_from[0]))
    return days


@dataclass(frozen=True)
class _Coming:
    """When units of a pool can be lent again, where they come back `late` days after their due date."""

    pool: Pool
    late: int

    def end_of(self, taking: Taking) -> datetime:
        """When the unit of a loan can: one that is back already is not late any more."""
        assert taking.block.end is not None
        return taking.block.end if taking.state in _BACK else self.later(taking.block.end)

    def after_a_loan(self, since: datetime) -> datetime:
        """When a unit can that is free from `since` and goes to the next in line, who takes all the time they have."""
        claim_until = self.pool.opening().after(since, days=self.pool.claim_days)
        return self.later(self.pool.blocked_by_hold(claim_until))

    def later(self, end: datetime) -> datetime:
        """An end, as late as loans of this pool come back."""
        return self.pool.opening().after(end - _MOMENT, days=self.late) if self.late else end


def set_limit(*, pool: Pool, account: str, limit: int | None, at: datetime, by: Actor) -> list[Loan]:
    """Let those who wait under `account` have `limit` units of this pool at a time (None: no limit), and move the queue on.

    For a floor above that changes a quota; it has asked for the permission. Answers the loans that were promoted.
    """
    with transaction.atomic():
        (pool,) = lock_pools([pool.pk])
        waiting = Loan.objects.queue().filter(pool=pool, account=account)
        # exclude() would leave out rows without a limit: in SQL nothing differs from NULL.
        changing = [loan.pk for loan in waiting if loan.account_limit != limit]
        if not changing:
            return []
        Loan.objects.filter(pk__in=changing).update(account_limit=limit)
        allowed = "any number of" if limit is None else limit
        trail.record("pool.limit_changed", about=pool, by=by, at=at, concerns=[account], account=account, limit=allowed)
        return promote(pool=pool, at=at, by=by)
