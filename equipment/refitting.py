"""Fitting the open loans of a pool to its days, when these have changed: closures, open days, the length of a loan, turnaround.

What is blocked follows from a loan's state and the pool; a day that fell on a closed one moves to the next open one. That is
a fact and never refused: a pool that promised too much then shows how much.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from audit import trail
from audit.actors import Actor
from equipment import queueing
from equipment.locking import lock_pools
from equipment.models import Closure, Loan, Pool
from equipment.states import LoanState
from equipment.turnaround import Measured, measure

_MOMENT = timedelta(microseconds=1)


def refit(*, pool: Pool, at: datetime, by: Actor) -> int:
    """Copy the closures of the place, measure the turnaround where that is wanted, fit every open loan, move the queue on.

    Answers how many loans changed. Harmless when everything fits. What should have ended and has not is left alone: it blocks without end. Days only become
    later, never earlier: what a borrower was told stays good.
    """
    with transaction.atomic():
        (pool,) = lock_pools([pool.pk])
        copy_closures(pool)
        if pool.measures_turnaround:
            _take_measure(pool, at)
        changed, later = 0, []
        for loan in _to_fit(at).filter(pool=pool).order_by("id"):
            loan.pool = pool
            changes = _changes(loan, pool, at)
            if changes and Loan.objects.filter(pk=loan.pk, state=loan.state).update(**changes):
                changed += 1
                later += [loan.reference] if changes.keys() & {"due_at", "collect_by"} else []
        if changed:
            trail.record(
                "pool.refitted", about=pool, by=by, at=at, concerns=later, pool=pool.reference, loans=changed, later=len(later)
            )
        queueing.promote(pool=pool, at=at, by=by)
    return changed


def unfit(*, at: datetime) -> list[Pool]:
    """Pools with something to fit at `at`, seen without a lock in a few queries; `refit` looks again under the lock."""
    closures: dict[str, list[Closure]] = {}
    for row in Closure.objects.filter(withdrawn_at=None):
        closures.setdefault(row.place, []).append(row)
    loans: dict[int, list[Loan]] = {}
    for loan in _to_fit(at):
        loans.setdefault(loan.pool_id, []).append(loan)
    pools = Pool.objects.select_related("model").order_by("pk")
    return [pool for pool in pools if _is_unfit(pool, closures.get(pool.place, []), loans.get(pool.pk, []), at)]


def _is_unfit(pool: Pool, closures: list[Closure], loans: list[Loan], at: datetime) -> bool:
    if pool.closed_days != _days_of(closures) or _is_measured_anew(pool, at):
        return True
    for loan in loans:
        loan.pool = pool
    return any(_changes(loan, pool, at) for loan in loans)


def _to_fit(at: datetime) -> QuerySet[Loan]:
    return Loan.objects.blocking().filter(blocked_until__gt=at)


def closures_of(place: str) -> list[Closure]:
    """Closures of a place that were not withdrawn, the first one first."""
    return list(Closure.objects.filter(place=place, withdrawn_at=None))


def copy_closures(pool: Pool) -> None:
    """Write the closures of its place on a pool, so that a list of loans asks for them nothing more. The pool is locked or new."""
    days = _days_of(closures_of(pool.place))
    if pool.closed_days != days:
        pool.closed_days = days
        pool.save(update_fields=["closed_days"])


def _days_of(closures: Iterable[Closure]) -> list[list[str]]:
    return [[row.first_on.isoformat(), row.last_on.isoformat()] for row in closures]


def _take_measure(pool: Pool, at: datetime) -> None:
    found = measure(pool, at=at)
    pool.measured_days, pool.measured_returns = found.days, found.returns
    pool.save(update_fields=["measured_days", "measured_returns"])


def _is_measured_anew(pool: Pool, at: datetime) -> bool:
    return pool.measures_turnaround and measure(pool, at=at) != Measured(pool.measured_returns, pool.measured_days)


def _changes(loan: Loan, pool: Pool, at: datetime) -> dict[str, Any]:
    """The columns of a loan that do not fit any more, with what they should say."""
    if loan.is_overdue(at):
        return {}
    return {name: value for name, value in _wanted(loan, pool).items() if value != getattr(loan, name)}


def _wanted(loan: Loan, pool: Pool) -> dict[str, Any]:
    state = LoanState(loan.state)
    if state == LoanState.HELD and loan.hold_expires_at:
        return {"blocked_until": pool.blocked_by_hold(loan.hold_expires_at)}
    if state in (LoanState.UNLOCKED, LoanState.READY) and loan.collect_by:
        collect_by = _on_an_open_day(loan.collect_by, pool)
        latest = pool.blocked_by_hand_over(collect_by - _MOMENT)
        late = pool.blocked_by_hand_over(loan.ready_at) if loan.ready_at else latest
        return {"collect_by": collect_by, "blocked_until": max(latest, late)}
    if state == LoanState.ON_LOAN and loan.due_at:
        due_at = _on_an_open_day(loan.due_at, pool)
        return {"due_at": due_at, "blocked_until": pool.free_again(due_at)}
    if state == LoanState.RETURNED and loan.returned_at and loan.starts_at:
        return {"blocked_until": max(pool.free_again(loan.returned_at), loan.starts_at + _MOMENT)}
    return {}


def _on_an_open_day(end: datetime, pool: Pool) -> datetime:
    """The end of the same day, or of the next open one; never earlier than it was."""
    opening = pool.opening()
    return max(end, opening.end_of_open_day(opening.last_day(end)))
