"""A campaign as plain data: what a recipe says, what the database holds, and what is compared to find a change."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns.states import Approval, Attribution, LastReward, Programme, Proof, ReferrerPeriod, Rewarded, Rhythm

Value = str | int | float | bool | tuple[str | int | float | bool, ...]
"""What a rule compares with: one value, or several for “one of”."""


@dataclass(frozen=True)
class CampaignPart:
    """The campaign itself. Days, money in `currency`, instants aware; `equipment` is the SKU codes are tied to."""

    slug: str
    name: str
    headline: str
    equipment: str
    pitch: str = ""
    language: str = "en"
    programme: str = Programme.FRIEND.value
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_zone: str = "UTC"
    currency: str = "EUR"
    owner: str = ""
    rewarded: str = Rewarded.BOTH.value
    proof: str = Proof.VERIFIED_SIGNUP.value
    proof_amount: Decimal | None = None
    proof_count: int | None = None
    proof_days: int | None = None
    proof_within_days: int = 30
    attribution: str = Attribution.LAST_CLICK.value
    attribution_days: int = 30
    approval: str = Approval.AUTOMATIC.value
    risk_threshold: int = 50
    hold_days: int = 14
    name_sharing: bool = False
    budget: Decimal | None = None
    referrer_cap: int | None = None
    referrer_budget: Decimal | None = None
    referrer_unit_days: int | None = None
    referrer_period: str = ReferrerPeriod.ALWAYS.value
    referrer_days: int | None = None
    total_cap: int | None = None
    unit_days_cap: int | None = None
    last_reward: str = LastReward.REFUSE.value
    lapse_days: int | None = None
    claim_within_days: int | None = None
    balance_days: int | None = None
    news_cap: int | None = None
    news_cap_days: int | None = None


@dataclass(frozen=True)
class AgreementPart:
    """A document and its wording, and what exactly that wording reads in other languages: pairs of language and text."""

    slug: str
    title: str
    body: str
    translations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RulePart:
    """One eligibility rule as marketing writes it. `source` names where a credit score comes from."""

    side: str
    field: str
    operator: str
    value: Value
    sentence: str
    group: str = ""
    justification: str = ""
    source: str = ""


@dataclass(frozen=True)
class TierPart:
    """One reward tier. `equipment` is a SKU, `variant` the key of an arm, `step` of a step; `replaces` and `instead_of` of a tier."""

    key: str
    side: str
    title: str
    kind: str
    nth: int = 1
    rhythm: str = Rhythm.EACH.value
    equipment: str = ""
    amount: Decimal | None = None
    cost: Decimal = Decimal("0.00")
    variant: str = ""
    discount: str = ""
    step: str = ""
    replaces: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class StepPart:
    """One more thing to prove after qualifying. Days from the sign-up; `amount` in the campaign's currency."""

    key: str
    title: str
    proof: str
    position: int = 1
    amount: Decimal | None = None
    count: int | None = None
    days: int | None = None
    within_days: int = 90


@dataclass(frozen=True)
class QuotaPart:
    """How many units of a pool (model and place) may be promised at one time."""

    sku: str
    place: str
    units: int


@dataclass(frozen=True)
class VariantPart:
    """One arm of a test and the texts that differ in it."""

    key: str
    weight: int = 1
    headline: str = ""
    pitch: str = ""


@dataclass(frozen=True)
class PromotionPart:
    """A dated window and what it changes."""

    key: str
    name: str
    starts_at: datetime
    ends_at: datetime
    effect: str
    amount: Decimal | None = None
    equipment: str = ""


Translation = tuple[str, str, str]
"""A language, a text of the campaign, and what it reads in that language."""


