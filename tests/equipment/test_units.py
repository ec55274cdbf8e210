"""Adding units, and taking them out of service and back."""

import pytest

from audit.actors import SYSTEM
from customers import erasing
from customers.refusals import CustomerRefused
from equipment import servicing, stocking
from equipment.models import Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from equipment.states import Service
from tests.equipment import walk
from tests.make import AT, make_pool


def test_a_unit_is_added_once_per_serial(lone: Pool) -> None:
    first = stocking.add_unit(pool=lone, serial=" A-1 ", at=AT, by=SYSTEM, note="Blue case.")
    second = stocking.add_unit(pool=lone, serial="A-1", at=AT, by=SYSTEM, service=Service.REPAIR)
    assert first == second
    assert (second.service, second.note, lone.units.count()) == (Service.IN_SERVICE, "Blue case.", 2)
    assert walk.events("A-1") == ["unit.added"]


def test_a_serial_of_another_pool_is_refused_with_that_pool(lone: Pool) -> None:
    other = make_pool(units=0)
    stocking.add_unit(pool=other, serial="A-1", at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match=f"serial_elsewhere: .*{other.reference}"):
        stocking.add_unit(pool=lone, serial="A-1", at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match="serial_missing"):
        stocking.add_unit(pool=lone, serial="  ", at=AT, by=SYSTEM)


def test_a_unit_added_out_of_service_is_not_promised(db: None) -> None:
    pool = make_pool(units=0)
    waiting = walk.to(S.WAITLISTED, pool)
    unit = stocking.add_unit(pool=pool, serial="A-1", at=AT, by=SYSTEM, service="quarantine")
    waiting.refresh_from_db()
    assert waiting.state == S.WAITLISTED
    servicing.change_service(unit=unit, service="in_service", reason="Checked.", at=AT, by=SYSTEM)
    waiting.refresh_from_db()
    assert waiting.state == S.HELD


def test_changing_to_the_same_service_records_nothing(lone: Pool) -> None:
    unit = lone.units.get()
    for _ in range(2):
        servicing.change_service(unit=unit, service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    assert walk.events(unit.serial) == ["unit.service_changed"]
    assert unit.service_since == AT


def test_a_retired_unit_does_not_come_back(lone: Pool) -> None:
    unit = lone.units.get()
    servicing.change_service(unit=unit, service="retired", reason="Worn out.", at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match="wrong_state"):
        servicing.change_service(unit=unit, service="in_service", reason="A mistake.", at=AT, by=SYSTEM)


@pytest.mark.parametrize("state", [S.READY, S.ON_LOAN, S.RETURNED])
def test_a_loan_decides_about_its_unit_while_it_is_open(lone: Pool, state: S) -> None:
    loan = walk.to(state, lone)
    with pytest.raises(LoanRefused, match=f"unit_has_loan: .*{loan.reference}"):
        servicing.change_service(unit=loan.unit, service="repair", reason="A scratch.", at=AT, by=SYSTEM)


def test_a_faulty_unit_can_move_on_while_its_loan_is_not_settled(lone: Pool) -> None:
    loan = walk.to(S.UNRESOLVED, lone)
    servicing.change_service(unit=loan.unit, service="retired", reason="Beyond repair.", at=AT, by=SYSTEM)
    assert lone.units.get().service == Service.RETIRED


def test_a_unit_that_was_lent_before_can_go_to_repair(lone: Pool) -> None:
    walk.to(S.CLOSED, lone)
    servicing.change_service(unit=lone.units.get(), service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    assert Unit.objects.get().service == Service.REPAIR


@pytest.mark.parametrize("state", [S.HELD, S.ON_LOAN, S.LOST])
def test_a_customer_with_an_open_loan_is_not_erased(lone: Pool, state: S) -> None:
    loan = walk.to(state, lone)
    with pytest.raises(CustomerRefused, match=loan.reference):
        erasing.erase(customer=loan.borrower, reason="Asked for it.", at=AT, by=SYSTEM)


def test_a_customer_whose_loans_are_over_is_erased(lone: Pool) -> None:
    loan = walk.to(S.CLOSED, lone)
    erasing.erase(customer=loan.borrower, reason="Asked for it.", at=AT, by=SYSTEM)
    lost = walk.to(S.LOST, lone)
    servicing.change_service(unit=lost.unit, service="retired", reason="Written off.", at=AT, by=SYSTEM)
    erasing.erase(customer=lost.borrower, reason="Asked for it.", at=AT, by=SYSTEM)
    lost.borrower.refresh_from_db()
    assert lost.borrower.erased_at == AT
