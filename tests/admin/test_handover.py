"""The handover desk at its screens: from an unlocked loan to the next in the queue."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Acceptance
from equipment.models import Loan, Unit
from referrals.models import Code
from tests.admin.conftest import At
from tests.make import AT, make_campaign, make_customer, make_model, make_pool
from tests.stories import give, issue_to, sign_up, verify

CHECKLIST = ["Battery charged", "Strap attached"]


@pytest.fixture
def campaign(clock: At) -> Campaign:
    pool = make_pool(units=1, model=make_model(checklist=CHECKLIST))
    return make_campaign(pool=pool, both_sides=False)


@pytest.fixture
def loan(campaign: Campaign) -> Loan:
    """Asha's unlocked loan of the only unit."""
    return unlocked(issue_to(make_customer("Asha Rao"), campaign), "Ben Okoro")


def unlocked(code: Code, friend: str) -> Loan:
    referral = sign_up(code, friend)
    verify(referral)
    give(referral)
    return Loan.objects.get(promise__referral=referral)


def page(loan: Loan) -> str:
    return reverse("admin:equipment_loan_change", args=[loan.pk])


def make(client: Client, loan: Loan, move: str, **data: object) -> str:
    """Make a move and answer the text of the page that follows."""
    response = client.post(reverse("admin:equipment_loan_move", args=[loan.pk, move]), data, follow=True)
    loan.refresh_from_db()
    return response.content.decode()


def prepare(client: Client, loan: Loan) -> str:
    return make(client, loan, "prepare", unit=Unit.objects.get(pool=loan.pool).pk)


def check_out(client: Client, loan: Loan, **changes: object) -> str:
    terms = loan.terms.current()
    data = {
        "version": terms.pk,
        "typed_name": "Asha Rao",
        "checklist": CHECKLIST,
        "grade": "good",
        "accessories": "Strap\nCharger",
        "note": "",
    }
    return make(client, loan, "check-out", **{**data, **changes})


def test_a_unit_goes_out_comes_back_and_goes_to_the_next_in_the_queue(
    desk: Client, campaign: Campaign, loan: Loan, clock: At
) -> None:
    waiting = Loan.objects.get(promise__referral=sign_up(issue_to(make_customer("Chloe Lund"), campaign), "Dev Patel"))
    assert waiting.state == "waitlisted"

    assert "is ready for hand-over." in prepare(desk, loan)
    text = desk.get(page(loan)).content.decode()
    assert "Be fair. Bring it back." in text, "the terms are shown in full"
    assert "Battery charged" in text

    clock(AT + timedelta(days=1))
    assert "is handed over. It is due back on" in check_out(desk, loan)
    accepted = Acceptance.objects.get(about=loan.reference)
    assert (accepted.typed_name, accepted.how, accepted.where) == ("Asha Rao", "in person at the handover desk", "Berlin")
    assert loan.condition_reports.get().accessories == ["Strap", "Charger"]

    clock(AT + timedelta(days=9))
    assert "Inspect it next." in make(desk, loan, "check-in", grade="worn", accessories=["Strap"], note="Scratch on the lid")
    assert "Still missing: Charger." in make(desk, loan, "close", note="")
    assert "Noted as come back: Charger." in make(desk, loan, "accessories-back", names=["Charger"])
    assert "in service again" in make(desk, loan, "close", note="")
    assert loan.state == "closed"
    waiting.refresh_from_db()
    assert waiting.state == "held", "the unit goes to the next in the queue"

    text = desk.get(page(loan)).content.decode()
    for sentence in ("Unit SN-", "was handed over (good)", "passed inspection", "by handover"):
        assert sentence in text


def test_only_moves_that_fit_the_state_are_offered(desk: Client, loan: Loan) -> None:
    def offered() -> list[str]:
        return [bound.move.name for bound in desk.get(page(loan)).context["moves"]]

    assert offered() == ["prepare", "decline", "cancel"]
    prepare(desk, loan)
    assert offered() == ["check-out", "pick-another", "unprepare", "decline", "cancel"]
    check_out(desk, loan)
    assert offered() == ["check-in", "extend", "exchange", "report-lost"]
    make(desk, loan, "check-in", grade="good")
    assert offered() == ["close", "accessories-back", "settle-accessories", "undo-check-in", "find-fault"]


