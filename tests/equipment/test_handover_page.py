# ruff: noqa: F401, F811 (fixtures are imported and used by name)
"""The page of a loan at the handover desk: the one next step, and what two people at two desks are told."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Entry
from customers.models import Acceptance
from equipment import progress
from equipment.models import Loan
from tests.admin.conftest import As, At, clock, desk, signed_in_as
from tests.equipment.handover_steps import check_in, check_out, folder, lend, loan, loans, page, prepare, step, words, yes
from tests.equipment.pictures import picture, upload
from tests.make import AT


def test_a_unit_is_lent_taken_back_inspected_and_closed(desk: Client, loan: Loan, clock: At) -> None:
    assert "Take a unit from the shelf in Berlin" in words(desk.get(page(loan)))
    answer = prepare(desk, loan)
    assert f"Unit {loan.unit} is ready for hand-over." in words(answer)
    assert "Be fair. Bring it back." in words(answer), "the terms stand in full above the next step"
    answer = check_out(desk, loan, photos=[upload(picture()), upload(picture("PNG"), "two.png")])
    assert "It is due back on 16 March 2026." in words(answer) and "Print the handover receipt" in words(answer)
    assert Acceptance.objects.get(about=loan.reference).typed_name == "Asha Rao"

    clock(AT + timedelta(days=9))
    answer = check_in(desk, loan, accessories=["Battery charged", "Strap attached"], photos=[upload(picture())], note="Scratch")
    assert "Inspect it next." in words(answer) and "Print the return receipt" in words(answer)
    assert "Not ticked as back Spare battery" in words(answer)
    assert [photo["moment"] for photo in loan.photos.values("moment")] == ["check_out", "check_out", "check_in"]
    assert answer.content.decode().count('<img src="/admin/handover/photos/') == 3

    assert "Still missing Spare battery" in words(answer)
    fine = {"outcome": "fine", "note": "", "photos": [upload(picture())]}
    assert "Still missing: Spare battery. Note it as come back, or settle it" in words(step(desk, loan, "inspect", **fine))
    assert "Settled: Spare battery." in words(
        step(desk, loan, "settle-accessories", names=["Spare battery"], outcome="Paid for by card.")
    )
    assert "in service again" in words(step(desk, loan, "inspect", **{**fine, "photos": [upload(picture())]}))
    assert loan.state == "closed"
    assert "Nothing is left to do" in words(desk.get(page(loan)))


def test_the_next_step_is_one_and_the_others_stand_below(desk: Client, loan: Loan) -> None:
    def offered() -> tuple[str, list[str]]:
        context = desk.get(page(loan)).context
        return context["next"].move.name if context["next"] else "", [bound.move.name for bound in context["others"]]

    assert offered() == ("prepare", ["decline", "cancel"])
    prepare(desk, loan)
    assert offered() == ("check-out", ["pick-another", "unprepare", "decline", "cancel", "report-problem"])
    check_out(desk, loan)
    assert offered() == ("check-in", ["extend", "exchange", "report-lost", "report-problem"])
    check_in(desk, loan)
    assert offered() == ("inspect", ["note-missing", "undo-check-in", "report-problem"])
    step(desk, loan, "inspect", outcome="repair", note="The lens is cracked.")
    assert offered() == ("settle", ["note-missing", "report-problem"])
    step(desk, loan, "settle", reason="The insurance pays.")
    assert offered() == ("", [])


@pytest.mark.parametrize(("outcome", "service"), [("repair", "repair"), ("quarantine", "quarantine"), ("retired", "retired")])
def test_what_is_not_fine_needs_words_and_leaves_service(desk: Client, loan: Loan, outcome: str, service: str) -> None:
    check_in(desk, lend(desk, loan))
    answer = step(desk, loan, "inspect", outcome=outcome, note=" ")
    assert answer.status_code == 422 and "Write what is wrong in a few words" in words(answer)
    step(desk, loan, "inspect", outcome=outcome, note="The lens is cracked.")
    assert (loan.state, loan.unit.service) == ("unresolved", service)  # type: ignore[union-attr]


def test_a_mistaken_check_in_is_undone_and_a_loan_extended(desk: Client, loan: Loan) -> None:
    check_in(desk, lend(desk, loan))
    assert "The check-in was undone." in words(step(desk, loan, "undo-check-in", reason="It was the other camera."))
    assert "due back on 30 March 2026" in words(step(desk, loan, "extend", until="2026-03-30"))


def test_another_unit_is_picked_and_later_exchanged(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    first, second, third = loan.pool.units.order_by("id")
    answer = step(desk, loan, "pick-another", unit=second.pk, service="in_service", reason="The battery is flat.")
    assert f"Unit {second} is ready for hand-over instead." in words(answer)
    check_out(desk, loan)
    swap = {"brought_grade": "damaged", "service": "repair", "reason": "The lens is cracked.", "grade": "good"}
    answer = step(desk, loan, "exchange", unit=third.pk, **swap)
    assert "no_capacity" not in words(answer) and loan.unit == second, "two others are promised their units"
    assert "Every other unit is promised." in words(answer)
    Loan.objects.exclude(pk=loan.pk).filter(state="unlocked").update(state="cancelled", reason="A mistake.", ended_at=AT)
    answer = step(desk, loan, "exchange", unit=third.pk, **swap)
    assert f"The borrower goes on with unit {third}, due back on 16 March 2026." in words(answer)
    assert f"At the check-in, unit {second}" in words(answer) and f"At the check-out, unit {third}" in words(answer)
    assert check_in(desk, loan).status_code == 200 and loan.state == "returned"


def test_what_was_not_collected_is_noted(desk: Client, loan: Loan, clock: At) -> None:
    prepare(desk, loan)
    clock(AT + timedelta(days=30))
    assert "Noted as not collected." in words(step(desk, loan, "no-show"))


def test_a_problem_is_noted_once_and_nothing_moves(desk: Client, loan: Loan) -> None:
    lend(desk, loan)
    assert "is noted" in words(step(desk, loan, "report-problem", reason="The lid rattles."))
    step(desk, loan, "report-problem", reason="The lid rattles.")
    assert loan.state == "on_loan"
    assert "The lid rattles." in Entry.objects.get(event="loan.problem_reported").sentence


def test_a_second_click_changes_nothing_and_says_who_was_first(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    seen = progress.stamp(loan)
    first = check_out(desk, loan)
    again = step(desk, loan, "check-out", seen=seen, **yes(loan))
    assert "is handed over" in words(first)
    assert "This was done already; nothing was changed." in words(again)
    assert "That was handover, 2 Mar 2026, 12:10 UTC." in words(again)
    assert Entry.objects.filter(subject_reference=loan.reference, event="loan.checked_out").count() == 1


def test_the_second_desk_is_told_what_the_first_did(desk: Client, signed_in_as: As, loan: Loan) -> None:
    lend(desk, loan)
    seen = progress.stamp(loan)
    check_in(desk, loan)
    answer = step(signed_in_as("Administrator"), loan, "extend", seen=seen, until="2026-04-30")
    assert "Nothing was changed: the loan has moved on meanwhile." in words(answer)
    assert "came back (good)" in words(answer) and "That was handover" in words(answer)
    assert loan.state == "returned"


def test_another_unit_picked_meanwhile_is_not_handed_over_unseen(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    seen, first = progress.stamp(loan), loan.unit
    step(desk, loan, "unprepare")
    step(desk, loan, "prepare", unit=loan.pool.units.exclude(pk=first.pk)[0].pk)  # type: ignore[union-attr]
    answer = step(desk, loan, "check-out", seen=seen, **yes(loan))
    assert "the loan has moved on meanwhile" in words(answer) and loan.state == "ready"


def test_two_desks_in_the_same_moment_make_one_step(desk: Client, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other desk is faster by less than this one can see: between its look and its verb."""
    lend(desk, loan)
    monkeypatch.setattr(progress, "stamp", lambda loan: "the same")
    check_in(desk, loan)
    answer = check_in(desk, loan, grade="damaged")
    assert "This was done already; nothing was changed." in words(answer)
    assert loan.condition_reports.get(direction="in").grade == "good"


def test_a_form_without_what_was_seen_changes_nothing(desk: Client, loan: Loan) -> None:
    desk.post(page(loan), {"step": "prepare", "unit": loan.pool.units.all()[0].pk})
    loan.refresh_from_db()
    assert loan.state == "unlocked"
