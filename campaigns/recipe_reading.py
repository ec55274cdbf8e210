"""From the tables of a recipe to its parts: which keys there are, what each may be, and what must agree with what."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from campaigns.hints import shown
from campaigns.recipe_format import Table
from campaigns.recipe_parts import (
    AgreementPart,
    CampaignPart,
    PromotionPart,
    QuotaPart,
    Recipe,
    RulePart,
    VariantPart,
    ordered,
)
from campaigns.recipe_tiers import read_step, read_tier, tiers_agree
from campaigns.recipe_translations import read_language, read_translations, read_wordings
from campaigns.rule_checks import problems_of
from campaigns.states import Approval, Attribution, LastReward, Programme, Proof, ReferrerPeriod, Rewarded, Side
from campaigns.words import GOALS

EFFECTS = ("multiply", "add", "swap")
_PROOF_KEYS = {
    "proof_amount": (Proof.FIRST_PURCHASE, Proof.N_PURCHASES),
    "proof_count": (Proof.N_PURCHASES,),
    "proof_days": (Proof.DAYS_ACTIVE,),
}
_REQUIRED = {Proof.N_PURCHASES: "proof_count", Proof.DAYS_ACTIVE: "proof_days"}


def read(root: Table) -> Recipe:
    """A whole recipe. What is wrong is noted in the table's problems; the answer is of use only when there are none."""
    campaign_table = root.part("campaign", is_required=True) or Table({}, "campaign", [])
    campaign = _campaign(campaign_table)
    recipe = Recipe(
        campaign=campaign,
        terms=_agreement(root.part("terms")),
        loan_terms=_agreement(root.part("loan_terms")),
        rules=tuple(_rule(table) for table in root.parts("rules")),
        variants=tuple(_variant(table) for table in root.parts("variants")),
        steps=tuple(read_step(table) for table in root.parts("steps")),
        tiers=tuple(read_tier(table, campaign) for table in root.parts("tiers")),
        quotas=tuple(_quota(table) for table in root.parts("quotas")),
        promotions=tuple(_promotion(table, campaign.time_zone) for table in root.parts("promotions")),
        goals=_goals(root.part("goals")),
        translations=read_translations(root.part("translations")),
    )
    root.close()
    _agree(root, recipe)
    return ordered(recipe)


def _campaign(table: Table) -> CampaignPart:
    zone = table.zone("time_zone", default="UTC")
    part = CampaignPart(
        slug=table.slug("slug", is_required=True),
        name=table.text("name", limit=120, is_required=True),
        headline=table.text("headline", limit=120, is_required=True),
        equipment=table.slug("equipment", is_required=True),
        pitch=table.text("pitch"),
        language=read_language(table),
        programme=table.choice("programme", Programme.values, default=Programme.FRIEND),
        starts_at=table.instant("starts_at", zone),
        ends_at=table.instant("ends_at", zone),
        time_zone=zone,
        currency=_currency(table),
        owner=table.text("owner", limit=150),
        rewarded=table.choice("rewarded", Rewarded.values, default=Rewarded.BOTH),
        **_proof(table),
        attribution=table.choice("attribution", Attribution.values, default=Attribution.LAST_CLICK),
        attribution_days=table.whole("attribution_days", most=730, default=30),
        approval=table.choice("approval", Approval.values, default=Approval.AUTOMATIC),
        risk_threshold=table.whole("risk_threshold", least=0, most=100, default=50),
        hold_days=table.whole("hold_days", most=365, default=14),
        name_sharing=table.flag("name_sharing"),
        budget=table.money("budget"),
        **_limits(table),
    )
    _window(table, part.starts_at, part.ends_at)
    table.close()
    return part


def _currency(table: Table) -> str:
    currency = table.text("currency") or "EUR"
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not currency.isupper():
        table.problem("currency", f"“{shown(currency)}” is not a currency; write three capital letters such as EUR (ISO 4217)")
    return currency


def _proof(table: Table) -> dict[str, Any]:
    proof = table.choice("proof", Proof.values, default=Proof.VERIFIED_SIGNUP)
    values = {
        "proof": proof,
        "proof_amount": table.money("proof_amount"),
        "proof_count": table.whole("proof_count", most=1000),
        "proof_days": table.whole("proof_days", most=730),
        "proof_within_days": table.whole("proof_within_days", most=730, default=30),
    }
    for key, proofs in _PROOF_KEYS.items():
        if table.has(key) and proof not in proofs:
            table.problem(key, f"does not go with proof = “{proof}”; only with {' or '.join(proofs)}")
    required = _REQUIRED.get(Proof(proof))
    if required and not table.has(required):
        table.problem(required, f"is missing; proof = “{proof}” needs it")
    if (values["proof_days"] or 0) > values["proof_within_days"]:
        table.problem("proof_days", "is more than proof_within_days, so nobody could ever do it")
    return values


