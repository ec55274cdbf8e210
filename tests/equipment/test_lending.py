"""From the hold to the hand-over."""

from datetime import date, timedelta

import pytest

from audit import actors
from audit.actors import SYSTEM
from customers.models import AgreementVersion
from equipment import lending, servicing
from equipment.availability import units_to_pick
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_acceptance, make_customer, make_model, make_pool, make_terms, make_unit

DAY = timedelta(days=1)


def refused(code: str):
    return pytest.raises(LoanRefused, match=f"^{code}: ")


def test_an_unlocked_unit_waits_to_be_collected(pool: Pool) -> None:
    loan = walk.to(S.HELD, pool)
    before = loan.blocked_until
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    assert loan.state == S.UNLOCKED
    assert pool.opening().last_day(loan.collect_by) == date(2026, 3, 9)
    assert loan.blocked_until < before
    assert walk.events(loan.reference) == ["loan.held", "loan.unlocked"]


def test_unlocking_twice_changes_and_records_nothing(pool: Pool) -> None:
    loan = walk.to(S.UNLOCKED, pool)
    lending.unlock(loan=loan, at=AT + DAY, by=SYSTEM)
    walk.prepare(loan)
    lending.unlock(loan=loan, at=AT + DAY, by=SYSTEM)
    assert (loan.state, loan.unlocked_at) == (S.READY, AT)
    assert walk.events(loan.reference) == ["loan.held", "loan.unlocked", "loan.prepared"]


def test_a_borrower_never_unlocks(pool: Pool) -> None:
    loan = walk.to(S.HELD, pool)
    with refused("not_by_borrower"):
        lending.unlock(loan=loan, at=AT, by=actors.customer(loan.borrower.reference))


def test_a_hold_that_ran_out_is_still_unlocked_when_the_unit_is_free(pool: Pool) -> None:
    loan = walk.to(S.HELD, pool)
    lending.unlock(loan=loan, at=AT + 100 * DAY, by=SYSTEM)
    assert loan.state == S.UNLOCKED


