"""A recipe's text is checked wholly, and every problem is said at once by its key."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings

from campaigns import recipes
from campaigns.recipe_parts import AgreementPart, CampaignPart, PromotionPart, QuotaPart, RulePart, TierPart, VariantPart
from campaigns.refusals import RecipeInvalid
from customers.facts import FIELDS
from tests.campaigns.recipe_texts import SMALL


def problems(text):
    with pytest.raises(RecipeInvalid) as caught:
        recipes.parse(text)
    return list(caught.value.problems)


def changed(old, new):
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def test_a_recipe_becomes_plain_data_in_a_fixed_order():
    recipe = recipes.parse(SMALL)
    assert recipe.campaign.budget == Decimal("100.00")
    assert recipe.campaign.starts_at == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert recipe.campaign.ends_at == datetime(2026, 5, 1, 16, tzinfo=UTC)
    assert [tier.key for tier in recipe.tiers] == ["camera-member", "points-loud", "camera-friend"]
    assert recipe.rules[1].value == ("DE", "FR")
    assert recipe.goals == (("conversion_rate", 0.25), ("total_referrals", 30))
    assert recipe.terms.body == "Be fair.\nBring it back."
    assert recipe.loan_terms.body == 'Take care of it: "really".'


def test_what_is_written_is_read_again():
    recipe = recipes.parse(SMALL)
    assert recipes.parse(recipes.write(recipe)) == recipe
    assert recipes.write(recipes.parse(recipes.write(recipe))) == recipes.write(recipe)


@pytest.mark.parametrize("name", sorted(recipes.shipped()))
def test_shipped_recipes_are_valid_and_believable(name):
    recipe = recipes.parse(recipes.shipped()[name].read_text(encoding="utf-8"))
    assert recipes.parse(recipes.write(recipe)) == recipe
    assert recipe.campaign.time_zone == "Europe/Berlin"
    assert recipe.campaign.currency == "EUR"
    assert min(len(recipe.terms.body), len(recipe.loan_terms.body)) > 700


def test_there_are_five_shipped_recipes():
    assert list(recipes.shipped()) == [
        "b2b_demo_unit", "dual_sided_loaner", "milestone_ladder", "referrer_only", "staged_after_purchase",
    ]  # fmt: skip


def test_all_problems_come_at_once_each_naming_its_key():
    text = changed('kind = "equipment"', 'kind = "gift"').replace('headline = "Bring a friend"\n', "currancy = 3\n", 1)
    assert problems(text.replace("amount = 2\n", "amount = 2.345\n")) == [
        "campaign.headline: is missing",
        "campaign.currancy: there is no such key; did you mean “currency”?",
        "tiers[1].kind: “gift” is not known; allowed: equipment, credit, discount, cash, product, points",
        "promotions[1].amount: 2.345 has more than two decimals",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "share"', 'slug = "a b"', "campaign.slug: “a b” must be 1 to 50 letters"),
        ('slug = "share"', "slug = 5", "campaign.slug: “5” is not a text; put it in quotation marks"),
        ('name = "Share"', f'name = "{"x" * 121}"', "campaign.name: is 121 characters long; at most 120 fit"),
        ('name = "Share"', 'name = "a\\u0000b"', "campaign.name: holds a control character"),
        ('name = "Share"', 'name = "a\\nb"', "campaign.name: must be on one line"),
        ('name = "Share"', 'name = "  "', "campaign.name: is empty"),
        (
            'time_zone = "Europe/Berlin"',
            'time_zone = "Europe/Atlantis"',
            "campaign.time_zone: “Europe/Atlantis” is not a time zone",
        ),
        ('time_zone = "Europe/Berlin"', 'time_zone = "../etc/passwd"', "campaign.time_zone:"),
        ("starts_at = 2026-04-01", 'starts_at = "2026-04-01"', "campaign.starts_at: “2026-04-01” is not a date; write it without"),
        ("starts_at = 2026-04-01", "starts_at = 2026-06-01", "campaign.ends_at: must be later than starts_at"),
        ("starts_at = 2026-04-01", "starts_at = 1026-06-01", "campaign.starts_at: the year 1026"),
        ("budget = 100", "budget = -1", "campaign.budget: “-1” must be a number above 0"),
        ("budget = 100", "budget = nan", "campaign.budget: “NaN” must be a number"),
        ("budget = 100", "budget = true", "campaign.budget: “True” must be a number"),
        ("budget = 100", f"budget = 0x{'F' * 5000}", "campaign.budget: “0xfff"),
        ("budget = 100", 'currency = "Euro"', "campaign.currency: “Euro” is not a currency"),
        ("budget = 100", 'proof = "n_purchases"', "campaign.proof_count: is missing; proof = “n_purchases” needs it"),
        (
            "budget = 100",
            "proof_days = 5",
            "campaign.proof_days: does not go with proof = “verified_signup”; only with days_active",
        ),
        ("budget = 100", 'proof = "days_active"\nproof_days = 31', "campaign.proof_days: is more than proof_within_days"),
        ("budget = 100", "hold_days = 0", "campaign.hold_days: “0” must be a whole number from 1 to 365"),
        ("budget = 100", "hold_days = 1.5", "campaign.hold_days: “1.5” must be a whole number"),
        ("budget = 100", 'rewarded = "referrer"', "tiers[1].side: “referee” is not rewarded: campaign.rewarded is “referrer”"),
        ("total_referrals = 30", '"Total" = 30', "goals.Total: is not a goal; allowed are total_referrals, conversion_rate"),
        ("total_referrals = 30", 'total_referrals = "many"', "goals.total_referrals: “many” must be a number"),
        (
            "conversion_rate = 0.25",
            "conversion_rate = 0.1234567",
            "goals.conversion_rate: “0.1234567” must be a number with at most 6",
        ),
        ("value = 90", "value = 90.5", "rules[1].value: 90.5 must be a whole number"),
        ("value = 90", "value = inf", "rules[1].value: “Infinity” is not a number"),
        ("value = 90\n", "", "rules[1].value: is missing"),
        ('field = "country"', 'field = "age"', "rules[2].justification: is missing; age is sensitive"),
        ('side = "referrer"', 'side = "friend"', "rules[1].side: “friend” is not known; allowed: referrer, referee"),
        ('key = "loud"', 'key = "plain"', "variants: the key “plain” is there 2 times; each must be unique"),
        ('variant = "loud"', 'variant = "lood"', "tiers[3].variant: there is no [[variants]] with the key “lood”"),
        (
            'equipment = "camera"\n\n[[tiers]]',
            "\n[[tiers]]",
            "tiers[1].equipment: is missing; a tier of kind “equipment” names the SKU",
        ),
        ("amount = 10\n", "", "tiers[3].amount: is missing; a tier of kind “points” needs it"),
        ("amount = 10\n", 'amount = 10\nequipment = "camera"\n', "tiers[3].equipment: does not go with kind = “points”"),
        ("cost = 10.5", "amount = 10.5", "tiers[2].amount: does not go with kind = “equipment”"),
        (
            'kind = "points"\namount = 10',
            'kind = "discount"\namount = 101',
            "tiers[3].amount: is a discount in percent, so at most 100",
        ),
        ('kind = "equipment"', 'kind = "equipment"\nnth = 2', "tiers[1].nth: must be 1 for the friend"),
        ("units = 2", "units = -2", "quotas[1].units: “-2” must be a whole number from 0"),
        ('effect = "multiply"', 'effect = "swap"', "promotions[1].equipment: is missing; the effect “swap” needs it"),
        ('effect = "multiply"', 'effect = "double"', "promotions[1].effect: “double” is not known; allowed: multiply, add, swap"),
        ("ends_at = 2026-04-07", "ends_at = 2026-04-03", "promotions[1].ends_at: must be later than starts_at"),
        ('slug = "share-loan-terms"', 'slug = "share-terms"', "loan_terms.slug: must differ from terms.slug"),
        ('body = "Be fair.\\nBring it back."', 'body = ""', "terms.body: is empty"),
        ("[terms]", "[therms]", "therms: there is no such key; did you mean “terms”?"),
        ("[[quotas]]", "[quotas]", "quotas: must be a list of tables; write each as [[quotas]]"),
        ("[terms]", "[[terms]]", "terms: must be a table; write it as [terms]"),
    ],
)
def test_each_problem_is_said_by_its_key(old, new, said):
    assert any(problem.startswith(said) for problem in problems(changed(old, new))), problems(changed(old, new))


def test_an_empty_recipe_says_what_it_needs():
    assert problems("") == ["campaign: is missing"]


def test_an_unclosed_text_is_told_by_line_and_column():
    (problem,) = problems('[campaign]\nslug = "share\n')
    assert problem.startswith("The file is not valid TOML: ")
    assert problem.endswith("in line 2, column 14.")


@pytest.mark.parametrize(
    "text",
    [
        "a = ",
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = " + "9" * 5000,
        "= 5",
        "a = 2026-13-01",
        "\x00",
        "{",
        "a = " + "[" * 5000,
        "a = 1e99999999999999999999",
    ],
)
def test_malformed_text_is_refused_in_words(text):
    (problem,) = problems(text)
    assert problem.startswith("The file is ") or "a: there is no such key" in problem or problem == "campaign: is missing"


def test_a_text_that_is_far_too_long_is_not_read():
    assert problems("#" * 1_000_001) == ["The file is longer than 1000000 characters; a recipe is a few pages."]


def test_a_byte_order_mark_does_no_harm():
    assert recipes.parse("\ufeff" + SMALL) == recipes.parse(SMALL)


@pytest.mark.parametrize("part", [CampaignPart, AgreementPart, RulePart, TierPart, QuotaPart, VariantPart, PromotionPart])
def test_every_key_is_described(part):
    text = (settings.BASE_DIR / "docs" / "recipes.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(part) if f"`{field.name}`" not in text] == []


def test_every_field_a_rule_may_ask_about_is_described():
    text = (settings.BASE_DIR / "docs" / "recipes.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in text] == []
