"""A campaign in sentences, as the first tab says it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from campaigns.in_short import cards
from campaigns.recipe_parts import CampaignPart, PromotionPart, QuotaPart, Recipe, RulePart, StepPart, TierPart

MODELS = {"camera": "Aero 7 camera for 14 days"}
PART = CampaignPart(slug="share", name="Share", headline="Bring a friend", equipment="camera", time_zone="Europe/Berlin")


def said(title: str, recipe: Recipe | None = None, **changes: Any) -> list[str]:
    recipe = recipe or Recipe(campaign=replace(PART, **changes))
    return next(list(card.sentences) for card in cards(recipe, models=MODELS) if card.title == title)


def test_a_bare_campaign_says_what_it_does_not_do() -> None:
    assert said("What it gives") == ["Nothing is given yet."]
    assert said("Who can take part") == ["Every customer can refer.", "Every friend can join."]
    assert said("How it goes") == [
        "From its launch on, without an end.",
        "A referral qualifies when the friend confirms their e-mail address, within 30 days of signing up.",
        "Rewards are then given by themselves.",
        "A promised unit is kept for 14 days.",
        "The last whose link the friend opened is credited, over the last 30 days.",
    ]
    assert said("Limits and goals") == ["The whole campaign has no limit but its equipment.", "No goal is set."]


def test_what_it_gives_names_tiers_steps_and_windows() -> None:
    recipe = Recipe(
        campaign=PART,
        tiers=(
            TierPart("loan", "referee", "A camera", "equipment", equipment="camera"),
            TierPart("credit", "referrer", "25 EUR", "credit", amount=Decimal("25.00"), step="buys"),
        ),
        steps=(StepPart("buys", "A first purchase", "first_purchase", amount=Decimal(50)),),
        promotions=(
            PromotionPart(
                "spring", "Double spring", datetime(2026, 3, 31, 22, tzinfo=UTC), datetime(2026, 4, 30, 22, tzinfo=UTC), "multiply",
                Decimal(2),
            ),
        ),
    )  # fmt: skip
    assert said("What it gives", recipe) == [
        "The friend gets the Aero 7 camera for 14 days, for joining.",
        "The referrer gets 25 EUR on account, for each friend, once “A first purchase” is done.",
        "“A first purchase”: The friend makes a purchase of at least 50 EUR, within 90 days of signing up.",
        "“Double spring”, 1 Apr 2026 to 30 Apr 2026: Amounts are multiplied by 2.",
    ]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (StepPart("buys", "Soon", "first_purchase", within_days=1), "The friend makes a purchase, within 1 day of signing up."),
        (
            StepPart("stays", "Stay", "days_active", days=1),
            "The friend is an active customer for 1 day, within 90 days of signing up.",
        ),
        (
            StepPart("buys", "Once", "n_purchases", count=1, amount=Decimal(50), within_days=2),
            "The friend makes 1 purchase of at least 50 EUR, within 2 days of signing up.",
        ),
        (
            StepPart("buys", "Twice", "n_purchases", count=2, amount=Decimal(50)),
            "The friend makes 2 purchases of at least 50 EUR each, within 90 days of signing up.",
        ),
    ],
)
def test_one_is_said_as_one_where_a_step_asks_for_it(step: StepPart, sentence: str) -> None:
    assert said("What it gives", Recipe(campaign=PART, steps=(step,)))[-1] == f"“{step.title}”: {sentence}"


def test_who_can_take_part_puts_alternatives_together() -> None:
    recipe = Recipe(
        campaign=PART,
        rules=(
            RulePart("referrer", "membership", "is", "active", "An active member."),
            RulePart("referrer", "country", "is", "DE", "Living in Germany.", group="A"),
            RulePart("referrer", "country", "is", "FR", "Living in France.", group="A"),
        ),
    )
    assert said("Who can take part", recipe) == [
        "Who refers: An active member. One of these: Living in Germany. Living in France.",
        "Every friend can join.",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"approval": "by_risk", "risk_threshold": 40}, "A person approves rewards from a risk of 40 on; the others are given by themselves."),
        ({"approval": "manual"}, "A person approves each reward."),
        ({"proof": "n_purchases", "proof_count": 3, "proof_amount": Decimal(20), "proof_within_days": 60},
         "A referral qualifies when the friend makes 3 purchases of at least 20 EUR each, within 60 days of signing up."),
        ({"starts_at": datetime(2026, 3, 31, 22, tzinfo=UTC), "ends_at": datetime(2026, 5, 1, 22, tzinfo=UTC)}, "From 1 Apr 2026 to 1 May 2026."),
        ({"name_sharing": True}, "A friend can also find the invitation by the name of who invited them."),
        ({"lapse_days": 1}, "A reward is taken back when the friend leaves within 1 day."),
        ({"claim_within_days": 21}, "A reward not used or collected within 21 days runs out."),
        ({"balance_days": 365}, "Credit and points last 365 days."),
        ({"attribution": "first_click"}, "The first whose link the friend opened is credited, over the last 30 days."),
    ],
)  # fmt: skip
def test_how_it_goes_says_each_choice(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in said("How it goes", **changes)


def test_limits_and_goals_are_said_in_words() -> None:
    part = replace(
        PART, budget=Decimal("20000.00"), total_cap=120, unit_days_cap=900, referrer_cap=1, referrer_budget=Decimal("49.50"),
        referrer_period="rolling", referrer_days=90, last_reward="clamp", news_cap=2, news_cap_days=7,
    )  # fmt: skip
    recipe = Recipe(
        campaign=part,
        quotas=(QuotaPart("camera", "Berlin", 8),),
        goals=(("conversion_rate", 0.35), ("total_referrals", 1500), ("utilisation", 0.6)),
    )
    assert said("Limits and goals", recipe) == [
        "All together at most 20,000\N{NO-BREAK SPACE}EUR, 120 rewards and 900 days of equipment.",
        "One referrer at most 1 reward and 49.50\N{NO-BREAK SPACE}EUR in the last 90 days.",
        "A reward larger than what is left is made as large as that.",
        "In Berlin at most 8 units of camera at one time.",
        "At most 2 news about it to one customer in 7 days.",
        "Goals: Share of referrals that qualify: 35 %; Referrals: 1,500; Share of the time that units are lent: 60 %.",
    ]


def test_a_monthly_limit_says_its_month() -> None:
    assert "One referrer at most 5 rewards a month." in said("Limits and goals", referrer_cap=5, referrer_period="month")
