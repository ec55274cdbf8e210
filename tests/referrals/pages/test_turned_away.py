"""A sign-up sent while its campaign takes none is demand that was denied: counted, and nothing kept of the person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from analytics import figures
from audit.models import Entry
from campaigns.models import Campaign, Quota
from customers.models import Customer
from equipment.demand import demands
from equipment.models import DeniedHour, Loan
from referrals import turned_away
from referrals.models import Code, Referral
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to

Send = Callable[..., Any]
pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def close(campaign: Campaign, state: str = "paused", **changes: object) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state=state, **changes)


def counted() -> int:
    return sum(DeniedHour.objects.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("state", "changes", "status"),
    [("paused", {}, 404), ("paused", {"is_used_up": True}, 410), ("ended", {}, 410), ("live", {"ends_at": AT}, 410)],
)
def test_a_form_that_was_open_when_the_campaign_closed_is_counted_for_each_unit_it_asked_for(
    send: Send, code: Code, campaign: Campaign, state: str, changes: dict[str, object], status: int
) -> None:
    entries, people = Entry.objects.count(), Customer.objects.count()
    close(campaign, state, **changes)
    assert send().status_code == status
    assert counted() == 2, "one unit for each side"
    assert (Referral.objects.count(), Customer.objects.count(), Entry.objects.count()) == (0, people, entries)
    row = DeniedHour.objects.get()
    assert {field.name for field in DeniedHour._meta.fields} == {"id", "pool", "account", "hour", "number"}
    assert (row.account, row.hour) == (campaign.slug, AT.replace(minute=0))


def test_looking_at_a_closed_page_or_sending_a_forged_form_counts_nothing(
    send: Send, browser: Client, code: Code, campaign: Campaign
) -> None:
    close(campaign)
    browser.get(code.get_absolute_url())
    send(form="forged")
    assert counted() == 0


def test_one_address_cannot_make_it_as_large_as_it_likes(send: Send, campaign: Campaign) -> None:
    close(campaign)
    answers = [send().status_code for _ in range(25)]
    assert answers.count(429) == 5
    assert counted() == 40


def test_what_was_withdrawn_never_began_or_is_open_is_no_denied_demand(code: Code, campaign: Campaign) -> None:
    assert turned_away.count_sign_up(code=code, at=AT) == 0
    campaign.state = code.campaign.state = "draft"
    assert turned_away.count_sign_up(code=code, at=AT) == 0
    code.campaign.state, code.state = "paused", "revoked"
    assert turned_away.count_sign_up(code=code, at=AT) == 0


def test_it_is_part_of_denied_demand_and_of_what_is_expected(send: Send, code: Code, campaign: Campaign) -> None:
    pool = campaign.equipment_model.pools.get()
    other = make_campaign(pool=make_pool())
    close(campaign)
    send()
    assert figures.denied_demand(campaign, AT - DAY, AT + DAY) == figures.denied_demand(None, AT - DAY, AT + DAY) == 2
    assert figures.denied_demand(campaign, AT + HOUR, AT + DAY) == figures.denied_demand(other, AT - DAY, AT + DAY) == 0
    assert figures.denied_of(AT - DAY, AT + DAY, pool__in=[pool.pk]) == (0, 2)
    assert sum(demands([pool], at=AT + DAY)[pool.pk].weeks) == 2
    assert not Loan.objects.exists()


def test_it_is_counted_at_a_place_that_serves_the_campaign() -> None:
    pool = make_pool(units=1)
    bonn = make_pool(units=1, model=pool.model, place="Bonn")
    campaign = make_campaign(pool=pool, both_sides=False)
    Quota.objects.create(campaign=campaign, pool=bonn, units=1)
    code = issue_to(make_customer(), campaign)
    close(campaign)
    code.campaign.refresh_from_db()
    assert turned_away.count_sign_up(code=code, at=AT) == turned_away.count_sign_up(code=code, at=AT + HOUR) == 1
    assert [row.pool for row in DeniedHour.objects.all()] == [bonn, bonn]