def test_a_hold_that_ran_out_is_not_unlocked_without_a_unit_though_it_would_block_no_longer(lone: Pool) -> None:
    asha, units = make_customer(), list(lone.units.all())
    loan = walk.hold(lone, asha, at=AT, until=AT + timedelta(hours=10))
    servicing.change_service(unit=units[0], service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    late = AT + timedelta(hours=11)
    assert lone.blocked_by_unlock(late) <= loan.blocked_until, "the same day, as far as the calendar goes"
    with refused("no_capacity"):
        lending.unlock(loan=loan, at=late, by=SYSTEM)


def test_a_unit_that_is_picked_too_late_is_there_or_it_is_refused(lone: Pool) -> None:
    loan = walk.to(S.UNLOCKED, lone)
    late = loan.collect_by + timedelta(minutes=1)
    other = make_unit(lone)
    walk.hold(lone, make_customer("Ben Okoro"), at=AT, until=AT + 100 * DAY)
    servicing.change_service(unit=other, service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    with refused("no_capacity"):
        lending.prepare(loan=loan, unit=lone.units.exclude(pk=other.pk).get(), at=late, by=SYSTEM)
    servicing.change_service(unit=other, service="in_service", reason="Mended.", at=late, by=SYSTEM)
    lending.prepare(loan=loan, unit=other, at=late, by=SYSTEM)
    assert loan.state == S.READY


def test_a_hold_that_ran_out_is_not_unlocked_when_the_unit_is_promised(lone: Pool) -> None:
    loan = walk.to(S.HELD, lone)
    servicing.change_service(unit=lone.units.get(), service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    with refused("no_capacity"):
        lending.unlock(loan=loan, at=AT + 8 * DAY, by=SYSTEM)
    loan.refresh_from_db()
    assert loan.state == S.HELD


def test_preparing_pins_the_unit_from_now_on(pool: Pool) -> None:
    loan = walk.to(S.UNLOCKED, pool)
    unit = pool.units.first()
    lending.prepare(loan=loan, unit=unit, at=AT + DAY, by=SYSTEM)
    assert (loan.state, loan.unit, loan.starts_at, loan.ready_at) == (S.READY, unit, AT + DAY, AT + DAY)


def test_preparing_twice_with_the_same_unit_is_harmless_and_with_another_refused(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    lending.prepare(loan=loan, unit=loan.unit, at=AT, by=SYSTEM)
    assert walk.events(loan.reference).count("loan.prepared") == 1
    with refused("wrong_state"):
        lending.prepare(loan=loan, unit=units_to_pick(loan, at=AT)[1], at=AT, by=SYSTEM)


def test_only_a_unit_of_the_pool_in_service_and_free_can_be_picked(pool: Pool) -> None:
    loan = walk.to(S.UNLOCKED, pool)
    taken = walk.to(S.READY, pool).unit
    stranger = make_unit(make_pool(units=0))
    broken = pool.units.last()
    servicing.change_service(unit=broken, service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    for unit, code in ((stranger, "unit_elsewhere"), (broken, "unit_out_of_service"), (taken, "unit_is_taken")):
        with refused(code):
            lending.prepare(loan=loan, unit=unit, at=AT, by=SYSTEM)
    loan.refresh_from_db()
    assert (loan.state, loan.unit) == (S.UNLOCKED, None)


def test_a_unit_put_back_can_be_picked_for_someone_else(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    unit = loan.unit
    lending.unprepare(loan=loan, at=AT, by=SYSTEM, reason="The battery is weak.")
    lending.unprepare(loan=loan, at=AT, by=SYSTEM)
    assert (loan.state, loan.unit) == (S.UNLOCKED, None)
    lending.prepare(loan=walk.to(S.UNLOCKED, pool), unit=unit, at=AT, by=SYSTEM)
    assert walk.events(loan.reference).count("loan.unprepared") == 1


def test_a_handed_over_unit_is_due_at_the_end_of_its_last_day(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    assert pool.opening().last_day(loan.due_at) == date(2026, 3, 16)
    assert loan.first_due_at == loan.due_at
    assert pool.opening().last_day(loan.blocked_until) == date(2026, 3, 18)
    report = loan.condition_reports.get()
    assert (report.direction, report.grade, report.by) == ("out", "good", "system")


def test_a_loan_is_never_due_on_a_closed_day(db: None) -> None:
    pool = make_pool(model=make_model(loan_days=5), open_days="1111100", time_zone="Europe/Berlin")
    loan = walk.to(S.ON_LOAN, pool)
    assert pool.opening().last_day(loan.due_at) == date(2026, 3, 9)


def test_checking_out_twice_is_harmless(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    due_at = loan.due_at
    walk.check_out(loan, at=AT + DAY, acceptance=loan.acceptance)
    assert loan.due_at == due_at
    assert loan.condition_reports.count() == 1
    assert walk.events(loan.reference).count("loan.checked_out") == 1


def test_nothing_is_handed_over_without_accepted_terms(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    with refused("terms_missing"):
        walk.check_out(loan, acceptance=None)


def test_the_terms_must_be_accepted_by_the_borrower_about_this_loan(pool: Pool) -> None:
    loan, terms = walk.to(S.READY, pool), make_terms("loan-terms")
    for yes in (
        make_acceptance(make_customer("Chloe"), terms, loan.reference),
        make_acceptance(loan.borrower, terms, "loan_other"),
    ):
        with refused("terms_of_another"):
            walk.check_out(loan, acceptance=yes)


def test_a_loan_with_its_own_terms_is_not_handed_over_on_others(pool: Pool) -> None:
    loan = walk.hold(pool, terms=make_terms("loan-terms"))
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    walk.prepare(loan)
    with refused("terms_of_another"):
        walk.check_out(loan, acceptance=make_acceptance(loan.borrower, make_terms("campaign-terms"), loan.reference))
    walk.check_out(loan)
    assert loan.state == S.ON_LOAN


def test_terms_that_changed_meanwhile_must_be_accepted_again(pool: Pool) -> None:
    loan, terms = walk.to(S.READY, pool), make_terms("loan-terms")
    old = make_acceptance(loan.borrower, terms, loan.reference)
    AgreementVersion.objects.create(agreement=terms, number=2, body="New.", sha256="b" * 64, published_at=AT)
    with refused("terms_outdated"):
        walk.check_out(loan, acceptance=old)
    AgreementVersion.objects.create(agreement=terms, number=3, body="A draft changes nothing.")
    walk.check_out(loan, acceptance=make_acceptance(loan.borrower, terms, loan.reference))
    assert loan.acceptance.version.number == 2


def test_the_checklist_must_be_complete(db: None) -> None:
    pool = make_pool(model=make_model(checklist=["Battery charged", "Strap in the bag"]))
    loan = walk.to(S.READY, pool)
    with pytest.raises(LoanRefused, match="^checklist_incomplete: .*Strap in the bag"):
        walk.check_out(loan, checklist_done=["Battery charged"])
    walk.check_out(
        loan, checklist_done=["Strap in the bag", "Battery charged", "Lens cleaned"], acceptance=loan.borrower.acceptances.get()
    )
    assert loan.checklist_done == ["Strap in the bag", "Battery charged", "Lens cleaned"]


def test_a_refused_hand_over_leaves_nothing_behind(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    with refused("terms_missing"):
        walk.check_out(loan, acceptance=None)
    loan.refresh_from_db()
    assert (loan.state, loan.condition_reports.count()) == (S.READY, 0)
    assert walk.events(loan.reference)[-1] == "loan.prepared"


def test_a_late_hand_over_that_would_break_a_promise_is_refused(lone: Pool) -> None:
    loan = walk.to(S.READY, lone)
    late = loan.blocked_until - DAY
    _promise_after(loan)
    with refused("no_capacity"):
        walk.check_out(loan, at=late)


def test_an_extension_keeps_the_first_due_date(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    first = loan.due_at
    lending.extend(loan=loan, until=first + 7 * DAY, at=AT + DAY, by=SYSTEM)
    lending.extend(loan=loan, until=first + 7 * DAY, at=AT + DAY, by=SYSTEM)
    assert (loan.first_due_at, loan.due_at) == (first, first + 7 * DAY)
    assert walk.events(loan.reference).count("loan.extended") == 1


def test_an_extension_over_someone_elses_promise_is_refused(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    _promise_after(loan)
    with refused("no_capacity"):
        lending.extend(loan=loan, until=loan.due_at + 7 * DAY, at=AT, by=SYSTEM)
    loan.refresh_from_db()
    assert loan.due_at == loan.first_due_at


def test_an_overdue_loan_is_extended_only_while_a_unit_is_left(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    late = loan.due_at + DAY
    others = [walk.hold(pool, at=late) for _ in range(2)]
    lending.extend(loan=loan, until=late + 3 * DAY, at=late, by=SYSTEM)
    assert not loan.is_overdue(late)
    assert {other.state for other in others} == {S.HELD}


def test_an_extension_must_be_longer(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    with refused("not_longer"):
        lending.extend(loan=loan, until=loan.due_at - 3 * DAY, at=AT, by=SYSTEM)
    late = loan.due_at + 10 * DAY
    with refused("not_longer"):
        lending.extend(loan=loan, until=late - 5 * DAY, at=late, by=SYSTEM)


def _promise_after(loan: Loan) -> None:
    """Someone else's promise that begins when this loan's time is over."""
    Loan.objects.create(
        pool=loan.pool,
        borrower=make_customer("Chloe"),
        purpose="later",
        state=S.HELD,
        created_at=AT,
        starts_at=loan.blocked_until,
        blocked_until=loan.blocked_until + 30 * DAY,
        hold_expires_at=loan.blocked_until + 7 * DAY,
    )
