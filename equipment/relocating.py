"""Serving a promise from another pool than the one it was made from: another place, or another model the borrower accepts.

The loan stays the same row with the same reference, terms and purpose; what changes is where it takes its unit from. It is looked at
under the locks of both pools: nothing is taken from one before the other has it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from equipment import availability, queueing
from equipment.availability import Window
from equipment.locking import lock_pools
from equipment.models import Loan, Pool
from equipment.moving import announce, move_loan
from equipment.refusals import LoanRefused
from equipment.returning import demand_reason
from equipment.states import LoanState

MOVABLE = frozenset({LoanState.WAITLISTED, LoanState.HELD, LoanState.UNLOCKED})
"""No unit is named yet."""
INSTEAD = "instead:"
"""How the purpose of a loan begins that only keeps a unit for somebody who may take it instead of the one they were promised."""


def move_to_pool(*, loan: Loan, pool: Pool, reason: str, at: datetime, by: Actor, limit: int | None = None) -> None:
    """Serve `loan` from `pool` from now on; somebody who waits gets a unit held there for its `claim_days`.

    `limit` says how many units of that pool the loan's account may have at a time. The queue of the pool it leaves moves on.
    Harmless when it is there already. Refuses with `wrong_state` (a unit is named, or it has ended), `hold_over`, `reason_missing`,
    `no_capacity`, `busy`.
    """
    by.require("equipment.cancel_loan")
    demand_reason(reason)
    with transaction.atomic():
        before, target = _lock(loan, pool)
        if loan.pool_id == target.pk:
            return
        changes = _in(target, loan, at)
        _demand_room(loan, target, Window(at, changes["blocked_until"]), limit, at)
        _put(loan, target, limit, changes)
        trail.record(
            "loan.moved_to_pool", about=loan, by=by, at=at, reason=reason, concerns=loan.parties(), before=before.reference,
            pool=target.reference,
        )  # fmt: skip
        queueing.promote(pool=before, at=at, by=SYSTEM)


def take_over(*, loan: Loan, kept: Loan, at: datetime, by: Actor) -> None:
    """Serve `loan` with the unit that `kept` holds for the same borrower, and end `kept`. Never without a unit in between.

    Harmless when it was done already. Refuses with `wrong_state`, `not_kept` (nothing is held there any more), `hold_over`, `busy`.
    """
    with transaction.atomic():
        before, target = _lock(loan, kept.pool)
        kept.refresh_from_db()
        if loan.pool_id == target.pk and kept.state == LoanState.CANCELLED:
            return
        if kept.state != LoanState.HELD or kept.borrower_id != loan.borrower_id or kept.pool_id != target.pk:
            raise LoanRefused("not_kept", f"The unit of {target} is not kept for this customer any more. Offer one anew.")
        changes = _in(target, loan, at)
        move_loan(kept, LoanState.CANCELLED, ended_at=at, reason=f"Taken instead, as loan {loan.reference}.")
        _put(loan, target, kept.account_limit, changes)
        trail.record(
            "loan.took_over", about=loan, by=by, at=at, concerns=[*loan.parties(), kept.reference], before=before.reference,
            pool=target.reference, kept=kept.reference,
        )  # fmt: skip
        queueing.promote(pool=before, at=at, by=SYSTEM)


def _lock(loan: Loan, pool: Pool) -> tuple[Pool, Pool]:
    """Both pools under their locks, and the loan read afresh: where it is, and where it shall go."""
    locked = {one.pk: one for one in lock_pools([loan.pool_id, pool.pk])}
    loan.refresh_from_db()
    if loan.pool_id not in locked:
        raise LoanRefused("changed_meanwhile", "Someone else moved this loan a moment ago. Reload the page and look again.")
    return locked[loan.pool_id], locked[pool.pk]


def _in(target: Pool, loan: Loan, at: datetime) -> dict[str, Any]:
    """What the loan becomes in the pool it goes to."""
    if loan.state not in MOVABLE:
        now = LoanState(loan.state).label.lower()
        raise LoanRefused("wrong_state", f"This loan is “{now}”; only one without a unit of its own can be served from elsewhere.")
    if loan.state == LoanState.UNLOCKED:
        collect_by = max(loan.collect_by or at, target.collect_by(at))
        return {"starts_at": at, "collect_by": collect_by, "blocked_until": target.blocked_by_unlock(at)}
    until = loan.hold_expires_at or target.opening().after(at, days=target.claim_days)
    if until <= at:
        raise LoanRefused("hold_over", "The time of this hold is over. It is promised anew when the reward is given.")
    return {"starts_at": at, "hold_expires_at": until, "blocked_until": target.blocked_by_hold(until), "reason": ""}


def _demand_room(loan: Loan, target: Pool, window: Window, limit: int | None, at: datetime) -> None:
    book = availability.books([target], at=at)[target.pk]
    seen = book.look(window)
    if seen.free < 1 or Loan.objects.queue().filter(pool=target).exists():
        raise LoanRefused("no_capacity", f"{target} has no unit to spare. {seen.reason}")
    if limit is not None and book.taken_by(loan.account) >= limit:
        raise LoanRefused("no_capacity", f"Only {limit} units of {target} may be promised for this at a time, and all of them are.")


def _put(loan: Loan, target: Pool, limit: int | None, changes: dict[str, Any]) -> None:
    """Write it: a conditional update whose row count says who was first."""
    changes |= {"pool": target, "account_limit": limit}
    if loan.state == LoanState.WAITLISTED:
        move_loan(loan, LoanState.HELD, **changes)
        return
    if not Loan.objects.filter(pk=loan.pk, state=loan.state, pool=loan.pool_id).update(**changes):
        raise LoanRefused("changed_meanwhile", "Someone else changed this loan a moment ago. Reload the page and look again.")
    for name, value in changes.items():
        setattr(loan, name, value)
    announce(loan)
