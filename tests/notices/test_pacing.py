"""News and offers: by day, not too often, with consent; service messages at any time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from audit.actors import SYSTEM
from campaigns.models import Brand
from customers.consenting import record_consent
from customers.models import Customer
from notices import jobs
from notices.explaining import sentence_of
from notices.models import Notice
from notices.states import NoticeState
from tests.make import make_campaign, make_customer
from tests.notices.parallel import in_parallel
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""Nine o'clock in Berlin."""


def wants_news(**changes: Any) -> Customer:
    customer = make_customer(**changes)
    record_consent(
        customer=customer,
        channel="email",
        purpose="marketing",
        is_given=True,
        how="a box on a page",
        at=customer.created_at,
        by=SYSTEM,
    )
    return customer


def test_news_written_at_night_waits_for_the_morning_where_the_reader_lives() -> None:
    notice = queued("share_reminder", to=wants_news(), at=NIGHT)
    assert (notice.state, notice.next_attempt_at) == (NoticeState.QUEUED, MORNING)
    assert not OrmQ.objects.exists()
    assert sentence_of(notice).endswith("News goes out by day only, where the customer lives.")
    assert jobs.send_queued_notices(MORNING - timedelta(minutes=1)) == {}
    assert jobs.send_queued_notices(MORNING) == {"sent": 1}


def test_news_that_was_held_up_into_the_night_waits_again_without_losing_an_attempt(at: datetime) -> None:
    notice = queued("share_reminder", to=wants_news(), at=at)
    assert jobs.send_notice(notice.reference, NIGHT) == "queued"
    notice.refresh_from_db()
    assert (notice.attempts, notice.next_attempt_at) == (0, MORNING)


def test_a_service_message_goes_at_night_too() -> None:
    assert queued("reward_given", at=NIGHT).next_attempt_at == NIGHT


def test_nobody_gets_more_news_than_the_brand_allows_and_the_reason_is_kept(at: datetime) -> None:
    customer, campaign = wants_news(), make_campaign()
    sent = [queued("share_reminder", to=customer, campaign=campaign, about=f"code_{n}", at=at) for n in range(4)]
    assert [one.state for one in sent] == ["queued", "queued", "queued", "suppressed"]
    assert sent[-1].reason == "3 pieces of news went to this customer within 7 days, and 3 are the most"
    assert queued("reward_given", to=customer, campaign=campaign, at=at).state == NoticeState.QUEUED
    later = queued("share_reminder", to=customer, campaign=campaign, about="code_9", at=at + timedelta(days=7, minutes=1))
    assert later.state == NoticeState.QUEUED


def test_a_cap_over_one_day_says_so(at: datetime) -> None:
    Brand.objects.create(pk=1, news_cap=2, news_cap_days=1)
    customer, campaign = wants_news(), make_campaign()
    sent = [queued("share_reminder", to=customer, campaign=campaign, about=f"code_{n}", at=at) for n in range(3)]
    assert sent[-1].reason == "2 pieces of news went to this customer within 1 day, and 2 are the most"


def test_a_campaigns_cap_over_one_day_says_so(at: datetime) -> None:
    customer, campaign = wants_news(), make_campaign(news_cap=2, news_cap_days=1)
    sent = [queued("share_reminder", to=customer, campaign=campaign, about=f"code_{n}", at=at) for n in range(3)]
    assert sent[-1].reason == "2 pieces of news about this campaign went to this customer within 1 day, and 2 are the most"


def test_a_cap_of_nought_sends_no_news(at: datetime) -> None:
    Brand.objects.create(pk=1, news_cap=0)
    assert queued("share_reminder", to=wants_news(), at=at).state == NoticeState.SUPPRESSED


def test_a_campaign_has_a_cap_of_its_own_and_other_campaigns_have_not(at: datetime) -> None:
    Brand.objects.create(pk=1, news_cap=9)
    customer, quiet, loud = wants_news(), make_campaign(news_cap=2, news_cap_days=30), make_campaign()
    sent = [queued("share_reminder", to=customer, campaign=quiet, about=f"code_{n}", at=at) for n in range(3)]
    assert [one.state for one in sent] == ["queued", "queued", "suppressed"]
    assert sent[-1].reason == "2 pieces of news about this campaign went to this customer within 30 days, and 2 are the most"
    assert queued("share_reminder", to=customer, campaign=loud, about="code_4", at=at).state == NoticeState.QUEUED
    assert queued("reward_given", to=customer, campaign=quiet, at=at).state == NoticeState.QUEUED
    month = at + timedelta(days=30, minutes=1)
    assert queued("share_reminder", to=customer, campaign=quiet, about="code_5", at=month).state == NoticeState.QUEUED


def test_without_days_the_cap_of_a_campaign_counts_for_as_long_as_it_runs(at: datetime) -> None:
    customer, campaign = wants_news(), make_campaign(news_cap=1)
    assert queued("share_reminder", to=customer, campaign=campaign, about="code_1", at=at).state == NoticeState.QUEUED
    late = queued("share_reminder", to=customer, campaign=campaign, about="code_2", at=at + timedelta(days=400))
    assert late.reason == "One piece of news about this campaign went to this customer, and 1 is the most"


def test_the_brands_cap_counts_besides_that_of_the_campaign(at: datetime) -> None:
    Brand.objects.create(pk=1, news_cap=1)
    customer, campaign = wants_news(), make_campaign(news_cap=5)
    assert queued("share_reminder", to=customer, campaign=campaign, about="code_1", at=at).state == NoticeState.QUEUED
    assert queued("share_reminder", to=customer, campaign=campaign, about="code_2", at=at).reason.endswith(
        "within 7 days, and 1 is the most"
    )


def test_a_campaigns_cap_of_nought_sends_no_news_about_it(at: datetime) -> None:
    assert queued("share_reminder", to=wants_news(), campaign=make_campaign(news_cap=0), at=at).state == NoticeState.SUPPRESSED


@pytest.mark.parametrize("values", [{"news_cap_days": 7}, {"news_cap": 1, "news_cap_days": 0}])
def test_days_without_a_cap_and_no_days_are_refused_by_the_database(values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match="campaign_news_cap_within_days"), transaction.atomic():
        make_campaign(**values)


def test_news_must_begin_before_it_ends() -> None:
    with pytest.raises(IntegrityError, match="brand_news_between_two_hours"), transaction.atomic():
        Brand.objects.create(pk=1, news_from_hour=20, news_until_hour=9)


@pytest.mark.django_db(transaction=True)
def test_ten_pieces_of_news_at_once_do_not_go_over_the_cap(at: datetime) -> None:
    customer, campaign = wants_news(), make_campaign()
    numbers = iter(range(10))
    in_parallel(10, lambda: queued("share_reminder", to=customer, campaign=campaign, about=f"code_{next(numbers)}", at=at))
    assert Notice.objects.filter(state=NoticeState.QUEUED).count() == 3
    assert Notice.objects.filter(state=NoticeState.SUPPRESSED).count() == 7