def test_a_unit_that_was_not_collected_is_offered_as_such(desk: Client, loan: Loan, clock: At) -> None:
    prepare(desk, loan)
    clock(AT + timedelta(days=30))
    assert "Not collected" in desk.get(page(loan)).content.decode()
    assert "Noted as not collected." in make(desk, loan, "no-show")
    assert loan.state == "no_show"


def test_a_checklist_that_is_not_complete_keeps_the_unit_here(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    text = check_out(desk, loan, checklist=["Battery charged"])
    assert "Still to be ticked: Strap attached." in text
    assert "Strap&#10;Charger" in text or "Strap\nCharger" in text, "what was typed is kept"
    assert loan.state == "ready"


def test_without_the_typed_name_nothing_is_accepted(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    assert "This field is required." in check_out(desk, loan, typed_name="")
    assert not Acceptance.objects.filter(about=loan.reference).exists()


def test_checking_out_twice_records_it_once(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    check_out(desk, loan)
    assert Entry.objects.filter(subject_reference=loan.reference, event="loan.checked_out").count() == 1


def test_a_faulty_unit_leaves_service_and_the_loan_is_settled(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    make(desk, loan, "check-in", grade="damaged")
    assert "out of service" in make(desk, loan, "find-fault", service="repair", reason="The lens is cracked.")
    assert loan.unit.service == "repair"
    assert "settled and closed" in make(desk, loan, "settle", reason="The insurance pays.")
    assert loan.state == "closed"


def test_a_lost_unit_can_be_found_again(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    make(desk, loan, "report-lost", reason="Left on a train.")
    assert loan.state == "lost"
    assert "was found" in make(desk, loan, "report-found", note="The railway had it.")
    assert loan.state == "returned"


def test_a_check_in_by_mistake_is_undone(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    make(desk, loan, "check-in", grade="good")
    assert "The check-in was undone." in make(desk, loan, "undo-check-in", reason="It was the other camera.")
    assert loan.state == "on_loan"


def test_a_loan_is_extended_to_the_day_that_was_typed(desk: Client, loan: Loan, clock: At) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    assert "due back on 30 March 2026" in make(desk, loan, "extend", until="2026-03-30")
    assert loan.pool.opening().last_day(loan.due_at).isoformat() == "2026-03-30"


@pytest.mark.parametrize(("move", "state"), [("cancel", "cancelled"), ("decline", "declined")])
def test_giving_up_needs_a_reason_and_keeps_it(desk: Client, loan: Loan, move: str, state: str) -> None:
    assert "This field is required." in make(desk, loan, move, reason=" ")
    make(desk, loan, move, reason="Going abroad instead.")
    assert (loan.state, loan.reason) == (state, "Going abroad instead.")


def test_the_marketing_manager_may_not_hand_over(manager: Client, loan: Loan) -> None:
    url = reverse("admin:equipment_loan_move", args=[loan.pk, "prepare"])
    assert manager.post(url, {"unit": Unit.objects.get().pk}).status_code == 403
    assert "Pick a unit" not in manager.get(page(loan)).content.decode()


def test_units_are_added_and_taken_out_of_service(desk: Client, loan: Loan) -> None:
    pool = loan.pool
    desk.post(reverse("admin:equipment_pool_move", args=[pool.pk, "add-unit"]), {"serial": "NEW-1", "note": ""})
    unit = Unit.objects.get(serial="NEW-1")
    response = desk.post(
        reverse("admin:equipment_unit_move", args=[unit.pk, "service"]), {"service": "repair", "reason": "Rattles."}, follow=True
    )
    assert "is now “in repair”" in response.content.decode()
    response = desk.post(
        reverse("admin:equipment_unit_list_move", args=["add-unit"]), {"pool": make_pool(units=0).pk, "serial": "NEW-1"}
    )
    assert response.status_code == 409, "a serial number belongs to one pool"


def test_late_loans_can_be_listed(desk: Client, loan: Loan, clock: At) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    clock(AT + timedelta(days=60))
    assert loan.reference in desk.get(reverse("admin:equipment_loan_changelist"), {"late": "overdue"}).content.decode()
    assert "Overdue" in desk.get(page(loan)).content.decode()