def _limits(table: Table) -> dict[str, Any]:
    values = {
        "referrer_cap": table.whole("referrer_cap", most=10**9),
        "referrer_budget": table.money("referrer_budget"),
        "referrer_unit_days": table.whole("referrer_unit_days", most=10**9),
        "referrer_period": table.choice("referrer_period", ReferrerPeriod.values, default=ReferrerPeriod.ALWAYS),
        "referrer_days": table.whole("referrer_days", most=3650),
        "total_cap": table.whole("total_cap", most=10**9),
        "unit_days_cap": table.whole("unit_days_cap", most=10**9),
        "last_reward": table.choice("last_reward", LastReward.values, default=LastReward.REFUSE),
        "lapse_days": table.whole("lapse_days", most=3650),
        "claim_within_days": table.whole("claim_within_days", most=3650),
        "balance_days": table.whole("balance_days", most=3650),
        "news_cap": table.whole("news_cap", least=0, most=1000),
        "news_cap_days": table.whole("news_cap_days", most=3650),
    }
    if table.has("news_cap_days") and not table.has("news_cap"):
        table.problem("news_cap_days", "goes with news_cap only")
    is_rolling = values["referrer_period"] == ReferrerPeriod.ROLLING
    if is_rolling and not table.has("referrer_days"):
        table.problem("referrer_days", "is missing; referrer_period = “rolling” needs it")
    if not is_rolling and table.has("referrer_days"):
        table.problem("referrer_days", f"does not go with referrer_period = “{values['referrer_period']}”; only with rolling")
    return values


def _window(table: Table, starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at and ends_at and ends_at <= starts_at:
        table.problem("ends_at", "must be later than starts_at")


def _agreement(table: Table | None) -> AgreementPart | None:
    if table is None:
        return None
    part = AgreementPart(
        slug=table.slug("slug", is_required=True),
        title=table.text("title", limit=120, is_required=True),
        body=table.text("body", is_required=True),
        translations=read_wordings(table.part("translations")),
    )
    table.close()
    return part


def _rule(table: Table) -> RulePart:
    part = RulePart(
        side=table.choice("side", Side.values),
        field=table.text("field", limit=60, is_required=True),
        operator=table.text("operator", is_required=True),
        value=table.raw("value"),
        sentence=table.text("sentence", limit=200, is_required=True),
        group=table.text("group", limit=40),
        justification=table.text("justification"),
        source=table.text("source", limit=40),
    )
    if part.field and part.operator and table.has("value"):
        for key, problem in problems_of(part):
            if key not in ("side", "sentence", "group"):  # The table has noted what is wrong with these.
                table.problem(key, problem)
    table.close()
    return part


def _variant(table: Table) -> VariantPart:
    part = VariantPart(
        key=table.slug("key", is_required=True),
        weight=table.whole("weight", least=0, most=1000, default=1),
        headline=table.text("headline", limit=120),
        pitch=table.text("pitch"),
    )
    table.close()
    return part


def _quota(table: Table) -> QuotaPart:
    part = QuotaPart(
        sku=table.slug("sku", is_required=True),
        place=table.text("place", limit=80, is_required=True),
        units=table.whole("units", least=0, most=100_000, default=0, is_required=True),
    )
    table.close()
    return part


def _promotion(table: Table, zone: str) -> PromotionPart:
    starts_at = table.instant("starts_at", zone, is_required=True)
    ends_at = table.instant("ends_at", zone, is_required=True)
    anytime = datetime.min.replace(tzinfo=UTC)
    part = PromotionPart(
        key=table.slug("key", is_required=True),
        name=table.text("name", limit=120, is_required=True),
        starts_at=starts_at or anytime,
        ends_at=ends_at or anytime,
        effect=table.choice("effect", EFFECTS),
        amount=table.money("amount"),
        equipment=table.slug("equipment"),
    )
    _window(table, starts_at, ends_at)
    if table.has("effect") and table.data["effect"] in EFFECTS:
        needed, other = ("equipment", "amount") if part.effect == "swap" else ("amount", "equipment")
        if not table.has(needed):
            table.problem(needed, f"is missing; the effect “{part.effect}” needs it")
        if table.has(other):
            table.problem(other, f"does not go with the effect “{part.effect}”")
    table.close()
    return part


def _goals(table: Table | None) -> tuple[tuple[str, int | float], ...]:
    if table is None:
        return ()
    for key in table.data:
        if key not in GOALS:
            table.problem(key[:60], f"is not a goal; allowed are {', '.join(GOALS)}")
    return tuple((key, table.number(key)) for key in table.data)


def _agree(root: Table, recipe: Recipe) -> None:
    """What must agree across tables."""
    _once(root, "tiers", (tier.key for tier in recipe.tiers), "key")
    _once(root, "variants", (variant.key for variant in recipe.variants), "key")
    _once(root, "promotions", (promotion.key for promotion in recipe.promotions), "key")
    _once(root, "quotas", (f"{quota.sku} in {quota.place}" for quota in recipe.quotas), "sku and place")
    _once(root, "steps", (step.key for step in recipe.steps), "key")
    tiers_agree(root, recipe)
    if recipe.variants and not any(variant.weight for variant in recipe.variants):
        root.problem("variants", "at least one needs a weight above 0")
    if recipe.terms and recipe.loan_terms and recipe.terms.slug == recipe.loan_terms.slug:
        root.problem("loan_terms.slug", "must differ from terms.slug: they are two documents")


def _once(root: Table, name: str, keys: Iterable[str], what: str) -> None:
    for key, count in Counter(keys).items():
        if key and count > 1:
            root.problem(name, f"the {what} “{key}” is there {count} times; each must be unique")
