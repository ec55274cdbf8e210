"""Steps, choices, upgrades and limits in a recipe: they go in and come out the same, and what does not fit is named."""

from datetime import date

import pytest

from audit.actors import SYSTEM
from campaigns import calendar_strip, criteria, recipes, tiers
from campaigns.calendar_strip import Window
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused, RecipeInvalid
from tests.campaigns.recipe_texts import SMALL
from tests.make import AT, make_model, make_pool

LIMITS = """budget = 100
referrer_cap = 3
referrer_budget = 60.00
referrer_unit_days = 28
referrer_period = "rolling"
referrer_days = 90
unit_days_cap = 140
last_reward = "clamp"
lapse_days = 60
claim_within_days = 30
balance_days = 365
news_cap = 2
news_cap_days = 30
"""
MORE = """
[[steps]]
key = "order"
title = "A first order of 50"
proof = "first_purchase"
amount = 50.00
within_days = 60

[[steps]]
key = "loyal"
title = "90 days a customer"
proof = "days_active"
days = 90
within_days = 120
position = 2

[[tiers]]
key = "order-credit"
side = "referrer"
title = "30 EUR"
kind = "credit"
amount = 30
step = "order"

[[tiers]]
key = "better-camera"
side = "referrer"
title = "A better camera"
kind = "equipment"
equipment = "camera"
nth = 5
replaces = "camera-member"

[[tiers]]
key = "money-instead"
side = "referrer"
title = "15 EUR off"
kind = "discount"
discount = "fixed"
amount = 15
instead_of = "camera-member"
"""
FULL = SMALL.replace("budget = 100\n", LIMITS) + MORE


@pytest.fixture
def camera(db: None) -> None:
    make_pool(model=make_model(sku="camera"), place="Berlin")


def load(text: str) -> Campaign:
    return recipes.load(recipe=recipes.parse(text), at=AT, by=SYSTEM)


def problems(text: str) -> list[str]:
    with pytest.raises(RecipeInvalid) as caught:
        recipes.parse(text)
    return list(caught.value.problems)


def test_everything_comes_out_as_it_went_in(camera: None) -> None:
    recipe = recipes.parse(FULL)
    campaign = load(FULL)
    assert recipes.recipe_of(campaign) == recipe == recipes.parse(recipes.dump(campaign))
    assert (campaign.referrer_days, campaign.last_reward, campaign.lapse_days) == (90, "clamp", 60)
    assert campaign.tiers.get(key="order-credit").step == campaign.steps.get(key="order")
    assert campaign.tiers.get(key="money-instead").discount == "fixed"


def test_steps_and_what_names_them_go_together(camera: None) -> None:
    load(FULL)
    campaign = load(SMALL)
    assert (campaign.steps.count(), campaign.tiers.count(), campaign.referrer_period) == (0, 3, "always")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('step = "order"', 'step = "nowhere"', "tiers[4].step: there is no [[steps]] with the key “nowhere”"),
        ('replaces = "camera-member"', 'replaces = "nothing"', "tiers[5].replaces: there is no [[tiers]] with the key “nothing”"),
        ('replaces = "camera-member"', 'replaces = "camera-friend"', "tiers[5].replaces: “camera-friend” is for another side or another step"),
        ('instead_of = "camera-member"', 'instead_of = "money-instead"', "tiers[6].instead_of: names the tier itself; name another one"),
        ("days = 90\nwithin", "days = 200\nwithin", "steps[2].days: is more than within_days, so nobody could ever do it"),
        ("amount = 50.00\nwithin", "amount = 50.00\ndays = 3\nwithin",
         "steps[1].days: does not go with proof = “first_purchase”; only with days_active"),
        ("news_cap = 2\n", "", "campaign.news_cap_days: goes with news_cap only"),
        ("news_cap = 2\n", "news_cap = -1\n", "campaign.news_cap: “-1” must be a whole number from 0 to 1000"),
        ("referrer_days = 90\n", "", "campaign.referrer_days: is missing; referrer_period = “rolling” needs it"),
        ('kind = "credit"\namount = 30', 'kind = "credit"\ndiscount = "fixed"\namount = 30',
         "tiers[4].discount: does not go with kind = “credit”; only with discount"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_key(old: str, new: str, problem: str) -> None:
    assert problems(FULL.replace(old, new)) == [problem]


def test_a_percent_discount_is_at_most_a_hundred_and_a_fixed_one_is_not() -> None:
    assert "tiers[6].amount: is a discount in percent, so at most 100" in problems(
        FULL.replace('discount = "fixed"\namount = 15', "amount = 150")
    )
    recipes.parse(FULL.replace('discount = "fixed"\namount = 15', 'discount = "fixed"\namount = 150'))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("amount = 50.00\nwithin_days = 60", "amount = 70.00\nwithin_days = 60", "what it asks is fixed"),
        ("within_days = 60", "within_days = 30", "the time for it can only grow"),
    ],
)
def test_a_step_shown_to_people_asks_no_more_than_it_did(camera: None, old: str, new: str, why: str) -> None:
    campaign = load(FULL)
    Campaign.objects.filter(pk=campaign.pk).update(launched_at=AT, state="live")
    load(FULL.replace("within_days = 60", "within_days = 61").replace("A first order of 50", "Your first order of 50"))
    with pytest.raises(CampaignRefused, match=why):
        load(FULL.replace(old, new))


