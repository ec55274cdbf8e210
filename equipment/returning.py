"""From the return to the end: check in, inspect, close; and what goes wrong: faults, losses, mistakes.

A returned unit goes to inspection, not to the shelf. What is merely stated as a fact (it is back, it is lost, the check-in
was a mistake) is never refused for want of capacity: the pool then shows how many promises are too many.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from audit import trail
from audit.actors import Actor
from audit.models import Entry
from equipment import accessories as along
from equipment import conditions, queueing
from equipment.conditions import Seen
from equipment.locking import lock_loan
from equipment.models import ConditionPhoto, Loan, Pool, Unit
from equipment.moving import demand_state, move_loan, move_unit
from equipment.photos import Photo, keep
from equipment.refusals import LoanRefused
from equipment.states import PRESENT, Grade, LoanState, Missing, Service

Moment = ConditionPhoto.Moment

FAULTY = frozenset({Service.QUARANTINE, Service.REPAIR, Service.RETIRED})
"""Where a unit goes that is not fine."""


def check_in(
    *,
    loan: Loan,
    grade: Grade | str,
    at: datetime,
    by: Actor,
    accessories: Sequence[str] = (),
    note: str = "",
    photos: Sequence[Photo] = (),
) -> None:
    """The unit is back and waits for inspection; its condition is recorded.

    What went along and is not among `accessories` stays open as missing. Harmless when it was checked in already. Refuses
    with `wrong_state`.
    """
    by.require("equipment.check_in_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.RETURNED:
            return
        demand_state(loan, LoanState.ON_LOAN)
        move_loan(loan, LoanState.RETURNED, returned_at=at, blocked_until=_blocked_by_return(loan, pool, at))
        taken = conditions.write(loan=loan, direction="in", seen=Seen(grade, accessories, note, photos), at=at, by=by)
        absent = [name for name in conditions.accessories_out(loan) if name not in accessories]
        missing = ", ".join(along.write_missing(loan=loan, names=absent, at=at))
        trail.record(
            "loan.checked_in", about=loan, by=by, at=at, reason=f"Missing: {missing}." if missing else "", concerns=loan.parties(),
            unit=_unit(loan).serial, grade=str(grade), photos=taken,
        )  # fmt: skip


def undo_check_in(*, loan: Loan, reason: str, at: datetime, by: Actor) -> None:
    """The check-in was a mistake: the unit is still out, with the due date it had. The report of the mistake is kept.

    Harmless when the loan is out again already. Refuses with `wrong_state`, `reason_missing`, and with `unit_out_of_service` when the
    unit came back because it was lost and found: it is in quarantine, and nothing that is out may be.
    """
    by.require("equipment.check_in_loan")
    demand_reason(reason)
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.ON_LOAN:
            return
        demand_state(loan, LoanState.RETURNED)
        if _unit(loan).service != Service.IN_SERVICE:
            raise LoanRefused(
                "unit_out_of_service", "This unit was lost and is found again: there is no check-in to undo. Record its inspection."
            )
        assert loan.due_at is not None
        move_loan(loan, LoanState.ON_LOAN, returned_at=None, blocked_until=pool.free_again(loan.due_at))
        along.end_all(loan=loan, state=Missing.MISTAKEN, at=at)
        due_on = pool.opening().last_day(loan.due_at)
        trail.record(
            "loan.check_in_undone",
            about=loan,
            by=by,
            at=at,
            reason=reason,
            concerns=loan.parties(),
            unit=_unit(loan).serial,
            due_on=due_on,
        )


def close(*, loan: Loan, at: datetime, by: Actor, note: str = "", photos: Sequence[Photo] = ()) -> None:
    """Inspection passed: the unit is in service again and goes to the next in the queue, in the same transaction.

    Harmless when it is closed already. Refuses with `wrong_state` (an unresolved loan is settled instead), and with
    `accessories_missing` until what is missing came back or is settled.
    """
    by.require("equipment.inspect_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.CLOSED:
            return
        demand_state(loan, LoanState.RETURNED)
        along.demand_complete(loan)
        unit = _unit(loan)
        move_loan(loan, LoanState.CLOSED, ended_at=at)
        move_unit(unit, Service.IN_SERVICE, at=at)
        parties, taken = loan.parties(), keep(loan=loan, moment=Moment.INSPECT, photos=photos, at=at, by=by)
        trail.record("loan.closed", about=loan, by=by, at=at, reason=note, concerns=parties, unit=unit.serial, photos=taken)
        queueing.promote(pool=pool, at=at, by=by)


def find_fault(*, loan: Loan, service: Service | str, reason: str, at: datetime, by: Actor, photos: Sequence[Photo] = ()) -> None:
    """Inspection failed: the unit leaves service (`quarantine`, `repair` or `retired`) until someone settles the loan.

    Harmless when a fault was found already. Refuses with `wrong_state`, `reason_missing`, `service_impossible`.
    """
    by.require("equipment.inspect_loan")
    demand_reason(reason)
    if service not in FAULTY:
        raise LoanRefused("service_impossible", "A unit that is not fine goes to quarantine, to repair, or is retired. Choose one.")
    with transaction.atomic():
        lock_loan(loan)
        if loan.state == LoanState.UNRESOLVED:
            return
        demand_state(loan, LoanState.RETURNED)
        unit = _unit(loan)
        move_loan(loan, LoanState.UNRESOLVED, reason=reason, fault_found_at=at)
        move_unit(unit, Service(service), at=at)
        taken = keep(loan=loan, moment=Moment.INSPECT, photos=photos, at=at, by=by)
        trail.record(
            "loan.fault_found", about=loan, by=by, at=at, reason=reason, concerns=loan.parties(), unit=unit.serial,
            service=Service(service).label.lower(), photos=taken,
        )  # fmt: skip


def settle(*, loan: Loan, outcome: str, at: datetime, by: Actor) -> None:
    """Close an unresolved loan with its `outcome` in words; what is missing is settled with it.

    The unit stays out of service until `servicing` says otherwise.

    Harmless when it is closed already. Refuses with `wrong_state`, `reason_missing`.
    """
    by.require("equipment.settle_loan")
    demand_reason(outcome)
    with transaction.atomic():
        lock_loan(loan)
        if loan.state == LoanState.CLOSED:
            return
        demand_state(loan, LoanState.UNRESOLVED)
        unit = _unit(loan)
        move_loan(loan, LoanState.CLOSED, ended_at=at, reason=outcome)
        along.end_all(loan=loan, state=Missing.SETTLED, at=at, outcome=outcome)
        service = unit.get_service_display().lower()
        trail.record(
            "loan.settled",
            about=loan,
            by=by,
            at=at,
            reason=outcome,
            concerns=loan.parties(),
            unit=unit.serial,
            service=service,
        )


def report_lost(*, loan: Loan, reason: str, at: datetime, by: Actor) -> None:
    """The unit will not come back, as far as anyone knows: it is missing and leaves the capacity.

    Harmless when it is lost already. Refuses with `wrong_state`, `reason_missing`.
    """
    by.require("equipment.settle_loan")
    demand_reason(reason)
    with transaction.atomic():
        lock_loan(loan)
        if loan.state == LoanState.LOST:
            return
        demand_state(loan, LoanState.ON_LOAN)
        unit = _unit(loan)
        move_loan(loan, LoanState.LOST, ended_at=at, reason=reason)
        move_unit(unit, Service.MISSING, at=at)
        trail.record("loan.lost", about=loan, by=by, at=at, reason=reason, concerns=loan.parties(), unit=unit.serial)


def report_found(*, loan: Loan, at: datetime, by: Actor, reason: str = "") -> None:
    """A lost unit is back: it is kept in quarantine and waits for inspection like any return.

    Harmless when it was reported before. Refuses with `wrong_state`, also when the unit was retired meanwhile.
    """
    by.require("equipment.settle_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.RETURNED:
            return
        demand_state(loan, LoanState.LOST)
        unit = _unit(loan)
        blocked_until = _blocked_by_return(loan, pool, at)
        move_unit(unit, Service.QUARANTINE, at=at)
        move_loan(loan, LoanState.RETURNED, returned_at=at, ended_at=None, blocked_until=blocked_until)
        trail.record("loan.found", about=loan, by=by, at=at, reason=reason, concerns=loan.parties(), unit=unit.serial)


def report_problem(*, loan: Loan, reason: str, at: datetime, by: Actor) -> None:
    """Note on the trail that something is not right with a picked or lent unit; nothing moves.

    Harmless when the same was noted last. Refuses with `wrong_state` when the loan has no unit now, `reason_missing`.
    """
    by.require("equipment.check_in_loan")
    demand_reason(reason)
    with transaction.atomic():
        lock_loan(loan)
        if loan.state not in PRESENT:
            raise LoanRefused("wrong_state", "No unit belongs to this loan now. Report the problem on the page of the unit.")
        last = Entry.objects.filter(subject_type=loan.subject_type, subject_reference=loan.reference).order_by("-n").first()
        if last and last.event == "loan.problem_reported" and last.sentence.endswith(reason):
            return
        trail.record(
            "loan.problem_reported", about=loan, by=by, at=at, reason=reason, concerns=loan.parties(), unit=_unit(loan).serial
        )


def demand_reason(reason: str) -> None:
    """Refuse with `reason_missing` when nothing is written."""
    if not reason.strip():
        raise LoanRefused("reason_missing", "Say why in a few words; it is kept with the loan.")


def _blocked_by_return(loan: Loan, pool: Pool, at: datetime) -> datetime:
    # A unit handed over and back within the same instant still blocks a real interval.
    starts_at = loan.starts_at or at
    return max(pool.free_again(at), starts_at + timedelta(microseconds=1))


def _unit(loan: Loan) -> Unit:
    assert loan.unit is not None, "a constraint gives every loan that was handed over a unit"
    return loan.unit
