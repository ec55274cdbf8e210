"""The queue of a pool: who is next, when that may be, and moving it on. One queue per pool, first come, first served.

A person who waits only because their account has its limit is passed over, not waited for.
"""

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from equipment import availability
from equipment.availability import Book, Window
from equipment.locking import lock_pools
from equipment.models import Loan, Pool
from equipment.moving import move_loan
from equipment.states import LoanState


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

    Reckoned as if everyone before took all the time they have: every unit is handed to the next in line when it is free
    at the latest, and comes back after a whole claim, pick-up, loan and turnaround.
    """
    place = place_of(loan)
    pool = loan.pool
    book = availability.books([pool], at=at)[pool.pk]
    ends = sorted(taking.block.end for taking in book.takings if taking.block.end is not None)
    slots = max(book.units - book.reserve, 0)
    # More may be promised than there is; the ends that only bring the pool back to its capacity free nothing.
    free_from = ends[max(len(book.takings) - slots, 0) :] + [at] * max(slots - len(book.takings), 0)
    heapq.heapify(free_from)
    for _ in range(place - 1):
        if not free_from:
            return None
        claim_until = pool.opening().after(free_from[0], days=pool.claim_days)
        heapq.heapreplace(free_from, pool.blocked_by_hold(claim_until))
    return pool.opening().day(free_from[0]) if place and free_from else None


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
