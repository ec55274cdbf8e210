"""From the return to the end, and what goes wrong."""

from datetime import timedelta

import pytest

from audit.actors import SYSTEM
from equipment import availability, desk_moves, giving_up, lending, returning, servicing
from equipment.models import Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from equipment.states import Service
from tests.equipment import walk
from tests.make import AT

DAY = timedelta(days=1)


def test_a_returned_unit_waits_for_inspection_and_not_on_the_shelf(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    walk.check_in(loan, at=AT + 3 * DAY)
    waiting.refresh_from_db()
    assert (loan.state, loan.returned_at, waiting.state) == (S.RETURNED, AT + 3 * DAY, S.WAITLISTED)
    assert loan.blocked_until == lone.free_again(AT + 3 * DAY)
    assert [report.direction for report in loan.condition_reports.all()] == ["out", "in"]


def test_checking_in_twice_is_harmless(lone: Pool) -> None:
    loan = walk.to(S.RETURNED, lone)
    walk.check_in(loan, at=AT + DAY)
    assert loan.returned_at == AT
    assert loan.condition_reports.count() == 2
    assert walk.events(loan.reference).count("loan.checked_in") == 1


def test_a_closed_loan_gives_its_unit_to_the_next_in_the_queue(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    walk.check_in(loan)
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    waiting.refresh_from_db()
    assert (loan.state, loan.ended_at, waiting.state) == (S.CLOSED, AT + DAY, S.HELD)
    assert walk.events(loan.reference).count("loan.closed") == 1
    assert walk.events(waiting.reference) == ["loan.waitlisted", "loan.promoted"]


def test_a_returned_unit_can_be_lent_again(lone: Pool) -> None:
    first = walk.to(S.CLOSED, lone)
    second = walk.to(S.ON_LOAN, lone, at=AT + DAY)
    assert first.unit == second.unit


def test_a_fault_takes_the_unit_out_of_service(lone: Pool) -> None:
    loan = walk.to(S.RETURNED, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    returning.find_fault(loan=loan, service="repair", reason="The lens is cracked.", at=AT, by=SYSTEM)
    returning.find_fault(loan=loan, service="repair", reason="The lens is cracked.", at=AT, by=SYSTEM)
    waiting.refresh_from_db()
    assert (loan.state, lone.units.get().service, waiting.state) == (S.UNRESOLVED, Service.REPAIR, S.WAITLISTED)
    assert walk.events(loan.reference).count("loan.fault_found") == 1


def test_a_fault_cannot_leave_the_unit_in_service(lone: Pool) -> None:
    loan = walk.to(S.RETURNED, lone)
    with pytest.raises(LoanRefused, match="service_impossible"):
        returning.find_fault(loan=loan, service="in_service", reason="A scratch.", at=AT, by=SYSTEM)


def test_a_settled_loan_frees_the_unit_only_when_it_is_back_in_service(lone: Pool) -> None:
    loan = walk.to(S.UNRESOLVED, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    unit = lone.units.get()
    with pytest.raises(LoanRefused, match="unit_has_loan"):
        servicing.change_service(unit=unit, service="in_service", reason="Repaired.", at=AT, by=SYSTEM)
    returning.settle(loan=loan, outcome="The borrower paid for the lens.", at=AT, by=SYSTEM)
    returning.settle(loan=loan, outcome="Again.", at=AT, by=SYSTEM)
    assert (loan.state, loan.reason) == (S.CLOSED, "The borrower paid for the lens.")
    waiting.refresh_from_db()
    assert waiting.state == S.WAITLISTED
    servicing.change_service(unit=unit, service="in_service", reason="Repaired.", at=AT, by=SYSTEM)
    waiting.refresh_from_db()
    assert waiting.state == S.HELD


def test_a_lost_unit_leaves_the_capacity_once(pool: Pool) -> None:
    loan = walk.to(S.LOST, pool)
    returning.report_lost(loan=loan, reason="Again.", at=AT, by=SYSTEM)
    assert loan.unit.service == Service.MISSING
    assert availability.free_now([pool], at=AT)[pool.pk].free == 2
    assert walk.events(loan.reference).count("loan.lost") == 1


def test_a_found_unit_goes_through_inspection_back_into_service(lone: Pool) -> None:
    loan = walk.to(S.LOST, lone)
    returning.report_found(loan=loan, at=AT + DAY, by=SYSTEM, reason="It was in the drawer.")
    returning.report_found(loan=loan, at=AT + DAY, by=SYSTEM)
    assert (loan.state, lone.units.get().service) == (S.RETURNED, Service.QUARANTINE)
    assert availability.free_now([lone], at=AT + DAY)[lone.pk].free == 0
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    assert lone.units.get().service == Service.IN_SERVICE
    assert availability.free_now([lone], at=AT + DAY)[lone.pk].free == 1


def test_a_lost_unit_that_was_retired_is_not_found_again(lone: Pool) -> None:
    loan = walk.to(S.LOST, lone)
    servicing.change_service(unit=loan.unit, service="retired", reason="Written off.", at=AT, by=SYSTEM)
    loan.refresh_from_db()
    with pytest.raises(LoanRefused, match="wrong_state"):
        returning.report_found(loan=loan, at=AT, by=SYSTEM)


def test_a_mistaken_check_in_is_undone_with_the_due_date_it_had(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    due_at, blocked_until = loan.due_at, loan.blocked_until
    walk.check_in(loan)
    returning.undo_check_in(loan=loan, reason="Wrong serial scanned.", at=AT, by=SYSTEM)
    returning.undo_check_in(loan=loan, reason="Wrong serial scanned.", at=AT, by=SYSTEM)
    assert (loan.state, loan.due_at, loan.blocked_until, loan.returned_at) == (S.ON_LOAN, due_at, blocked_until, None)
    assert walk.events(loan.reference).count("loan.check_in_undone") == 1
    walk.check_in(loan, at=AT + DAY)
    assert loan.returned_at == AT + DAY


def test_a_unit_that_was_lost_and_found_is_not_sent_out_again_by_undoing_a_check_in(lone: Pool) -> None:
    loan = walk.to(S.LOST, lone)
    returning.report_found(loan=loan, at=AT, by=SYSTEM)
    loan.refresh_from_db()
    offered = {move.name for move in desk_moves.LOAN if move.fits(loan, AT)}
    assert "undo-check-in" not in offered
    with pytest.raises(LoanRefused, match="unit_out_of_service"):
        returning.undo_check_in(loan=loan, reason="A mistake.", at=AT, by=SYSTEM)
    loan.refresh_from_db()
    assert (loan.state, loan.unit.service) == (S.RETURNED, "quarantine")


def test_a_unit_back_within_the_same_instant_still_blocks_a_real_interval(lone: Pool) -> None:
    lone.model.turnaround_days = 0
    lone.model.save()
    loan = walk.to(S.RETURNED, lone)
    assert loan.blocked_until > loan.starts_at


@pytest.mark.parametrize("reason", ["", "   "])
def test_what_needs_a_reason_is_refused_without_one(lone: Pool, reason: str) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    calls = [
        lambda: returning.report_lost(loan=loan, reason=reason, at=AT, by=SYSTEM),
        lambda: returning.undo_check_in(loan=loan, reason=reason, at=AT, by=SYSTEM),
        lambda: returning.find_fault(loan=loan, service="repair", reason=reason, at=AT, by=SYSTEM),
        lambda: returning.settle(loan=loan, outcome=reason, at=AT, by=SYSTEM),
        lambda: giving_up.cancel(loan=loan, reason=reason, at=AT, by=SYSTEM),
        lambda: giving_up.decline(loan=loan, reason=reason, at=AT, by=SYSTEM),
        lambda: servicing.change_service(unit=loan.unit, service="repair", reason=reason, at=AT, by=SYSTEM),
    ]
    for call in calls:
        with pytest.raises(LoanRefused, match="reason_missing"):
            call()


def test_the_trail_tells_the_whole_story_of_a_loan(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    lending.extend(loan=loan, until=loan.due_at + DAY, at=AT, by=SYSTEM)
    walk.check_in(loan)
    returning.close(loan=loan, at=AT, by=SYSTEM)
    assert walk.events(loan.reference) == [
        "loan.held",
        "loan.unlocked",
        "loan.prepared",
        "loan.checked_out",
        "loan.extended",
        "loan.checked_in",
        "loan.closed",
    ]
