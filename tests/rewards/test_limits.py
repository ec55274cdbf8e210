"""Limits in money, rewards and days of loan: of a campaign, of a referrer, over a month, a year or the last days."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from audit.actors import SYSTEM
from campaigns import running
from campaigns.models import Campaign
from rewards import deciding, referrer_limits
from rewards.models import Budget, Reward
from rewards.near_limits import campaigns_at_limit
from tests.make import AT, make_campaign, make_customer, make_model, make_pool
from tests.rewards.given import DAY, FRIENDS, earned, paying

pytestmark = pytest.mark.django_db


def earn(campaign: Campaign, number: int, at: datetime = AT, asha=None) -> Reward:
    return earned(campaign, asha, FRIENDS[number], at=at)


def test_the_days_of_loan_of_a_campaign_are_a_limit_and_it_pauses_itself() -> None:
    campaign = make_campaign(pool=make_pool(units=5), both_sides=False, unit_days_cap=28)
    states = [earn(campaign, number).state for number in range(3)]
    campaign.refresh_from_db()
    assert (states, Budget.objects.get().unit_days) == (["fulfilled", "fulfilled", "held"], 28)
    assert (campaign.state, campaign.is_used_up) == ("paused", True)
    assert campaign.state_reason == "All 28 days of loan of the campaign are given."


def test_one_day_of_loan_is_said_as_one_when_it_is_given_and_when_it_does_not_suffice() -> None:
    campaign = make_campaign(pool=make_pool(units=5, model=make_model(loan_days=1)), both_sides=False, unit_days_cap=1)
    held = [earn(campaign, number) for number in range(2)][1]
    campaign.refresh_from_db()
    assert campaign.state_reason == "The one day of loan of the campaign is given."
    assert "The campaign lends for at most 1 day in all; 0 are left, and this takes 1." in held.reason


def test_a_campaign_that_gives_its_last_reward_pauses_at_once() -> None:
    campaign = paying(total_cap=2)
    earn(campaign, 0)
    campaign.refresh_from_db()
    assert campaign.state == "live"
    earn(campaign, 1)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.state_reason) == ("paused", "All 2 rewards of the campaign are given.")


def test_the_page_of_a_campaign_at_its_limit_says_that_everything_is_given_away(client: Client) -> None:
    campaign = paying(total_cap=1)
    reward = earn(campaign, 0)
    text = client.get(reward.referral.code.get_absolute_url()).content.decode()
    assert "Everything has been given out" in text
    assert [(near.campaign, near.reason) for near in campaigns_at_limit()] == [
        (campaign, "The one reward of the campaign is given.")
    ]


def test_a_campaign_with_more_to_give_is_resumed_and_no_longer_at_its_limit() -> None:
    campaign = paying(total_cap=1)
    earn(campaign, 0)
    campaign.refresh_from_db()
    Campaign.objects.filter(pk=campaign.pk).update(total_cap=5)
    running.resume(campaign=campaign, at=AT, by=SYSTEM)
    campaign.refresh_from_db()
    assert (campaign.is_used_up, earn(campaign, 1).state) == (False, "fulfilled")


def test_the_last_reward_is_made_as_large_as_what_is_left_where_the_campaign_says_so() -> None:
    campaign = paying(budget=Decimal(50), last_reward="clamp")
    rewards = [earn(campaign, number) for number in range(3)]
    assert [(reward.state, reward.amount) for reward in rewards] == [("fulfilled", 20), ("fulfilled", 20), ("fulfilled", 10)]
    assert rewards[2].reason.endswith("It is 10.00 instead of 20.00: that is all a limit left.")
    assert Budget.objects.get().spent == 50
    campaign.refresh_from_db()
    assert campaign.is_used_up


def test_points_are_made_smaller_in_whole_points_and_equipment_never() -> None:
    campaign = paying(kind="points", amount="100", cost="3.00", budget=Decimal("5.00"), last_reward="clamp")
    assert [earn(campaign, number).amount for number in range(2)] == [100, 66]
    lending = make_campaign(pool=make_pool(), both_sides=False, budget=Decimal(5), last_reward="clamp")
    lending.tiers.update(cost=Decimal(6))
    assert earn(lending, 2).state == "held"


def test_without_that_policy_the_last_reward_waits_for_a_person() -> None:
    campaign = paying(budget=Decimal(30))
    assert [earn(campaign, number).state for number in range(2)] == ["fulfilled", "held"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"referrer_cap": 2}, "One person can receive 2 rewards from this campaign"),
        ({"referrer_budget": Decimal(45)}, "may be worth 45.00 EUR in this campaign"),
    ],
)
def test_one_referrer_earns_no_more_than_the_limit_says(changes: dict[str, object], why: str) -> None:
    campaign, asha = paying(**changes), make_customer("Asha Rao")
    rewards = [earn(campaign, number, asha=asha) for number in range(3)]
    assert [reward.state for reward in rewards] == ["fulfilled", "fulfilled", "cancelled"]
    assert why in rewards[2].reason
    assert earn(campaign, 3, asha=make_customer("Bea Lind")).state == "fulfilled"


def test_the_money_limit_of_one_referrer_can_make_the_last_one_smaller() -> None:
    campaign, asha = paying(referrer_budget=Decimal(45), last_reward="clamp"), make_customer("Asha Rao")
    assert [earn(campaign, number, asha=asha).amount for number in range(3)] == [20, 20, 5]
    campaign.refresh_from_db()
    assert campaign.state == "live"


def test_one_referrer_borrows_for_no_more_days_than_the_limit_says() -> None:
    campaign, asha = make_campaign(pool=make_pool(units=5), both_sides=False, referrer_unit_days=20), make_customer("Asha Rao")
    rewards = [earn(campaign, number, asha=asha) for number in range(2)]
    assert [reward.state for reward in rewards] == ["fulfilled", "cancelled"]
    assert "One person can borrow for 20 days in this campaign" in rewards[1].reason


@pytest.mark.parametrize(
    ("period", "days", "later", "states"),
    [
        ("month", None, 29, ["fulfilled", "cancelled", "cancelled"]),
        ("month", None, 30, ["fulfilled", "cancelled", "fulfilled"]),
        ("year", None, 300, ["fulfilled", "cancelled", "cancelled"]),
        ("year", None, 305, ["fulfilled", "cancelled", "fulfilled"]),
        ("rolling", 10, 9, ["fulfilled", "cancelled", "cancelled"]),
        ("rolling", 10, 11, ["fulfilled", "cancelled", "fulfilled"]),
    ],
)
def test_the_limits_of_one_referrer_count_over_their_period(period: str, days: int | None, later: int, states: list[str]) -> None:
    campaign, asha = paying(referrer_cap=1, referrer_period=period, referrer_days=days), make_customer("Asha Rao")
    found = [earn(campaign, number, at=at, asha=asha).state for number, at in enumerate((AT, AT + DAY, AT + later * DAY))]
    assert found == states


def test_months_begin_on_the_calendar_of_the_campaign() -> None:
    campaign = paying(referrer_period="month", time_zone="Pacific/Auckland")
    late = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    assert referrer_limits.start_of(campaign, at=late) == datetime(2026, 3, 31, 11, 0, tzinfo=UTC)
    assert referrer_limits.start_of(campaign, at=datetime(2026, 3, 31, 10, 0, tzinfo=UTC)) == datetime(
        2026, 2, 28, 11, 0, tzinfo=UTC
    )


def test_a_person_who_approves_the_last_one_pauses_the_campaign_too() -> None:
    campaign = paying(approval="manual", budget=Decimal(20))
    reward = earn(campaign, 0)
    Reward.objects.filter(pk=reward.pk).update(is_budgeted=False)
    Budget.objects.update(spent=0, rewards=0)
    Campaign.objects.filter(pk=campaign.pk).update(state="live", is_used_up=False)
    row = Reward.objects.select_related("referral__campaign", "beneficiary").get(pk=reward.pk)
    deciding.approve(reward=row, at=AT + DAY, by=SYSTEM)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.is_used_up) == ("paused", True)
