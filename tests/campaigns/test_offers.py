"""What is given at an instant, and which pools can serve it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns import offers
from campaigns.models import Promotion, Quota, Variant
from tests.make import AT, make_campaign, make_model, make_pool, make_tier

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def promote(campaign, effect, amount=None, start=-DAY, end=DAY, **changes):
    values = {"key": f"promotion-{effect}", "name": "Summer", "starts_at": AT + start, "ends_at": AT + end, **changes}
    return Promotion.objects.create(campaign=campaign, effect=effect, amount=amount, **values)


def due(campaign, side="referrer", nth=1, at=AT, **changes):
    return offers.due(campaign, side, nth=nth, at=at, **changes)


def test_a_tier_that_is_due_says_what_and_why():
    campaign = make_campaign()
    (one,) = due(campaign, nth=2)
    assert (one.kind, one.equipment_model, one.amount) == ("equipment", campaign.equipment_model, None)
    assert one.tier.side == "referrer"
    assert one.reason == f"“{one.tier.title}” is due for each referral; this is number 2."


@pytest.mark.parametrize(("rewarded", "sides"), [("both", 2), ("referrer", 1), ("referee", 1)])
def test_only_rewarded_sides_get_something(rewarded, sides):
    campaign = make_campaign(rewarded=rewarded)
    assert sum(len(due(campaign, side)) for side in ("referrer", "referee")) == sides


def test_an_arm_of_a_test_gets_its_own_tiers_and_the_common_ones():
    campaign = make_campaign(both_sides=False)
    arm = Variant.objects.create(campaign=campaign, key="generous")
    make_tier(campaign, kind="credit", amount=10, variant=arm)
    assert [one.kind for one in due(campaign)] == ["equipment"]
    assert [one.kind for one in due(campaign, variant="generous")] == ["equipment", "credit"]


@pytest.mark.parametrize(
    ("effect", "amount", "expected", "cost"),
    [("multiply", "2", "20.00", "16.00"), ("add", "5", "15.00", "12.00"), ("multiply", "0.33", "3.30", "2.64")],
)
def test_a_promotion_changes_the_amount_and_the_cost_in_proportion(effect, amount, expected, cost):
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="credit", amount=Decimal(10), cost=Decimal(8))
    promote(campaign, effect, Decimal(amount))
    one = due(campaign)[1]
    assert (one.amount, one.cost) == (Decimal(expected), Decimal(cost))
    assert f"Promotion “promotion-{effect}”" in one.reason


def test_a_discount_never_exceeds_the_whole_price():
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="discount", amount=60)
    promote(campaign, "multiply", 3)
    assert due(campaign)[1].amount == 100


def test_a_swap_changes_the_model_of_equipment_only():
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="credit", amount=10)
    better = make_model("Better camera")
    promote(campaign, "swap", equipment_model=better)
    camera, credit = due(campaign)
    assert (camera.equipment_model, credit.amount) == (better, 10)
    assert better.sku in camera.reason


def test_a_promotion_counts_in_its_half_open_window_only():
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="credit", amount=10)
    promote(campaign, "multiply", 2, start=timedelta(0), end=DAY)
    amounts = [
        due(campaign, at=AT + offset)[1].amount for offset in (-timedelta.resolution, timedelta(0), DAY - timedelta.resolution, DAY)
    ]
    assert amounts == [10, 20, 20, 10]


def test_promotions_are_applied_in_the_order_they_began():
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="points", amount=10)
    promote(campaign, "multiply", 2, start=-DAY)
    promote(campaign, "add", 5, start=-2 * DAY)
    assert due(campaign)[1].amount == 30


def test_without_quotas_every_pool_of_the_model_serves():
    pool = make_pool()
    other = make_pool(model=pool.model, place="Hamburg")
    make_pool()
    campaign = make_campaign(pool=pool)
    assert offers.pools_for(campaign, pool.model) == [pool, other]
    assert offers.limits_for(campaign) == {}


def test_quotas_name_the_pools_and_limit_them():
    pool = make_pool()
    make_pool(model=pool.model, place="Hamburg")
    campaign = make_campaign(pool=pool)
    Quota.objects.create(campaign=campaign, pool=pool, units=2)
    assert offers.pools_for(campaign, pool.model) == [pool]
    assert offers.limits_for(campaign) == {pool.pk: 2}


def test_a_quota_on_another_model_does_not_matter():
    pool, other = make_pool(), make_pool()
    campaign = make_campaign(pool=pool)
    Quota.objects.create(campaign=campaign, pool=other, units=2)
    assert offers.pools_for(campaign, pool.model) == [pool]
