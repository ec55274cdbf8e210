"""Whom news would reach, asked for many at once: the same answers as one by one."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from campaigns.models import Brand
from customers.consenting import record_consent
from customers.erasing import erase
from customers.models import Customer
from notices import pacing, suppressing
from notices.reaching import reasons_against
from notices.states import Channel
from tests.make import make_campaign, make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db


def consent(customer: Customer, at: datetime, *, is_given: bool) -> None:
    record_consent(
        customer=customer, channel="email", purpose="marketing", is_given=is_given, how=f"a box, {is_given}", at=at, by=SYSTEM
    )


def everybody(at: datetime) -> list[Customer]:
    """One of every sort."""
    people = [make_customer(f"Person {n}") for n in range(5)]
    wanting, changed, listed, full, silent = people
    for one in (wanting, changed, listed, full):
        consent(one, at, is_given=True)
    consent(changed, at + timedelta(minutes=1), is_given=False)
    suppressing.suppress(address=listed.email.upper(), channel=Channel.EMAIL, reason="Bounced.", at=at, by=SYSTEM)
    gone = make_customer("Gone Girl")
    erase(customer=gone, reason="They asked.", at=at, by=SYSTEM)
    gone.refresh_from_db()
    campaign = make_campaign()
    for n in range(3):
        queued("share_reminder", to=full, campaign=campaign, about=f"code_{n}", at=at)
    return [*people, make_customer(email=""), gone]


def test_many_at_once_are_judged_as_each_alone(at: datetime) -> None:
    people = everybody(at)
    brand = Brand.current()

    def alone(one: Customer) -> str:
        why = suppressing.why_not(to=one, address=one.email, channel=Channel.EMAIL, is_marketing=True)
        return why or pacing.over_cap(one, brand, at=at)

    found = reasons_against(people, at=at)
    assert {one.pk: found.get(one.pk, "") for one in people} == {one.pk: alone(one) for one in people}
    assert len(set(found.values())) == 5


@pytest.mark.parametrize("days", [None, 7])
def test_the_cap_of_the_campaign_is_judged_alike_for_many_and_for_one(at: datetime, days: int | None) -> None:
    Brand.objects.create(pk=1, news_cap=9)
    people = everybody(at)
    campaign = make_campaign(news_cap=1, news_cap_days=days)
    queued("share_reminder", to=people[0], campaign=campaign, about="code_x", at=at)
    found = reasons_against(people, at=at, campaign=campaign)
    assert "about this campaign" in found[people[0].pk]
    assert found[people[0].pk] == pacing.over_cap(people[0], Brand.current(), at=at, campaign=campaign)
    assert people[0].pk not in reasons_against(people, at=at) and people[3].pk not in found


def test_it_asks_as_often_for_many_as_for_few(at: datetime) -> None:
    people = everybody(at)
    with CaptureQueriesContext(connection) as few:
        reasons_against(people[:1], at=at)
    with CaptureQueriesContext(connection) as many:
        reasons_against(people, at=at)
    assert len(many) == len(few)
