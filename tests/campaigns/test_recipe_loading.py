"""Recipes go into the database and come out the same; what was promised is never broken."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns import recipes
from campaigns.models import Campaign, EligibilityRule, Quota
from campaigns.recipe_parts import PromotionPart, QuotaPart, RulePart, TierPart, VariantPart, ordered
from campaigns.refusals import CampaignRefused, RecipeInvalid
from customers.models import Agreement, Attribute
from equipment import lending
from referrals.models import Code, Promise, Referral
from tests.campaigns.recipe_texts import SMALL
from tests.make import AT, make_campaign, make_customer, make_model, make_pool

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def camera():
    """The model and the pool the recipe names."""
    model = make_model(sku="camera")
    make_pool(model=model, place="Berlin")
    return model


def load(recipe, at=AT, by=SYSTEM):
    return recipes.load(recipe=recipes.parse(recipe) if isinstance(recipe, str) else recipe, at=at, by=by)


def launched(campaign):
    Campaign.objects.filter(pk=campaign.pk).update(state="live", launched_at=AT)
    campaign.refresh_from_db()
    return campaign


def reasons(recipe):
    with pytest.raises(CampaignRefused) as caught:
        load(recipe)
    return list(caught.value.reasons)


def test_a_recipe_becomes_a_draft_campaign(trail_of):
    campaign = load(SMALL)
    assert (campaign.state, campaign.budget, campaign.equipment_model.sku) == ("draft", Decimal("100.00"), "camera")
    assert campaign.campaign_terms.current().body == "Be fair.\nBring it back."
    assert campaign.variants.get(key="loud").overrides == {"headline": "Borrow a camera!"}
    assert campaign.tiers.get(key="points-loud").variant.key == "loud"
    assert campaign.quotas.get().units == 2
    assert trail_of("share") == ["campaign.created"]


def test_loading_the_same_recipe_twice_changes_and_records_nothing():
    load(SMALL)
    entries = Entry.objects.count()
    rows = list(EligibilityRule.objects.values_list("pk", flat=True))
    load(SMALL, at=LATER)
    assert Entry.objects.count() == entries
    assert list(EligibilityRule.objects.values_list("pk", flat=True)) == rows
    assert Agreement.objects.get(slug="share-terms").versions.count() == 1


def test_a_round_trip_changes_nothing():
    text = recipes.dump(load(SMALL))
    assert recipes.parse(text) == recipes.parse(SMALL)
    assert recipes.dump(load(text)) == text


def test_loading_a_launched_campaign_again_keeps_the_start_of_its_launch():
    campaign = load(SMALL.replace("starts_at = 2026-04-01\n", "", 1))
    Campaign.objects.filter(pk=campaign.pk).update(state="live", launched_at=AT, starts_at=AT)
    load(SMALL.replace("starts_at = 2026-04-01\n", "", 1), at=LATER)
    campaign.refresh_from_db()
    assert campaign.starts_at == AT
    assert Entry.objects.filter(event="campaign.changed").count() == 0


def test_a_changed_wording_is_published_as_a_new_version(trail_of):
    load(SMALL)
    load(SMALL.replace("Be fair.", "Be fair and kind.", 1), at=LATER)
    agreement = Agreement.objects.get(slug="share-terms")
    assert agreement.current().number == 2
    assert agreement.current().published_at == LATER
    assert trail_of("share") == ["campaign.created", "campaign.changed"]


def test_changes_are_recorded_with_before_and_after():
    load(SMALL)
    load(SMALL.replace("budget = 100", "budget = 120", 1).replace("units = 2", "units = 3"), at=LATER)
    entry = Entry.objects.get(event="campaign.changed")
    assert entry.sentence == "Changed: Budget; Units of camera in Berlin, at most."
    assert '"before":{"campaign.budget":"100.00","quotas.camera@Berlin":"2"}' in entry.data
    assert '"after":{"campaign.budget":"120.00","quotas.camera@Berlin":"3"}' in entry.data


def test_the_owner_never_enters_the_trail():
    load(SMALL.replace("budget = 100", 'owner = "Asha Rao"', 1))
    assert not Entry.objects.filter(data__contains="Asha").exists()


def test_changed_rules_are_a_new_version_and_the_old_ones_stay(trail_of):
    campaign = launched(load(SMALL))
    load(SMALL.replace("value = 90", "value = 60", 1), at=LATER)
    campaign.refresh_from_db()
    assert campaign.rules_version == 2
    assert list(campaign.rules.filter(field="membership_days").values_list("version", "value")) == [(1, 90), (2, 60)]
    assert trail_of("share") == ["campaign.created", "campaign.rules_changed"]
    data = Entry.objects.get(event="campaign.rules_changed").data
    assert '"value":"90"' in data.split('"before"')[1]
    assert '"value":"60"' in data.split('"after"')[1].split('"before"')[0]


def test_parts_that_are_gone_from_the_recipe_are_gone_from_a_draft():
    load(SMALL)
    recipe = recipes.parse(SMALL)
    campaign = load(replace(recipe, variants=(), promotions=(), quotas=(), tiers=recipe.tiers[:1], goals=(), loan_terms=None))
    assert [tier.key for tier in campaign.tiers.all()] == ["camera-member"]
    assert (campaign.variants.count(), campaign.promotions.count(), campaign.quotas.count()) == (0, 0, 0)
    assert (campaign.goals, campaign.loan_terms) == ({}, None)


def test_what_is_unknown_here_is_named_all_at_once():
    text = SMALL.replace('equipment = "camera"', 'equipment = "aero"').replace('place = "Berlin"', 'place = "Rome"')
    with pytest.raises(RecipeInvalid) as caught:
        load(text.replace('field = "country"', 'field = "attribute.plan"', 1))
    said = "create it under Equipment, or import its units, then load again"
    assert list(caught.value.problems) == [
        f"campaign.equipment: there is no equipment model with the SKU “aero”; {said}",
        f"tiers “camera-member”.equipment: there is no equipment model with the SKU “aero”; {said}",
        f"tiers “camera-friend”.equipment: there is no equipment model with the SKU “aero”; {said}",
        f"quotas: there is no pool of “camera” in “Rome”; {said}",
        "rules[2].field: the attribute “plan” is not declared; declare it under Attributes first",
    ]
    assert not Campaign.objects.exists()
    assert not Agreement.objects.exists()


def test_a_rule_on_a_declared_attribute_is_loaded_with_its_sensitivity():
    Attribute.objects.create(name="plan", label="Plan", type="text", is_sensitive=True)
    text = SMALL.replace('field = "country"', 'field = "attribute.plan"\njustification = "Agreed with the works council."', 1)
    assert load(text).rules.get(field="attribute.plan").is_sensitive


def promise(campaign, camera, tier):
    asha, ben = make_customer(), make_customer("Ben Meyer")
    code = Code.objects.create(code="AAAA", campaign=campaign, customer=asha, equipment_model=camera, rules_version=1, issued_at=AT)
    referral = Referral.objects.create(
        campaign=campaign, code=code, referrer=asha, referee=ben, signed_up_at=AT, proof_due_at=LATER
    )
    pool = camera.pools.get()
    loan = pool.loans.create(
        borrower=asha, purpose="p", state="held", created_at=AT, starts_at=AT, blocked_until=LATER, hold_expires_at=LATER
    )
    Promise.objects.create(referral=referral, side="referrer", tier=campaign.tiers.get(key=tier), loan=loan, made_at=AT)


def test_a_tier_with_promises_is_neither_removed_nor_changed(camera):
    campaign = launched(load(SMALL))
    promise(campaign, camera, "camera-member")
    recipe = recipes.parse(SMALL)
    without = replace(recipe, tiers=tuple(tier for tier in recipe.tiers if tier.key != "camera-member"))
    assert reasons(without) == [
        "The tier “camera-member” has promises or rewards and cannot be removed. Keep it, or load a new campaign."
    ]
    later = tuple(replace(tier, nth=2) if tier.key == "camera-member" else tier for tier in recipe.tiers)
    assert reasons(replace(recipe, tiers=later)) == [
        "The tier “camera-member” has promises or rewards; what it gives and when is fixed. Add a tier under another key."
    ]


def test_the_title_and_the_cost_of_a_promised_tier_may_change(camera):
    campaign = launched(load(SMALL))
    promise(campaign, camera, "camera-member")
    recipe = recipes.parse(SMALL)
    tiers = tuple(replace(tier, title="Our best camera", cost=Decimal("12.00")) for tier in recipe.tiers)
    load(replace(recipe, tiers=tiers))
    assert campaign.tiers.get(key="camera-member").title == "Our best camera"


def test_what_people_were_told_is_fixed_since_the_launch():
    launched(load(SMALL))
    text = SMALL.replace("budget = 100", 'currency = "USD"\nproof = "first_purchase"\nproof_within_days = 20', 1)
    assert reasons(text.replace('slug = "share-terms"', 'slug = "other-terms"')) == [
        "terms: people accepted “share-terms”. Change its body, and a new version is published; keep its slug.",
        "campaign.currency: is fixed since the launch (“EUR”, not “USD”). Load a new campaign instead.",
        "campaign.proof: is fixed since the launch (“verified_signup”, not “first_purchase”). Load a new campaign instead.",
        "campaign.proof_within_days: people were given 30 days; it can only grow.",
    ]


def test_a_refused_change_leaves_everything_as_it_was():
    launched(load(SMALL))
    before = recipes.dump(Campaign.objects.get())
    entries = Entry.objects.count()
    reasons(SMALL.replace("budget = 100", 'currency = "USD"', 1).replace("value = 90", "value = 60"))
    assert recipes.dump(Campaign.objects.get()) == before
    assert Entry.objects.count() == entries


def test_an_ended_campaign_does_not_change_any_more():
    campaign = load(SMALL)
    Campaign.objects.filter(pk=campaign.pk).update(state="ended")
    load(SMALL)
    assert "does not change any more" in reasons(SMALL.replace("budget = 100", "budget = 120", 1))[0]


def test_loading_needs_the_permission(django_user_model):
    eve = django_user_model.objects.create_user("eve")
    with pytest.raises(PermissionDenied):
        load(SMALL, by=staff(eve))


def test_a_credit_score_needs_the_permission_to_read_one():
    dev = User.objects.create_user("dev")
    dev.user_permissions.set(Permission.objects.filter(codename__in=["load_campaign", "publish_agreement"]))
    rule = RulePart("referrer", "credit_score", "at_least", 600, "A good score.", "", "Deposit-free.", "own account history")
    recipe = replace(recipes.parse(SMALL), rules=(rule,))
    with pytest.raises(PermissionDenied, match="customers.read_credit_score"):
        load(recipe, by=staff(dev))
    dev.user_permissions.add(Permission.objects.get(codename="read_credit_score"))
    assert load(recipe, by=staff(User.objects.get(pk=dev.pk))).rules.get().source == "own account history"


MONEY = st.decimals(Decimal("0.01"), Decimal("9999"), places=2)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
BODIES = st.lists(WORDS, min_size=1, max_size=4).map("\n".join)
RULES = st.one_of(
    st.builds(
        RulePart, st.just("referrer"), st.just("city"), st.just("one_of"), st.lists(WORDS, min_size=1, max_size=2).map(tuple), WORDS
    ),
    st.builds(
        RulePart, st.just("referee"), st.just("membership_days"), st.just("at_least"), st.integers(0, 999), WORDS, group=WORDS
    ),
    st.builds(RulePart, st.just("referee"), st.just("is_verified"), st.just("is"), st.booleans(), WORDS),
)
TIERS = st.one_of(
    st.builds(TierPart, st.just("one"), st.just("referrer"), WORDS, st.just("credit"), st.integers(1, 9), amount=MONEY, cost=MONEY),
    st.builds(
        TierPart,
        st.just("two"),
        st.just("referee"),
        WORDS,
        st.just("equipment"),
        equipment=st.just("camera"),
        variant=st.sampled_from(["", "a"]),
    ),
)
WINDOWS = st.integers(0, 10**7).map(lambda minutes: AT + timedelta(minutes=minutes))
PROMOTIONS = st.builds(
    lambda start, name, amount: PromotionPart("p", name, start, start + timedelta(hours=5), "add", amount), WINDOWS, WORDS, MONEY
)


@st.composite
def generated(draw):
    small = recipes.parse(SMALL)
    optional = st.none()
    campaign = replace(
        small.campaign,
        name=draw(WORDS),
        pitch=draw(BODIES),
        owner=draw(st.one_of(st.just(""), WORDS)),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])),
        starts_at=draw(st.one_of(optional, WINDOWS)),
        ends_at=None,
        budget=draw(st.one_of(optional, MONEY)),
        referrer_cap=draw(st.one_of(optional, st.integers(1, 10**6))),
    )
    goals = draw(
        st.dictionaries(
            st.sampled_from(["total_referrals", "utilisation"]),
            st.one_of(st.integers(-5, 5), st.sampled_from([0.1, 1.234567, -2.5])),
        )
    )
    return ordered(
        replace(
            small,
            campaign=campaign,
            terms=replace(small.terms, title=draw(WORDS), body=draw(BODIES)),
            loan_terms=draw(st.sampled_from([None, small.loan_terms])),
            rules=tuple(draw(st.lists(RULES, max_size=3))),
            tiers=tuple(draw(st.lists(TIERS, max_size=2, unique_by=lambda tier: tier.key))),
            quotas=tuple(draw(st.lists(st.builds(QuotaPart, st.just("camera"), st.just("Berlin"), st.integers(0, 9)), max_size=1))),
            variants=(draw(st.builds(VariantPart, st.just("a"), st.integers(1, 9), WORDS, BODIES)),),
            promotions=tuple(draw(st.lists(PROMOTIONS, max_size=1))),
            goals=tuple(goals.items()),
        )
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=generated(), second=generated())
def test_any_recipe_survives_text_and_database_and_replaces_another(first, second):
    for recipe in (first, second):
        assert recipes.parse(recipes.write(recipe)) == recipe
        campaign = Campaign.objects.get(pk=load(recipe).pk)
        text = recipes.dump(campaign)
        assert recipes.parse(text) == recipe
        assert recipes.dump(load(text)) == text


def test_a_raised_quota_reaches_those_who_wait_already() -> None:
    pool = make_pool(units=2)
    campaign = make_campaign(pool=pool, slug="with-quota")
    Quota.objects.create(campaign=campaign, pool=pool, units=1)
    hold = {"pools": [pool], "until": AT + timedelta(days=14), "at": AT, "by": SYSTEM, "account": "with-quota"}
    lending.hold(borrower=make_customer("Asha Rao"), purpose="first", limits={pool.pk: 1}, **hold)
    second = lending.hold(borrower=make_customer("Ben Okoro"), purpose="second", limits={pool.pk: 1}, **hold)
    assert second.state == "waitlisted"
    stored = recipes.recipe_of(campaign)
    raised = replace(stored, quotas=(replace(stored.quotas[0], units=2),))
    recipes.load(recipe=raised, at=AT, by=SYSTEM)
    second.refresh_from_db()
    assert second.state == "held"
