"""Another unit for the same loan: before the hand-over, and while the borrower has one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from equipment import availability, conditions
from equipment.availability import Window
from equipment.conditions import Seen
from equipment.lending import demand_pickable
from equipment.locking import lock_loan
from equipment.models import Exchange, Loan, Pool, Unit
from equipment.moving import demand_state, move_loan, move_unit
from equipment.refusals import LoanRefused
from equipment.returning import FAULTY, demand_reason
from equipment.states import LoanState, Service


def pick_another(
    *, loan: Loan, unit: Unit, reason: str, at: datetime, by: Actor, service: Service | str = Service.IN_SERVICE
) -> None:
    """Put the picked unit back and pick `unit` instead; `service` says what becomes of the one put back.

    Harmless when `unit` is the picked one. Refuses with `wrong_state`, `reason_missing`, `unit_elsewhere`,
    `unit_out_of_service`, `unit_is_taken`, `service_impossible`.
    """
    by.require("equipment.prepare_loan")
    demand_reason(reason)
    _demand_possible(service, {Service.IN_SERVICE, *FAULTY})
    if service != Service.IN_SERVICE:
        by.require("equipment.change_service")
    with transaction.atomic():
        pool = lock_loan(loan)
        before = loan.unit
        unit.refresh_from_db()
        if loan.state == LoanState.READY and before == unit:
            return
        demand_state(loan, LoanState.READY)
        assert before is not None, "a constraint gives every loan that is ready a unit"
        demand_pickable(unit, pool)
        _name(loan, unit, state=LoanState.READY, ready_at=at)
        move_unit(before, Service(service), at=at)
        trail.record(
            "loan.unit_swapped", about=loan, by=by, at=at, reason=reason, concerns=[*loan.parties(), before.serial],
            unit=before.serial, service=Service(service).label.lower(), given=unit.serial,
        )  # fmt: skip


@dataclass(frozen=True)
class Swap:
    """One unit for another: which, what becomes of the one brought, why, and how both look."""

    unit: Unit
    service: Service | str
    reason: str
    brought: Seen
    given: Seen


def exchange(*, loan: Loan, swap: Swap, at: datetime, by: Actor) -> None:
    """The borrower brings the unit they have and goes on with another one until the same day; accessories stay with them.

    What was brought leaves service until somebody has looked at it. Harmless when the borrower has that unit already. Refuses
    with `wrong_state`, `reason_missing`, `service_impossible`, `unit_elsewhere`, `unit_out_of_service`, `unit_is_taken`,
    `overdue` (extend it first), and `no_capacity` when every other unit is promised until then.
    """
    by.require("equipment.check_in_loan")
    by.require("equipment.check_out_loan")
    demand_reason(swap.reason)
    _demand_possible(swap.service, FAULTY)
    with transaction.atomic():
        pool = lock_loan(loan)
        before = loan.unit
        swap.unit.refresh_from_db()
        if loan.state == LoanState.ON_LOAN and before == swap.unit:
            return
        demand_state(loan, LoanState.ON_LOAN)
        assert before is not None, "a constraint gives every loan that is out a unit"
        demand_pickable(swap.unit, pool)
        _demand_room(loan, pool, at=at)
        _carry_out(loan, before, swap, at=at, by=by)
        trail.record(
            "loan.unit_exchanged", about=loan, by=by, at=at, reason=swap.reason, concerns=[*loan.parties(), before.serial],
            unit=before.serial, service=Service(swap.service).label.lower(), given=swap.unit.serial, grade=str(swap.given.grade),
        )  # fmt: skip


def _carry_out(loan: Loan, before: Unit, swap: Swap, *, at: datetime, by: Actor) -> None:
    along = Seen(swap.given.grade, conditions.accessories_out(loan), swap.given.note, swap.given.photos)
    conditions.write(loan=loan, direction="in", seen=swap.brought, at=at, by=by)
    _name(loan, swap.unit, state=LoanState.ON_LOAN)
    move_unit(before, Service(swap.service), at=at)
    conditions.write(loan=loan, direction="out", seen=along, at=at, by=by)
    Exchange.objects.create(loan=loan, came_back=before, went_out=swap.unit, reason=swap.reason, by=by.name, at=at)


def _name(loan: Loan, unit: Unit, *, state: LoanState, **changes: datetime) -> None:
    try:
        with transaction.atomic():
            move_loan(loan, state, unit=unit, **changes)
    except IntegrityError as error:
        raise LoanRefused("unit_is_taken", f"Unit {unit.serial} belongs to another open loan. Pick another one.") from error


def _demand_room(loan: Loan, pool: Pool, *, at: datetime) -> None:
    """Whether the pool keeps its promises with one unit less; the unit brought is lost to it for a while."""
    if loan.is_overdue(at):
        raise LoanRefused("overdue", "This loan is overdue. Extend it first, or take the unit back.")
    assert loan.blocked_until is not None, "a constraint gives every loan that takes capacity an interval"
    window = Window(at, max(loan.blocked_until, pool.free_again(at)))
    seen = availability.over({pool.pk: window}, pools=[pool], at=at, without=loan)[pool.pk]
    # One is free for this loan as it is; another one is needed for the unit that leaves service.
    if seen.free < 2:
        raise LoanRefused("no_capacity", f"Every other unit is promised. Take the unit back and note the fault. {seen.reason}")


def _demand_possible(service: Service | str, allowed: frozenset[Service] | set[Service]) -> None:
    if service not in allowed:
        raise LoanRefused(
            "service_impossible", "A unit that is put aside goes to quarantine, to repair, or is retired. Choose one."
        )
