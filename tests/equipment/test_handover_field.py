# ruff: noqa: F401, F811 (fixtures are imported and used by name)
"""The first page of the handover desk: one field for every code, and what is to be done today."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from equipment import finding
from equipment.models import Loan
from tests.admin.conftest import At, clock, desk, signed_in_as
from tests.equipment.handover_steps import DESK, check_in, folder, lend, loan, loans, page, prepare, step, words
from tests.make import AT, make_customer, make_pool, make_unit


@pytest.mark.parametrize(
    "spelled",
    ["{reference}", "{printed}", "  {printed}  ", "{lower}", "{look_alikes}", "{spaced}", "LOAN {printed}", "http://x.org/admin/handover/{reference}/"],
)  # fmt: skip
def test_a_code_is_found_however_it_is_spelled(desk: Client, loan: Loan, spelled: str) -> None:
    Loan.objects.filter(pk=loan.pk).update(reference="loan_7K2M01Q34TWX8ZAB")
    loan.refresh_from_db()
    code = finding.printed(loan)
    spellings = {
        "reference": loan.reference, "printed": code, "lower": code.lower(), "spaced": code.replace("-", " "),
        "look_alikes": code.replace("0", "O").replace("1", "l"),
    }  # fmt: skip
    answer = desk.get(DESK, {"code": spelled.format(**spellings)})
    assert answer["Location"] == page(loan)


@pytest.mark.parametrize("spelled", ["AER-BER-001", "aer-ber-001", "aerber001", "AER BER OOI", " AER-BER-0O1 "])
def test_a_unit_leads_to_the_loan_it_is_in(desk: Client, loan: Loan, spelled: str) -> None:
    prepare(desk, loan)
    type(loan.unit).objects.filter(pk=loan.unit_id).update(serial="AER-BER-001")  # type: ignore[union-attr]
    assert desk.get(DESK, {"code": spelled})["Location"] == page(loan)


def test_a_unit_on_the_shelf_says_so_and_offers_who_waits_for_it(desk: Client, loan: Loan) -> None:
    unit = loan.pool.units.all()[0]
    answer = desk.get(DESK, {"code": unit.serial})
    assert answer.status_code == 200
    assert f"Unit {unit.serial} (Aero 7 camera, Berlin) is not out" in words(answer)
    assert page(loan) in answer.content.decode()
    prepare(desk, loan)
    type(unit).objects.filter(pk=unit.pk).update(service="repair")
    other = make_unit(loan.pool, service="repair")
    assert "is not in service: in repair" in words(desk.get(DESK, {"code": other.serial}))


def test_a_name_offers_the_open_loans_of_those_who_have_it(desk: Client, loans: list[Loan]) -> None:
    assert desk.get(DESK, {"code": "asha rao"})["Location"] == page(loans[0])
    answer = desk.get(DESK, {"code": "a"})
    assert answer.status_code == 404, "one letter is no name"
    text = desk.get(DESK, {"code": "pat"})
    assert text["Location"] == page(loans[2])


def test_what_is_not_known_is_said_with_what_codes_look_like(desk: Client, loan: Loan) -> None:
    answer = desk.get(DESK, {"code": "<b>NO-SUCH-1</b>"})
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "Nothing is known as “&lt;b&gt;NO-SUCH-1&lt;/b&gt;”." in text and "16 letters and digits" in text
    assert 'value="&lt;b&gt;NO-SUCH-1&lt;/b&gt;"' in text, "what was typed stays"
    assert desk.get(DESK, {"code": "x" * 5000}).status_code == 404
    assert desk.get(DESK, {"code": "-- --"}).status_code == 404


def test_a_unit_scanned_at_the_shelf_is_the_one_that_is_picked(desk: Client, loan: Loan) -> None:
    first, second = loan.pool.units.all()[:2]
    step(desk, loan, "prepare", scanned=f" {second.serial.lower()} ", unit=first.pk)
    assert loan.unit == second


def test_a_label_that_nothing_has_is_refused_and_stays_in_its_field(desk: Client, loan: Loan) -> None:
    answer = step(desk, loan, "prepare", scanned="NO-SUCH-1", unit=loan.pool.units.all()[0].pk)
    assert answer.status_code == 422 and "No unit has the serial number “NO-SUCH-1”" in words(answer)
    assert 'value="NO-SUCH-1"' in answer.content.decode()
    elsewhere = make_pool(units=1, place="Paris").units.get()
    answer = step(desk, loan, "prepare", scanned=elsewhere.serial)
    assert answer.status_code == 409 and "Pick a unit of that pool." in words(answer)
    assert loan.state == "unlocked"


def test_the_lists_hold_what_is_to_be_done_now(desk: Client, loans: list[Loan], clock: At) -> None:
    def counts() -> dict[str, int]:
        return {one["kind"].name: one["work"].count for one in desk.get(DESK).context["work"]}

    nothing = {"hand-over": 0, "due": 0, "overdue": 0, "prepare": 0, "inspect": 0, "asked": 0, "booked": 0}
    assert counts() == nothing | {"prepare": 3}
    prepare(desk, loans[0])
    lend(desk, loans[1])
    check_in(desk, lend(desk, loans[2]))
    assert counts() == nothing | {"hand-over": 1, "inspect": 1}
    due_at = loans[1].due_at
    assert due_at is not None
    clock(due_at - timedelta(hours=23))
    assert counts()["due"] == 1
    clock(due_at - timedelta(hours=25))
    assert counts()["due"] == 0, "that is tomorrow"
    clock(due_at + timedelta(hours=1))
    assert (counts()["due"], counts()["overdue"]) == (0, 1)


def test_a_day_is_a_day_of_the_place(desk: Client, clock: At, loans: list[Loan]) -> None:
    type(loans[0].pool).objects.update(time_zone="Pacific/Auckland")
    lend(desk, loans[0])
    assert loans[0].due_at is not None
    clock(loans[0].due_at - timedelta(hours=23, minutes=59))
    assert {one["kind"].name: one["work"].count for one in desk.get(DESK).context["work"]}["due"] == 1


def test_a_long_list_is_cut_and_shown_whole_behind_its_link(desk: Client, loan: Loan) -> None:
    for n in range(8):
        other = make_customer(f"Person {n}")
        Loan.objects.create(
            pool=loan.pool, borrower=other, purpose=f"p{n}", state="unlocked", created_at=AT, starts_at=AT, unlocked_at=AT, collect_by=AT,
            blocked_until=AT + timedelta(days=9), terms=loan.terms,
        )  # fmt: skip
    text = words(desk.get(DESK))
    assert "To prepare 11" in text and "Show all 11" in text
    assert words(desk.get(DESK, {"list": "prepare"})).count("Person ") == 8


def test_a_quiet_day_says_so(desk: Client, clock: At) -> None:
    assert "Nothing waits at the desk now." in words(desk.get(DESK))


def test_the_desk_asks_as_often_for_many_loans_as_for_few(
    desk: Client, loans: list[Loan], django_assert_max_num_queries: Any
) -> None:
    for each in loans:
        lend(desk, each)
    with django_assert_max_num_queries(24):
        desk.get(DESK)
    with django_assert_max_num_queries(34):
        desk.get(page(loans[0]))


def test_the_handover_desk_stands_first_in_the_bar_of_those_who_hand_over(desk: Client, clock: At) -> None:
    links = [link.item.name for link in desk.get(DESK).context["menu"].bar]
    assert "handover" in links[:2]
