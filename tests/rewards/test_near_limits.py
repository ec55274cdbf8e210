"""Live campaigns near a limit, and only those."""

from decimal import Decimal

import pytest

from campaigns.models import Campaign
from rewards.models import Budget
from rewards.near_limits import campaigns_near_limits
from tests.make import make_campaign

pytestmark = pytest.mark.django_db


def campaign_with(*, spent: str = "0", rewards: int = 0, **changes) -> Campaign:
    campaign = make_campaign(**changes)
    Budget.objects.create(campaign=campaign, spent=Decimal(spent), rewards=rewards)
    return campaign


def reasons() -> dict[Campaign, str]:
    return {near.campaign: near.reason for near in campaigns_near_limits()}


def test_a_campaign_is_near_its_budget_from_nine_tenths_on() -> None:
    campaign_with(spent="899.99", budget=1000)
    near = campaign_with(spent="900", budget=1000)
    assert reasons() == {near: "900.00 of 1,000.00 EUR are committed."}


def test_a_campaign_is_near_its_number_of_rewards_from_nine_tenths_on() -> None:
    campaign_with(rewards=8, total_cap=10)
    near = campaign_with(rewards=9, total_cap=10, budget=1000)
    assert reasons() == {near: "9 of 10 rewards are given."}


def test_a_campaign_without_a_limit_or_that_is_over_is_never_near_one() -> None:
    campaign_with(spent="99999", rewards=99999)
    campaign_with(spent="1000", budget=1000, state="ended")
    assert reasons() == {}


def test_a_limit_that_was_raised_counts_at_once() -> None:
    near = campaign_with(spent="950", budget=1000)
    Campaign.objects.filter(pk=near.pk).update(budget=2000)
    assert reasons() == {}
