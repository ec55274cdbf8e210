"""What borrowers ask of the desk about a loan."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.actors import SYSTEM, Actor, customer
from audit.models import Entry
from customers import erasing
from equipment import lending, requesting, returning
from equipment.models import Loan, LoanRequest, Pool
from equipment.refusals import LoanRefused
from equipment.states import Grade, RequestState, Wish
from tests.make import AT, make_acceptance, make_customer, make_pool, make_terms
from tests.stories import bring_back

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=2)


@pytest.fixture
def loan(pool: Pool) -> Loan:
    return lent(pool)


def lent(pool: Pool, purpose: str = "test:1") -> Loan:
    """Handed over on Monday 2 March 2026 for 14 days: due on Monday 16 March."""
    asha = make_customer("Asha Rao")
    loan = lending.hold(
        pools=[pool], borrower=asha, purpose=purpose, until=AT + DAY, at=AT, by=SYSTEM, terms=make_terms("loan-terms")
    )
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    lending.prepare(loan=loan, unit=pool.units.filter(loans__isnull=True)[0], at=AT, by=SYSTEM)
    accepted = make_acceptance(asha, make_terms("loan-terms"), loan.reference)
    lending.check_out(loan=loan, acceptance=accepted, checklist_done=[], grade=Grade.GOOD, at=AT, by=SYSTEM)
    return loan


def borrower(loan: Loan) -> Actor:
    return customer(loan.borrower.reference)


def refusal(call, **given) -> str:
    with pytest.raises(LoanRefused) as refused:
        call(**given)
    return refused.value.code


def test_a_day_to_bring_it_back_is_booked_at_once_and_another_one_replaces_it(loan: Loan) -> None:
    requesting.book_return(loan=loan, on=date(2026, 3, 10), at=AT, by=borrower(loan))
    requesting.book_return(loan=loan, on=date(2026, 3, 12), at=AT, by=borrower(loan))
    again = requesting.book_return(loan=loan, on=date(2026, 3, 12), at=AT, by=borrower(loan))
    assert [(row.on.day, row.state) for row in loan.requests.order_by("pk")] == [(10, "withdrawn"), (12, "agreed")]
    assert list(requesting.booked()) == [again]
    assert Entry.objects.filter(event="loan.return_booked").count() == 2


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 1), "day_over"), (date(2026, 3, 7), "day_closed"), (date(2026, 3, 17), "day_too_late")]
)
def test_a_day_that_cannot_be_is_refused_with_its_reason(loan: Loan, day: date, code: str) -> None:
    assert refusal(requesting.book_return, loan=loan, on=day, at=AT, by=borrower(loan)) == code


def test_the_days_offered_are_those_that_are_taken(loan: Loan) -> None:
    offered = requesting.return_days(loan, at=AT)
    assert offered[0] == date(2026, 3, 2) and offered[-1] == date(2026, 3, 16) and len(offered) == 11
    for day in offered:
        requesting.demand_return_day(loan, day, at=AT)


def test_what_is_overdue_can_be_brought_back_within_two_weeks(loan: Loan) -> None:
    late = AT + 30 * DAY
    offered = requesting.return_days(loan, at=late)
    assert offered[0] == date(2026, 4, 1) and offered[-1] == date(2026, 4, 15)
    assert requesting.book_return(loan=loan, on=offered[-1], at=late, by=borrower(loan)).on == offered[-1]


def test_more_time_is_asked_for_changed_and_given_with_the_loan(loan: Loan) -> None:
    requesting.ask_to_extend(loan=loan, until=date(2026, 3, 20), words="A wedding.", at=AT, by=borrower(loan))
    asked = requesting.ask_to_extend(loan=loan, until=date(2026, 3, 23), words="Two weddings.", at=AT, by=borrower(loan))
    assert list(requesting.waiting()) == [asked]
    requesting.agree(request=asked, note="Enjoy.", at=AT, by=SYSTEM)
    requesting.agree(request=asked, note="Enjoy.", at=AT, by=SYSTEM)
    loan.refresh_from_db()
    assert loan.pool.opening().last_day(loan.due_at) == date(2026, 3, 23)
    assert list(requesting.waiting()) == []
    assert Entry.objects.filter(event="loan.request_agreed").count() == 1


def test_more_time_that_is_promised_to_somebody_else_is_not_given_and_still_waits() -> None:
    pool = make_pool(units=1)
    loan = lent(pool)
    asked = requesting.ask_to_extend(loan=loan, until=date(2026, 3, 23), words="", at=AT, by=borrower(loan))
    waiting = lending.hold(pools=[pool], borrower=make_customer("Chloe Lund"), purpose="test:2", until=AT + DAY, at=AT, by=SYSTEM)
    Loan.objects.filter(pk=waiting.pk).update(
        state="held", queued_at=None, starts_at=AT + 20 * DAY, blocked_until=AT + 40 * DAY, hold_expires_at=AT + 30 * DAY
    )
    assert refusal(requesting.agree, request=asked, note="", at=AT, by=SYSTEM) == "no_capacity"
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == (RequestState.OPEN, None)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 16), "not_longer"), (date(2026, 3, 21), "day_closed"), (date(2026, 7, 1), "day_too_late")]
)
def test_more_time_that_cannot_be_is_refused_with_its_reason(loan: Loan, day: date, code: str) -> None:
    assert refusal(requesting.ask_to_extend, loan=loan, until=day, words="", at=AT, by=borrower(loan)) == code


def test_a_problem_waits_for_an_answer_in_words_and_its_own_words_stay_off_the_trail(loan: Loan) -> None:
    told = requesting.tell_problem(loan=loan, words="Ben Okoro dropped it.", at=AT, by=borrower(loan))
    assert requesting.tell_problem(loan=loan, words="Ben Okoro dropped it.", at=AT, by=borrower(loan)) == told
    assert refusal(requesting.tell_problem, loan=loan, words=" ", at=AT, by=borrower(loan)) == "words_missing"
    assert refusal(requesting.agree, request=told, note=" ", at=AT, by=SYSTEM) == "note_missing"
    requesting.agree(request=told, note="Bring it in.", at=AT, by=SYSTEM)
    assert LoanRequest.objects.get().answer == "Bring it in."
    assert (
        not Entry.objects.filter(sentence__contains="Okoro").exists() and not Entry.objects.filter(data__contains="Okoro").exists()
    )


def test_a_no_needs_words_and_a_booked_day_can_be_refused_too(loan: Loan) -> None:
    booked = requesting.book_return(loan=loan, on=date(2026, 3, 10), at=AT, by=borrower(loan))
    assert refusal(requesting.decline, request=booked, note="", at=AT, by=SYSTEM) == "note_missing"
    requesting.decline(request=booked, note="We are away.", at=AT, by=SYSTEM)
    requesting.decline(request=booked, note="We are away.", at=AT, by=SYSTEM)
    booked.refresh_from_db()
    assert (booked.state, booked.answer) == (RequestState.DECLINED, "We are away.")
    assert refusal(requesting.withdraw, request=booked, at=AT, by=borrower(loan)) == "wrong_state"


def test_a_wish_can_be_taken_back_once(loan: Loan) -> None:
    asked = requesting.ask_to_extend(loan=loan, until=date(2026, 3, 20), words="", at=AT, by=borrower(loan))
    assert requesting.withdraw(request=asked, at=AT, by=borrower(loan))
    assert not requesting.withdraw(request=asked, at=AT, by=borrower(loan))
    assert refusal(requesting.agree, request=asked, note="", at=AT, by=SYSTEM) == "wrong_state"


def test_what_was_answered_cannot_be_taken_back_or_refused(loan: Loan) -> None:
    asked = requesting.ask_to_extend(loan=loan, until=date(2026, 3, 20), words="", at=AT, by=borrower(loan))
    requesting.agree(request=asked, note="", at=AT, by=SYSTEM)
    assert refusal(requesting.withdraw, request=asked, at=AT, by=borrower(loan)) == "wrong_state"
    assert refusal(requesting.decline, request=asked, note="No.", at=AT, by=SYSTEM) == "wrong_state"


def test_nobody_asks_or_answers_for_somebody_else(loan: Loan) -> None:
    chloe = customer("cus_CHLOE")
    with pytest.raises(PermissionDenied):
        requesting.book_return(loan=loan, on=date(2026, 3, 10), at=AT, by=chloe)
    booked = requesting.book_return(loan=loan, on=date(2026, 3, 10), at=AT, by=borrower(loan))
    for call in (requesting.agree, requesting.decline):
        with pytest.raises(PermissionDenied):
            call(request=booked, note="Yes.", at=AT, by=borrower(loan))
    with pytest.raises(PermissionDenied):
        requesting.withdraw(request=booked, at=AT, by=chloe)


def test_nothing_can_be_asked_about_what_is_back_already(loan: Loan) -> None:
    asked = requesting.ask_to_extend(loan=loan, until=date(2026, 3, 20), words="", at=AT, by=borrower(loan))
    bring_back(loan, at=AT + DAY)
    assert list(requesting.waiting()) == []
    given = {"at": AT + DAY, "by": borrower(loan)}
    assert refusal(requesting.book_return, loan=loan, on=date(2026, 3, 10), **given) == "wrong_state"
    assert refusal(requesting.ask_to_extend, loan=loan, until=date(2026, 3, 20), words="", **given) == "wrong_state"
    assert refusal(requesting.tell_problem, loan=loan, words="Broken.", **given) == "wrong_state"
    assert refusal(requesting.agree, request=asked, note="", at=AT + DAY, by=SYSTEM) == "wrong_state"


def test_the_words_go_with_the_person(loan: Loan) -> None:
    told = requesting.tell_problem(loan=loan, words="My name is Asha Rao.", at=AT, by=borrower(loan))
    requesting.agree(request=told, note="Thanks, Asha.", at=AT, by=SYSTEM)
    returning.check_in(loan=loan, grade=Grade.GOOD, at=AT, by=SYSTEM)
    returning.close(loan=loan, at=AT, by=SYSTEM)
    erasing.erase(customer=loan.borrower, reason="Wished.", at=AT, by=SYSTEM)
    told.refresh_from_db()
    assert (told.words, told.answer) == ("", "")


def test_the_database_keeps_one_booked_day_and_one_open_wish_for_time(loan: Loan) -> None:
    for kind, state in ((Wish.RETURN, RequestState.AGREED), (Wish.EXTENSION, RequestState.OPEN)):
        values = {"loan": loan, "kind": kind, "state": state, "on": date(2026, 3, 10), "asked_at": AT, "answered_at": AT}
        LoanRequest.objects.create(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            LoanRequest.objects.create(**values)
