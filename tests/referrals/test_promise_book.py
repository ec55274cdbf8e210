"""The promise book: every promise stands in exactly one place."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from campaigns.models import Campaign
from equipment import giving_up, lending
from equipment.models import EquipmentModel, Loan, Pool, Unit
from equipment.states import LoanState
from referrals import promise_book, promising
from referrals.models import Promise, Referral
from referrals.promise_book import Exposure, PromiseBook, PromiseStanding
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import hand_over, issue_to, sign_up, verify

DAY = timedelta(days=1)
S = PromiseStanding

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=1, open_days="1111111")


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool, both_sides=False, slug="spring")


@pytest.fixture
def code(campaign: Campaign):
    return issue_to(make_customer(), campaign)


def loan_of(referral: Referral) -> Loan:
    return Promise.objects.select_related("loan__pool__model", "loan__borrower").get(referral=referral).loan


def unlocked(referral: Referral, at: datetime = AT) -> Loan:
    loan = loan_of(verify(referral, at))
    lending.unlock(loan=loan, at=at, by=SYSTEM)
    return loan


def stands(referral: Referral, at: datetime) -> str:
    return promise_book.standing_of(Promise.objects.filter(referral=referral), at=at).get().stands


def book(campaign: Campaign, at: datetime) -> PromiseBook:
    return promise_book.book_of(campaign, at=at)


def test_a_promise_is_open_then_firm_then_kept(code, pool: Pool) -> None:
    ben = sign_up(code)
    assert stands(ben, AT) == S.OPEN
    loan = loan_of(verify(ben))
    assert stands(ben, AT) == S.FIRM
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    assert stands(ben, AT) == S.FIRM
    hand_over(loan, pool.units.get())
    assert stands(ben, AT + 99 * DAY) == S.KEPT


def test_the_day_that_is_said_counts_the_hold_and_the_days_to_collect(code, campaign: Campaign, pool: Pool) -> None:
    promise = sign_up(code).promises.get()
    last_moment = AT + campaign.hold_days * DAY - timedelta(microseconds=1)
    assert promise.promised_by == pool.collect_by(last_moment)
    loan = unlocked(promise.referral)
    due_by = promise_book.standing_of(Promise.objects.all(), at=AT).get().due_by
    assert due_by == loan.collect_by < promise.promised_by, "once it is unlocked, an earlier day is said"


def test_a_unit_handed_over_after_the_day_that_was_said_is_a_broken_promise(code, pool: Pool) -> None:
    ben = sign_up(code)
    loan = unlocked(ben)
    assert loan.collect_by is not None
    assert stands(ben, loan.collect_by - timedelta(seconds=1)) == S.FIRM
    assert stands(ben, loan.collect_by) == S.BROKEN
    hand_over(loan, pool.units.get(), loan.collect_by + DAY)
    assert stands(ben, loan.collect_by + DAY) == S.BROKEN


def test_who_does_not_come_for_a_unit_that_stood_ready_breaks_nothing(code, pool: Pool) -> None:
    ben = sign_up(code)
    loan = unlocked(ben)
    lending.prepare(loan=loan, unit=pool.units.get(), at=AT, by=SYSTEM)
    assert loan.collect_by is not None
    assert stands(ben, loan.collect_by + DAY) == S.FIRM
    giving_up.mark_no_show(loan=loan, at=loan.collect_by + DAY, by=SYSTEM)
    assert stands(ben, loan.collect_by + 2 * DAY) == S.LAPSED


def test_what_the_friend_never_proved_has_lapsed_and_what_was_called_off_too_late_was_broken(code) -> None:
    ben = sign_up(code)
    held = loan_of(ben)
    giving_up.expire(loan=held, at=held.hold_expires_at, by=SYSTEM)
    assert stands(ben, held.hold_expires_at + 99 * DAY) == S.LAPSED
    dora = sign_up(code, "Dora Maar", AT + 30 * DAY)
    loan = unlocked(dora, AT + 30 * DAY)
    giving_up.cancel(loan=loan, reason="The unit is broken.", at=loan.collect_by + DAY, by=SYSTEM)
    assert stands(dora, loan.collect_by + DAY) == S.BROKEN


def test_a_place_in_the_queue_is_promised_for_the_day_its_turn_is_expected_with_the_time_to_claim_and_collect(
    code, pool: Pool
) -> None:
    hand_over(unlocked(sign_up(code)), pool.units.get(), AT)
    waiting = sign_up(code, "Chloe Lund")
    assert stands(waiting, AT) == S.WAITLISTED
    # Due on the 16th, two days of turnaround, so it is expected on the 19th; seven days to claim it, seven to collect it.
    assert waiting.promises.get().promised_by == datetime(2026, 4, 3, tzinfo=AT.tzinfo)
    assert stands(waiting, AT + 40 * DAY) == S.WAITLISTED, "the friend has not done their part"
    verify(waiting, AT + DAY)
    assert stands(waiting, AT + 40 * DAY) == S.BROKEN


def test_a_friend_who_qualifies_after_the_day_that_was_said_is_only_held_to_what_was_said_then(code, pool: Pool) -> None:
    hand_over(unlocked(sign_up(code)), pool.units.get(), AT)
    waiting = sign_up(code, "Chloe Lund")
    Promise.objects.filter(referral=waiting).update(promised_by=AT + DAY)
    verify(waiting, AT + 2 * DAY)
    assert stands(waiting, AT + 40 * DAY) == S.WAITLISTED


def test_nobody_is_told_a_day_that_nobody_knows_and_such_a_promise_cannot_be_broken(code, pool: Pool) -> None:
    Unit.objects.all().update(service="repair")
    waiting = sign_up(code)
    assert waiting.promises.get().promised_by is None
    assert stands(waiting, AT + 400 * DAY) == S.WAITLISTED


def test_a_hold_made_again_after_the_friend_qualified_keeps_the_day_that_was_said(code, campaign: Campaign) -> None:
    ben = verify(sign_up(code))
    promise = ben.promises.select_related("loan").get()
    said = promise.promised_by
    giving_up.expire(loan=promise.loan, at=promise.loan.hold_expires_at, by=SYSTEM)
    (due,) = promising.due_tiers(ben, "referrer", at=AT)
    later = promising.promise(referral=ben, side="referrer", due=due, at=AT + 60 * DAY, by=SYSTEM)
    assert (later.promised_by, later.loan.state) == (said, LoanState.HELD)
    assert stands(ben, AT + 60 * DAY) == S.BROKEN


def test_the_book_counts_every_promise_once_and_says_what_is_out(code, campaign: Campaign, pool: Pool) -> None:
    hand_over(unlocked(sign_up(code)), pool.units.get(), AT)
    for name in ("Chloe Lund", "Dora Maar"):
        verify(sign_up(code, name))
    found = book(campaign, AT + 2 * DAY)
    assert (found.kept, found.waitlisted, found.total, found.fallen_due) == (1, 2, 3, 1)
    assert found.exposure == Exposure(1, Decimal(900), Decimal(2), Decimal(1800))
    EquipmentModel.objects.update(currency="CHF")
    assert book(campaign, AT + 2 * DAY).exposure == Exposure(1, Decimal(0), Decimal(2), Decimal(0), foreign=1)
    late = book(campaign, AT + 200 * DAY)
    assert (late.broken, late.owed, late.total) == (2, 2, 3)
    assert book(make_campaign(pool=pool), AT) == PromiseBook()


def test_it_takes_as_many_queries_for_many_campaigns_as_for_one(code, campaign: Campaign, pool: Pool) -> None:
    sign_up(code)
    others = [make_campaign(pool=make_pool()) for _ in range(4)]
    for other in others:
        sign_up(issue_to(make_customer(), other), f"Friend{other.pk} Lund")
    with CaptureQueriesContext(connection) as queries:
        books = promise_book.books_of([campaign, *others], at=AT)
    assert len(queries) == 2
    assert [one.open for one in books.values()] == [1, 2, 2, 2, 2]


def test_the_promises_of_now_are_listed_by_the_day_they_fall_due(code, campaign: Campaign) -> None:
    first = sign_up(code)
    waiting = [sign_up(code, f"{name} Lund", AT + DAY) for name in ("Chloe", "Dora")]
    rows = promise_book.promises_of(campaign, at=AT)
    assert [one.referral for one in rows] == [first, *waiting]
    assert promise_book.promises_of(campaign, at=AT, standing=S.KEPT) == []
    assert [one.referral for one in promise_book.promises_of(campaign, at=AT, standing=S.OPEN)] == [first]


def test_the_command_prints_the_book_in_words_and_for_machines(code, campaign: Campaign) -> None:
    sign_up(code)
    out = StringIO()
    call_command("promises", "spring", stdout=out)
    assert "1 promises" in out.getvalue() and "A unit is held; the friend has not qualified yet." in out.getvalue()
    out = StringIO()
    call_command("promises", "spring", "--json", stdout=out)
    assert '"firm": 0' in out.getvalue() and '"at_risk": 0' in out.getvalue()
    with pytest.raises(CommandError, match="There is no campaign"):
        call_command("promises", "nothing")