@dataclass(frozen=True)
class Recipe:
    """A whole campaign. Steps, tiers, quotas, variants, promotions and goals are in a fixed order; rules in the author's."""

    campaign: CampaignPart
    terms: AgreementPart | None = None
    loan_terms: AgreementPart | None = None
    rules: tuple[RulePart, ...] = ()
    steps: tuple[StepPart, ...] = ()
    tiers: tuple[TierPart, ...] = ()
    quotas: tuple[QuotaPart, ...] = ()
    variants: tuple[VariantPart, ...] = ()
    promotions: tuple[PromotionPart, ...] = ()
    goals: tuple[tuple[str, int | float], ...] = ()
    translations: tuple[Translation, ...] = ()

    def by_language(self) -> dict[str, dict[str, str]]:
        """Its translations as a campaign keeps them: language -> text -> what it reads in that language."""
        found: dict[str, dict[str, str]] = {}
        for language, text, translated in self.translations:
            found.setdefault(language, {})[text] = translated
        return found

    def texts(self) -> list[str]:
        """Every text customers read, once each, in the order of reading: what can be translated."""
        own = [self.campaign.headline, self.campaign.pitch]
        arms = [text for arm in self.variants for text in (arm.headline, arm.pitch)]
        titles = [*(tier.title for tier in self.tiers), *(step.title for step in self.steps)]
        return [text for text in dict.fromkeys([*own, *arms, *titles, *(rule.sentence for rule in self.rules)]) if text]


def ordered(recipe: Recipe) -> Recipe:
    """The same recipe with its lists in the fixed order, so that two can be compared."""
    return Recipe(
        campaign=recipe.campaign,
        terms=recipe.terms,
        loan_terms=recipe.loan_terms,
        rules=recipe.rules,
        steps=tuple(sorted(recipe.steps, key=lambda step: (step.position, step.key))),
        tiers=tuple(sorted(recipe.tiers, key=lambda tier: (tier.side != "referrer", tier.nth, tier.key))),
        quotas=tuple(sorted(recipe.quotas, key=lambda quota: (quota.sku, quota.place))),
        variants=tuple(sorted(recipe.variants, key=lambda variant: variant.key)),
        promotions=tuple(sorted(recipe.promotions, key=lambda promotion: (promotion.starts_at, promotion.key))),
        goals=tuple(sorted(recipe.goals)),
        translations=tuple(sorted(recipe.translations)),
    )


def differences(before: Recipe | None, after: Recipe) -> tuple[dict[str, str], dict[str, str]]:
    """What differs besides rules: key -> text before, key -> text after, fit for the trail."""
    old, new = dict(_flat(before)) if before else {}, dict(_flat(after))
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return {key: old[key] for key in changed if key in old}, {key: new[key] for key in changed if key in new}


def rules_in_words(rules: tuple[RulePart, ...]) -> list[dict[str, str]]:
    """Rules as texts fit for the trail: every field that says something."""
    return [{name: str(value) for name, value in asdict(rule).items() if value != ""} for rule in rules]


def _flat(recipe: Recipe) -> Iterator[tuple[str, str]]:
    yield from _values("campaign", recipe.campaign)
    for name in ("terms", "loan_terms"):
        if (part := getattr(recipe, name)) is not None:
            yield from _values(name, part)
    for name in ("steps", "tiers", "variants", "promotions"):
        for part in getattr(recipe, name):
            yield from _values(f"{name}.{part.key}", part)
    for quota in recipe.quotas:
        yield f"quotas.{quota.sku}@{quota.place}", str(quota.units)
    for goal, value in recipe.goals:
        yield f"goals.{goal}", str(value)
    for language in sorted({one[0] for one in recipe.translations}):
        texts = [one[1:] for one in recipe.translations if one[0] == language]
        yield f"translations.{language}", f"{len(texts)} texts, {hashlib.sha256(repr(texts).encode()).hexdigest()[:8]}"


def _values(prefix: str, part: Any) -> Iterator[tuple[str, str]]:
    for field in fields(part):
        value = getattr(part, field.name)
        if value is None or value == "" or value == ():
            continue
        # A wording is told by its hash, and the owner may be a person's name: the trail holds neither.
        is_hashed = field.name in ("body", "owner", "pitch", "translations")
        yield (
            f"{prefix}.{field.name}",
            f"sha256 {hashlib.sha256(str(value).encode()).hexdigest()[:16]}" if is_hashed else str(value),
        )
