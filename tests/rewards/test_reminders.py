"""Borrowers are reminded of the day their loan is due, each time once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from equipment import lending, returning
from equipment.models import Loan
from notices.models import Notice
from notices.wording import in_words
from rewards import jobs
from rewards.reminders import KINDS, STALE_DAYS, stage
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REMINDERS = set(KINDS.values())


@pytest.fixture
def loan() -> Loan:
    """Asha's loan, handed over, due at the end of an open day."""
    pool = make_pool(open_days="1111111")
    campaign = make_campaign(pool=pool, both_sides=False)
    asha = make_customer()
    referral = sign_up(issue_to(asha, campaign), "Ben Okoro")
    verify(referral)
    give(referral)
    return hand_over(Loan.objects.get(borrower=asha), pool.units.order_by("pk")[0])


def due_day(loan: Loan):
    """Noon of the day the loan is due."""
    assert loan.due_at is not None
    return loan.due_at - timedelta(hours=12)


def sent() -> list[str]:
    return list(Notice.objects.filter(kind__in=REMINDERS).order_by("pk").values_list("kind", flat=True))


def test_a_loan_is_reminded_six_times_and_then_left_to_a_person(loan: Loan) -> None:
    day = due_day(loan) - 10 * DAY
    while day < due_day(loan) + 30 * DAY:
        jobs.remind_borrowers(day)
        jobs.remind_borrowers(day + timedelta(hours=3))
        day += DAY
    assert sent() == ["loan_due_soon", "loan_due_soon", "loan_due_today", "loan_overdue", "loan_overdue", "loan_overdue"]


def test_after_an_outage_only_the_latest_reminder_is_sent(loan: Loan) -> None:
    assert jobs.remind_borrowers(due_day(loan) + 4 * DAY) == {"reminded": 1, "failed": 0}
    assert jobs.remind_borrowers(due_day(loan) + 5 * DAY) == {"reminded": 0, "failed": 0}
    assert sent() == ["loan_overdue"]


def test_after_a_very_long_outage_nobody_is_bothered(loan: Loan) -> None:
    jobs.remind_borrowers(due_day(loan) + 20 * DAY)
    assert sent() == []


def test_who_brought_it_back_is_not_reminded(loan: Loan) -> None:
    returning.check_in(loan=loan, grade="good", at=due_day(loan) - 5 * DAY, by=SYSTEM)
    jobs.remind_borrowers(due_day(loan))
    assert sent() == []


def test_an_extended_loan_is_reminded_of_its_new_day(loan: Loan) -> None:
    jobs.remind_borrowers(due_day(loan) - DAY)
    lending.extend(loan=loan, until=due_day(loan) + 2 * DAY, at=due_day(loan) - DAY, by=SYSTEM)
    loan.refresh_from_db()
    jobs.remind_borrowers(due_day(loan) - DAY)
    assert sent() == ["loan_due_soon", "loan_due_soon"]


def test_on_the_day_of_the_hand_over_the_receipt_says_it_all(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(handed_over_at=due_day(loan))
    jobs.remind_borrowers(due_day(loan))
    assert sent() == []


def test_the_reminder_says_what_where_and_until_when_in_the_language_of_the_reader(loan: Loan) -> None:
    loan.borrower.language = "de"
    loan.borrower.save(update_fields=["language"])
    jobs.remind_borrowers(due_day(loan) - 3 * DAY)
    notice = Notice.objects.get(kind="loan_due_soon")
    due = loan.pool.opening().last_day(loan.due_at)
    assert notice.subject == f"Rückgabe am {in_words(due, 'de')}: Aero 7 camera"
    assert "Wohin: Berlin" in notice.body_text


def test_days_are_written_as_readers_of_a_language_write_them() -> None:
    day = date(2026, 3, 9)
    assert [in_words(day, language) for language in ("en", "de")] == ["9 March 2026", "9. März 2026"]
    assert in_words("soon", "de") == "soon"


@given(st.integers(-30, 30))
def test_the_latest_reminder_whose_day_has_come_is_the_one(days_left: int) -> None:
    found = stage(days_left)
    if days_left > max(KINDS) or days_left < min(KINDS) - STALE_DAYS:
        assert found is None
    else:
        assert found is not None and found >= days_left
        assert not any(days_left <= other < found for other in KINDS)


def test_two_loans_of_one_person_due_on_one_day_are_reminded_of_in_one_mail() -> None:
    pool = make_pool(open_days="1111111")
    campaign = make_campaign(pool=pool, both_sides=False)
    asha = make_customer()
    code = issue_to(asha, campaign)
    for name in ("Ben Okoro", "Chloe Stone"):
        referral = sign_up(code, name)
        verify(referral)
        give(referral)
    loans = Loan.objects.filter(borrower=asha).order_by("pk")
    for loan, unit in zip(loans, pool.units.order_by("pk"), strict=False):
        hand_over(loan, unit)
    day = due_day(loans[0]) - 3 * DAY
    assert jobs.remind_borrowers(day) == {"reminded": 1, "failed": 0}
    mail = Notice.objects.get(kind="loan_due_soon", said_with=None)
    assert mail.body_text.count(pool.model.name) == 2
    other = Notice.objects.get(kind="loan_due_soon", state="bundled")
    assert (other.said_with, other.about) == (mail, loans[1].reference)
    assert jobs.remind_borrowers(day + timedelta(hours=2)) == {"reminded": 0, "failed": 0}
