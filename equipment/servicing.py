"""Taking a unit out of service and putting it back."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from equipment import queueing
from equipment.locking import lock_pools
from equipment.models import Loan, Unit
from equipment.moving import move_unit
from equipment.refusals import LoanRefused
from equipment.returning import demand_reason
from equipment.states import LoanState, Service


def change_service(*, unit: Unit, service: Service | str, reason: str, at: datetime, by: Actor) -> None:
    """Give the unit another service status. Back in service, it goes to the next in the queue at once.

    Taking it away is never refused for want of capacity; the pool then shows how many promises are too many. Harmless when
    it has that status. Refuses with `wrong_state`, `reason_missing`, `unit_has_loan` while a loan decides about the unit.
    """
    by.require("equipment.change_service")
    demand_reason(reason)
    with transaction.atomic():
        (pool,) = lock_pools([unit.pool_id])
        unit.refresh_from_db()
        if unit.service == service:
            return
        _demand_no_loan_decides(unit, Service(service))
        before = unit.get_service_display().lower()
        move_unit(unit, Service(service), at=at)
        now = unit.get_service_display().lower()
        trail.record(
            "unit.service_changed",
            about=unit,
            by=by,
            at=at,
            reason=reason,
            concerns=[pool.reference],
            before=before,
            service=now,
        )
        queueing.promote(pool=pool, at=at, by=by)


def _demand_no_loan_decides(unit: Unit, service: Service) -> None:
    loan = Loan.objects.filter(unit=unit).exclude(state=LoanState.CLOSED).order_by("-id").first()
    if loan is None:
        return
    is_back_or_gone = loan.state in (LoanState.UNRESOLVED, LoanState.LOST)
    if is_back_or_gone and service != Service.IN_SERVICE:
        return
    label = LoanState(loan.state).label.lower()
    raise LoanRefused("unit_has_loan", f"Unit {unit.serial} belongs to loan {loan.reference} ({label}). Finish that loan first.")
