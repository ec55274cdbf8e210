"""Ways a loan ends before any unit is handed over. Each frees its capacity and moves the queue on, in one transaction."""

from datetime import datetime

from django.db import transaction

from audit import actors, trail
from audit.actors import Actor
from equipment import queueing
from equipment.locking import lock_loan
from equipment.models import Loan
from equipment.moving import demand_state, move_loan
from equipment.refusals import LoanRefused
from equipment.returning import demand_reason
from equipment.states import LoanState


def cancel(*, loan: Loan, reason: str, at: datetime, by: Actor) -> None:
    """Staff or the borrower call it off; the reason is kept.

    Harmless when it is cancelled already. Refuses with `wrong_state` (once handed over it has to come back instead),
    `reason_missing`.
    """
    _demand_borrower_or_staff(loan, by)
    demand_reason(reason)
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.CANCELLED:
            return
        parties, was = loan.parties(), LoanState(loan.state).label.lower()
        move_loan(loan, LoanState.CANCELLED, ended_at=at, reason=reason, unit=None)
        trail.record("loan.cancelled", about=loan, by=by, at=at, reason=reason, concerns=parties, was=was)
        queueing.promote(pool=pool, at=at, by=by)


def decline(*, loan: Loan, reason: str, at: datetime, by: Actor) -> None:
    """The borrower does not want it after all, or does not accept the terms.

    Harmless when it is declined already. Refuses with `wrong_state`, `reason_missing`.
    """
    _demand_borrower_or_staff(loan, by)
    demand_reason(reason)
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.DECLINED:
            return
        parties, was = loan.parties(), LoanState(loan.state).label.lower()
        move_loan(loan, LoanState.DECLINED, ended_at=at, reason=reason, unit=None)
        trail.record("loan.declined", about=loan, by=by, at=at, reason=reason, concerns=parties, was=was)
        queueing.promote(pool=pool, at=at, by=by)


def mark_no_show(*, loan: Loan, at: datetime, by: Actor) -> None:
    """A custodian confirms that a unit that stood ready was not collected in time (see `LoanQuerySet.uncollected`).

    Harmless when it is marked already. Refuses with `wrong_state`, `still_time`.
    """
    by.require("equipment.cancel_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.NO_SHOW:
            return
        demand_state(loan, LoanState.READY)
        assert loan.collect_by is not None and loan.unit is not None
        last_day = pool.opening().last_day(loan.collect_by)
        if at < loan.collect_by:
            raise LoanRefused("still_time", f"The borrower can collect it until {last_day}. Cancel the loan if it has to end now.")
        parties, serial = loan.parties(), loan.unit.serial
        move_loan(loan, LoanState.NO_SHOW, ended_at=at, unit=None)
        trail.record("loan.not_collected", about=loan, by=by, at=at, concerns=parties, unit=serial, collect_by=last_day)
        queueing.promote(pool=pool, at=at, by=by)


def expire(*, loan: Loan, at: datetime, by: Actor) -> None:
    """The time of a hold is over and nothing has unlocked it.

    Harmless when it expired already. Refuses with `wrong_state`, `hold_still_runs`.
    """
    by.require("equipment.cancel_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.EXPIRED:
            return
        demand_state(loan, LoanState.HELD)
        assert loan.hold_expires_at is not None
        last_day = pool.opening().last_day(loan.hold_expires_at)
        if at < loan.hold_expires_at:
            raise LoanRefused("hold_still_runs", f"This hold runs until {last_day}. Cancel the loan if it has to end now.")
        move_loan(loan, LoanState.EXPIRED, ended_at=at)
        trail.record("loan.expired", about=loan, by=by, at=at, concerns=loan.parties(), hold_until=last_day)
        queueing.promote(pool=pool, at=at, by=by)


def _demand_borrower_or_staff(loan: Loan, by: Actor) -> None:
    if by != actors.customer(loan.borrower.reference):
        by.require("equipment.cancel_loan")
