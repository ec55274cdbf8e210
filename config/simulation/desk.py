"""The desk of a simulated year: hand out, take back, inspect, mend. It does what a real one does, by the same verbs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from audit.actors import SYSTEM
from config.simulation.calendar import Calendar
from config.simulation.fate import Fate
from customers import agreeing
from equipment import availability, lending, returning, servicing, stocking
from equipment.models import Loan, Unit
from equipment.receipts import IN_PERSON
from equipment.states import Grade, Service

_INSPECTED_AFTER = timedelta(hours=20)
_TRY_AGAIN = timedelta(days=1)


def hand_over(calendar: Calendar, loan: Loan, fate: Fate, at: datetime, told: Callable[[datetime], None]) -> None:
    """The friend stands at the desk: they get a unit, or come again tomorrow when none is on the shelf."""
    loan = Loan.objects.select_related("pool__model", "borrower", "terms").get(pk=loan.pk)
    shelf = availability.units_to_pick(loan, at=at)
    if not shelf:
        calendar.later(at + _TRY_AGAIN, lambda again: hand_over(calendar, loan, fate, again, told))
        return
    lending.prepare(loan=loan, unit=shelf[0], at=at, by=SYSTEM)
    version = loan.terms.current() if loan.terms else None
    assert version is not None, "the campaign has published loan terms"
    accepted = agreeing.accept(
        customer=loan.borrower,
        version=version,
        about=loan.reference,
        typed_name=loan.borrower.name,
        how=IN_PERSON,
        at=at,
        by=SYSTEM,
    )
    lending.check_out(loan=loan, acceptance=accepted, checklist_done=[], grade=Grade.GOOD, at=at, by=SYSTEM)
    told(at)
    assert loan.due_at is not None
    back_at = max(loan.due_at + fate.late, at + timedelta(hours=12))
    calendar.later(back_at, lambda then: _bring_back(calendar, loan, fate, then))


def _bring_back(calendar: Calendar, loan: Loan, fate: Fate, at: datetime) -> None:
    if fate.ends == "lost":
        returning.report_lost(loan=loan, reason="It was left on a train.", at=at, by=SYSTEM)
        serial = f"NEW-{fate.number:05}"
        calendar.later(at + fate.away, lambda then: _buy(loan, serial, then))
        return
    returning.check_in(loan=loan, grade=Grade.GOOD if fate.ends == "fine" else Grade.DAMAGED, at=at, by=SYSTEM)
    calendar.later(at + _INSPECTED_AFTER, lambda then: _inspect(calendar, loan, fate, then))


def _inspect(calendar: Calendar, loan: Loan, fate: Fate, at: datetime) -> None:
    if fate.ends == "fine":
        returning.close(loan=loan, at=at, by=SYSTEM)
        return
    returning.find_fault(loan=loan, service=Service.REPAIR, reason="A part is damaged.", at=at, by=SYSTEM)
    calendar.later(at + fate.away, lambda then: _mend(loan, then))


def _mend(loan: Loan, at: datetime) -> None:
    returning.settle(loan=loan, outcome="Repaired in our workshop.", at=at, by=SYSTEM)
    assert loan.unit_id is not None
    unit = Unit.objects.get(pk=loan.unit_id)
    servicing.change_service(unit=unit, service=Service.IN_SERVICE, reason="Repaired.", at=at, by=SYSTEM)


def _buy(loan: Loan, serial: str, at: datetime) -> None:
    stocking.add_unit(pool=loan.pool, serial=serial, at=at, by=SYSTEM)
