"""What went along and did not come back stays open under its name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.actors import SYSTEM
from audit.models import Entry
from equipment import accessories, returning
from equipment.models import Loan, MissingAccessory, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT

DAY = timedelta(days=1)
THINGS = ["Charger", "Strap", "Bag"]


def lent(pool: Pool) -> Loan:
    """A loan that is out with three things."""
    loan = walk.to(S.READY, pool)
    walk.check_out(loan, accessories=THINGS)
    return loan


def back(pool: Pool, *things: str) -> Loan:
    """A loan whose unit came back with these things only."""
    loan = lent(pool)
    returning.check_in(loan=loan, grade="good", accessories=things, at=AT + DAY, by=SYSTEM)
    return loan


def rows(loan: Loan) -> list[tuple[str, str]]:
    return list(loan.missing.values_list("name", "state"))


def test_a_unit_comes_back_without_its_charger_and_the_charger_stays_open(lone: Pool) -> None:
    loan = back(lone, "Strap", "Bag")
    assert loan.state == S.RETURNED
    assert rows(loan) == [("Charger", "missing")]
    entry = Entry.objects.get(event="loan.checked_in")
    assert entry.sentence.endswith("it waits for inspection. Missing: Charger.")


def test_what_came_back_whole_leaves_nothing_open(lone: Pool) -> None:
    loan = back(lone, *THINGS)
    assert rows(loan) == []
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    assert loan.state == S.CLOSED


def test_a_loan_is_not_closed_while_something_is_missing(lone: Pool) -> None:
    loan = back(lone, "Strap")
    with pytest.raises(LoanRefused, match="Still missing: Charger, Bag") as refused:
        returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    assert refused.value.code == "accessories_missing"
    accessories.bring_back(loan=loan, names=["Charger"], at=AT + 2 * DAY, by=SYSTEM)
    with pytest.raises(LoanRefused, match="Still missing: Bag"):
        returning.close(loan=loan, at=AT + 2 * DAY, by=SYSTEM)
    accessories.settle_missing(loan=loan, names=["Bag"], outcome="Replaced from stock.", at=AT + 3 * DAY, by=SYSTEM)
    returning.close(loan=loan, at=AT + 3 * DAY, by=SYSTEM)
    assert loan.state == S.CLOSED
    assert rows(loan) == [("Charger", "returned"), ("Bag", "settled")]
    assert walk.events(loan.reference)[-3:] == ["loan.accessories_returned", "loan.accessories_settled", "loan.closed"]


def test_what_came_back_or_was_settled_twice_is_recorded_once(lone: Pool) -> None:
    loan = back(lone, "Strap")
    for _ in range(2):
        accessories.bring_back(loan=loan, names=["Charger"], at=AT + DAY, by=SYSTEM)
        accessories.settle_missing(loan=loan, names=["Bag"], outcome="Paid.", at=AT + DAY, by=SYSTEM)
    assert walk.events(loan.reference).count("loan.accessories_returned") == 1
    assert walk.events(loan.reference).count("loan.accessories_settled") == 1


def test_settling_the_loan_settles_what_is_missing_with_it(lone: Pool) -> None:
    loan = back(lone)
    returning.find_fault(loan=loan, service="repair", reason="Cracked.", at=AT + DAY, by=SYSTEM)
    returning.settle(loan=loan, outcome="The borrower paid for all of it.", at=AT + 2 * DAY, by=SYSTEM)
    assert {(state, outcome) for state, outcome in loan.missing.values_list("state", "outcome")} == {
        ("settled", "The borrower paid for all of it.")
    }
    assert loan.fault_found_at == AT + DAY


def test_an_undone_check_in_takes_its_missing_things_with_it_and_the_next_one_asks_again(lone: Pool) -> None:
    loan = back(lone, "Strap")
    returning.undo_check_in(loan=loan, reason="It was the other camera.", at=AT + DAY, by=SYSTEM)
    assert {state for _, state in rows(loan)} == {"mistaken"}
    returning.check_in(loan=loan, grade="good", accessories=["Strap", "Bag"], at=AT + 2 * DAY, by=SYSTEM)
    assert accessories.still_missing(Loan.objects.get(pk=loan.pk)) == ["Charger"]


def test_whoever_inspects_can_find_that_something_is_missing_after_all(lone: Pool) -> None:
    loan = back(lone, *THINGS)
    for _ in range(2):
        accessories.note_missing(loan=loan, names=["Bag"], at=AT + DAY, by=SYSTEM)
    assert rows(loan) == [("Bag", "missing")]
    assert walk.events(loan.reference).count("loan.accessories_missing") == 1
    with pytest.raises(LoanRefused, match="not_along"):
        accessories.note_missing(loan=loan, names=["Tripod"], at=AT + DAY, by=SYSTEM)


def test_nothing_is_missing_from_a_unit_that_is_still_out(lone: Pool) -> None:
    loan = lent(lone)
    for call in (
        lambda: accessories.note_missing(loan=loan, names=["Bag"], at=AT, by=SYSTEM),
        lambda: accessories.bring_back(loan=loan, names=["Bag"], at=AT, by=SYSTEM),
        lambda: accessories.settle_missing(loan=loan, names=["Bag"], outcome="Paid.", at=AT, by=SYSTEM),
    ):
        with pytest.raises(LoanRefused, match="wrong_state"):
            call()


def test_words_and_names_are_asked_for(lone: Pool) -> None:
    loan = back(lone)
    with pytest.raises(LoanRefused, match="reason_missing"):
        accessories.settle_missing(loan=loan, names=["Bag"], outcome=" ", at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match="nothing_named"):
        accessories.bring_back(loan=loan, names=[], at=AT, by=SYSTEM)


def test_the_database_keeps_one_open_row_per_thing_and_asks_how_it_ended(lone: Pool) -> None:
    loan = back(lone, "Strap", "Bag")
    for values in (
        {"name": "Charger", "noted_at": AT},
        {"name": "", "noted_at": AT},
        {"name": "Cap", "noted_at": AT, "state": "settled", "ended_at": AT},
        {"name": "Cap", "noted_at": AT, "state": "returned"},
        {"name": "Cap", "noted_at": AT, "ended_at": AT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MissingAccessory.objects.create(loan=loan, **values)