def test_the_limit_of_one_person_says_over_which_time_it_counts(camera: None) -> None:
    campaign = load(FULL)
    assert "Each person can earn at most 3 rewards in 90 days." in criteria.sentences(campaign, "referrer")


def test_choices_are_the_tier_and_what_stands_beside_it_whichever_is_named() -> None:
    rungs = [tiers.Rung("a", "referrer", 1, "each"), tiers.Rung("b", "referrer", 1, "each", instead_of="a"),
             tiers.Rung("c", "referrer", 1, "each", variant="loud", instead_of="a"), tiers.Rung("d", "referrer", 2, "each")]  # fmt: skip
    assert [rung.key for rung in tiers.choices(rungs, key="a")] == ["a", "b"]
    assert [rung.key for rung in tiers.choices(rungs, key="b", variant="loud")] == ["a", "b", "c"]
    assert [rung.key for rung in tiers.due(rungs, side="referrer", nth=2)] == ["a", "d"]
    assert [rung.key for rung in tiers.choices(rungs, key="d")] == ["d"]


# --- promotions on a strip of months --------------------------------------------------------------------------------
def test_a_strip_runs_from_the_first_month_to_the_end_of_the_last() -> None:
    window = Window("Easter", date(2026, 4, 3), date(2026, 4, 6), "to_come", "3 Apr 2026 to 6 Apr 2026")
    strip = calendar_strip.strip([window], today=date(2026, 3, 16))
    assert strip is not None
    assert [(month.name, month.x) for month in strip.months] == [("Mar 2026", 0.0), ("Apr", 50.82)]
    assert (strip.windows[0].x, strip.windows[0].width, strip.today) == (54.1, 6.56, 24.59)


def test_without_promotions_there_is_no_strip_and_a_long_one_names_few_months() -> None:
    assert calendar_strip.strip([], today=date(2026, 3, 16)) is None
    window = Window("Long", date(2026, 1, 1), date(2028, 12, 31), "running", "")
    strip = calendar_strip.strip([window], today=date(2026, 3, 16))
    assert strip is not None and len(strip.months) <= 8


def test_shipped_recipes_show_steps_choices_and_days_of_loan() -> None:
    shipped = {name: recipes.parse(path.read_text(encoding="utf-8")) for name, path in recipes.shipped().items()}
    steps = {name: [step.key for step in recipe.steps] for name, recipe in shipped.items() if recipe.steps}
    assert steps == {"staged_after_purchase": ["second-order", "half-a-year"]}
    chosen = {name: tier.instead_of for name, recipe in shipped.items() for tier in recipe.tiers if tier.instead_of}
    assert chosen == {"milestone_ladder": "rower-at-five"}
    days = {name: (recipe.campaign.referrer_unit_days, recipe.campaign.unit_days_cap) for name, recipe in shipped.items()}
    limited = {name for name, limits in days.items() if any(limits)}
    assert limited == {"dual_sided_loaner", "b2b_demo_unit"}
