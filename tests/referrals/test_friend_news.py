"""Referrers hear once a day how often their link was opened, and at once that a friend has confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.actors import SYSTEM
from campaigns.states import Proof
from customers.consenting import record_consent
from customers.models import Customer
from notices.models import Notice
from notices.states import NoticeState
from referrals import jobs
from tests.make import AT, make_campaign, make_customer
from tests.referrals.visiting import opened_by
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
TOMORROW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def wants_news(language: str = "en") -> Customer:
    customer = make_customer(language=language)
    record_consent(customer=customer, channel="email", purpose="marketing", is_given=True, how="a box", at=AT, by=SYSTEM)
    return customer


@pytest.mark.parametrize(
    ("language", "words"), [("en", "3 people opened your link yesterday"), ("de", "Gestern haben 3 Menschen deinen Link geöffnet")]
)
def test_the_openings_of_a_day_are_told_once_on_the_next_without_machines_or_names(language: str, words: str) -> None:
    code = issue_to(wants_news(language), make_campaign())
    for n, who in enumerate(("Ben", "Chloe", "Dev", "Dev")):
        opened_by(code, who, at=AT + timedelta(minutes=n))
    opened_by(code, "Googlebot", at=AT, is_bot=True)
    assert jobs.tell_referrers(AT + timedelta(hours=1))["told"] == 0
    assert jobs.tell_referrers(TOMORROW)["told"] == 1
    assert jobs.tell_referrers(TOMORROW + timedelta(hours=2))["told"] == 0
    notice = Notice.objects.get(kind="friend_opened")
    assert notice.subject == words
    assert notice.state == NoticeState.QUEUED
    assert not {"Ben", "Chloe", "Dev"} & set(notice.body_text.split())


def test_the_links_of_one_customer_are_told_in_one_message() -> None:
    customer = wants_news()
    codes = [issue_to(customer, make_campaign()) for _ in range(2)]
    opened_by(codes[0], "Ben", at=AT)
    for who in ("Chloe", "Dev"):
        opened_by(codes[1], who, at=AT)
    jobs.tell_referrers(TOMORROW)
    notice = Notice.objects.get(kind="friend_opened", state=NoticeState.QUEUED)
    assert notice.subject == "3 people opened your link yesterday"
    assert notice.about == codes[1].code
    other = Notice.objects.get(kind="friend_opened", state=NoticeState.BUNDLED)
    assert (other.about, other.said_with) == (codes[0].code, notice)
    assert jobs.tell_referrers(TOMORROW)["told"] == 0


def test_many_customers_with_many_links_are_each_told_in_one_message() -> None:
    campaigns = [make_campaign() for _ in range(3)]
    for _ in range(2):
        customer = wants_news()
        for campaign in campaigns:
            opened_by(issue_to(customer, campaign), "Ben", at=AT)
    assert jobs.tell_referrers(TOMORROW)["told"] == 2
    states = Notice.objects.filter(kind="friend_opened").values_list("state", flat=True)
    assert sorted(states) == [NoticeState.BUNDLED] * 4 + [NoticeState.QUEUED] * 2


def test_openings_are_news_and_need_consent() -> None:
    opened_by(issue_to(make_customer(), make_campaign()), "Ben", at=AT)
    jobs.tell_referrers(TOMORROW)
    assert Notice.objects.get(kind="friend_opened").reason == "no marketing consent"


def test_after_an_outage_openings_of_older_days_are_not_told() -> None:
    opened_by(issue_to(wants_news(), make_campaign()), "Ben", at=AT)
    assert jobs.tell_referrers(TOMORROW + timedelta(days=1))["told"] == 0


@pytest.mark.parametrize(
    ("proof", "words"), [(Proof.VERIFIED_SIGNUP, "has done all the offer asks"), (Proof.FIRST_PURCHASE, "is still to come")]
)
def test_a_friend_who_confirms_is_thanked_for_once_with_what_comes_next(proof: str, words: str) -> None:
    asha = make_customer()
    referral = sign_up(issue_to(asha, make_campaign(proof=proof)), "Ben Okoro")
    assert jobs.tell_referrers(AT)["thanked"] == 0
    verify(referral)
    at = AT + timedelta(minutes=6)
    assert jobs.tell_referrers(at)["thanked"] == 1
    assert jobs.tell_referrers(at)["thanked"] == 0
    notice = Notice.objects.get(kind="friend_verified")
    assert notice.customer == asha
    assert notice.subject == "Ben has confirmed – thank you!"
    assert words in notice.body_text


def test_what_happened_more_than_a_week_ago_is_not_told_any_more() -> None:
    verify(sign_up(issue_to(make_customer(), make_campaign()), "Ben Okoro"))
    assert jobs.tell_referrers(AT + timedelta(days=8))["thanked"] == 0
