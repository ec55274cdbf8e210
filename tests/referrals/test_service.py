"""The service level of a campaign: what was agreed, what was served at once, what is to be expected."""

from datetime import timedelta

import pytest

from equipment.models import Loan, Pool
from referrals import inviting, service
from referrals.models import Promise
from tests.equipment import walk
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=2, open_days="1111111")


@pytest.mark.parametrize(
    ("goals", "agreed"),
    [
        ({}, 0.95),
        ({"service_rate": 0.8}, 0.8),
        ({"service_rate": 1}, 0.95),
        ({"service_rate": "much"}, 0.95),
        ({"service_rate": True}, 0.95),
    ],
)
def test_the_agreed_level_is_a_goal_of_the_campaign_else_the_usual_one(goals, agreed) -> None:
    assert service.agreed(goals) == agreed


def test_a_campaign_that_promised_nothing_says_so(pool: Pool) -> None:
    found = service.service_of(make_campaign(pool=pool), at=AT)
    assert (found.level, found.expected, found.is_met) == (None, None, True)
    assert found.sentence == (
        "Agreed: 95%. Nothing was promised in the last 90 days. There is too little to go by to say what comes."
    )


def test_promises_that_had_to_wait_lower_the_level(pool: Pool) -> None:
    campaign = make_campaign(pool=pool, both_sides=False, goals={"service_rate": 0.6})
    code = issue_to(make_customer(), campaign)
    for name in ("Ben Okoro", "Chloe Lund", "Dora Maar"):
        sign_up(code, name)
    found = service.service_of(campaign, at=AT)
    assert (found.at_once, found.made, found.is_met) == (2, 3, True)
    assert "2 of 3 promises had their unit at once, 67%." in found.sentence
    Promise.objects.update(made_at=AT - timedelta(days=91))
    assert service.service_of(campaign, at=AT).made == 0


def test_what_is_to_be_expected_follows_from_what_was_asked_for_and_how_many_units_there_are(pool: Pool) -> None:
    campaign = make_campaign(pool=pool, both_sides=False)
    for week in range(1, 11):
        for _ in range(2):
            loan = walk.hold(pool, at=AT)
            Loan.objects.filter(pk=loan.pk).update(created_at=AT - timedelta(weeks=week, days=-1))
    found = service.service_of(campaign, at=AT)
    assert found.expected is not None and 0.1 < found.expected < 0.5
    assert not found.is_met and "are to be served at once" in found.sentence


def test_a_lower_agreed_level_lets_more_be_invited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "_share", lambda campaign, at: 0.2)
    most = [
        inviting.meter(make_campaign(pool=make_pool(units=5), both_sides=False, goals=goals), at=AT).most
        for goals in ({"service_rate": 0.99}, {}, {"service_rate": 0.5})
    ]
    assert most[:2] == [10, 14] and most[2] > 20
