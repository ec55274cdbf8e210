"""What a new campaign begins with: a recipe from the shelf, the recipe of another campaign, or a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from audit.actors import Actor
from campaigns import ladder, recipes
from campaigns.changing import checked
from campaigns.models import Campaign
from campaigns.recipe_parts import AgreementPart, Recipe
from campaigns.states import Approval, Proof
from customers.models import Agreement
from equipment.models import EquipmentModel

PERMISSION = "campaigns.load_campaign"
_LONGEST_SLUG = 50
_TITLES = {
    "dual_sided_loaner": "Both sides borrow",
    "referrer_only": "Only the referrer borrows",
    "staged_after_purchase": "After the first purchase",
    "milestone_ladder": "A ladder of milestones",
    "b2b_demo_unit": "A demonstration unit for business",
}
"""How the shelf calls its recipes, the plainest first."""
_HOW = {
    Proof.VERIFIED_SIGNUP: "The friend confirms an e-mail address",
    Proof.FIRST_PURCHASE: "The friend buys something",
    Proof.N_PURCHASES: "The friend buys several times",
    Proof.DAYS_ACTIVE: "The friend stays a customer for a while",
}
_WHO = {
    Approval.AUTOMATIC: "rewards then go out by themselves",
    Approval.MANUAL: "then a person lets each reward go out",
    Approval.BY_RISK: "rewards then go out by themselves unless something looks doubtful",
}


@dataclass(frozen=True)
class Shelved:
    """A recipe that comes with the program: what it is for, what it gives, how it works."""

    name: str
    title: str
    sentence: str
    gives: Sequence[str]
    works: str


def shelf() -> list[Shelved]:
    """The recipes that come with the program."""
    shipped = sorted(recipes.shipped().items(), key=lambda item: ([*_TITLES].index(item[0]) if item[0] in _TITLES else 99, item[0]))
    return [_shelved(name, path.read_text(encoding="utf-8")) for name, path in shipped]


def from_shelf(name: str) -> Recipe:
    """The recipe of this name. Raises `KeyError` for an unknown one."""
    return recipes.parse(recipes.shipped()[name].read_text(encoding="utf-8"))


def copy_of(campaign: Campaign) -> Recipe:
    """A campaign as a recipe to begin another one with: without dates, and so without dated promotions."""
    recipe = recipes.recipe_of(campaign)
    return replace(recipe, campaign=replace(recipe.campaign, starts_at=None, ends_at=None), promotions=())


def about(recipe: Recipe, sku: str) -> Recipe:
    """The recipe with another model where it names its own. Limits of places go, because they are places of the other one."""
    old = recipe.campaign.equipment
    if not sku or sku == old:
        return recipe
    tiers = tuple(replace(tier, equipment=sku) if tier.equipment == old else tier for tier in recipe.tiers)
    return replace(recipe, campaign=replace(recipe.campaign, equipment=sku), tiers=tiers, quotas=())


def slug_for(name: str) -> str:
    """A free short name made from a name: “Spring friends!” gives “spring-friends”, then “spring-friends-2”."""
    base = slugify(name)[: _LONGEST_SLUG - 4].strip("-") or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def start(*, recipe: Recipe, slug: str, name: str, at: datetime, by: Actor) -> Campaign:
    """Write a new campaign as a draft. Its campaign terms become a document of its own; a loan's terms are shared.

    A wording that is public already is taken as it is, so that beginning a campaign never rewrites what others use. Whoever may
    not publish begins without what would have to be published. Refuses as `recipes.load` does, and when the slug is taken.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        if Campaign.objects.filter(slug=slug).exists():
            raise recipes.RecipeInvalid([f"campaign.slug: “{slug}” is taken; choose another one"])
        named = replace(recipe, campaign=replace(recipe.campaign, slug=slug, name=name))
        settled = replace(named, terms=_own_terms(named, by), loan_terms=_settled(named.loan_terms, by))
        return recipes.load(recipe=checked(settled), at=at, by=by)


def unknown_models(recipe: Recipe) -> list[str]:
    """SKUs a recipe names that are not lent here."""
    named = {recipe.campaign.equipment, *(tier.equipment for tier in recipe.tiers if tier.equipment)}
    return sorted(named - set(EquipmentModel.objects.filter(sku__in=named).values_list("sku", flat=True)))


def _own_terms(recipe: Recipe, by: Actor) -> AgreementPart | None:
    if recipe.terms is None or not by.may("customers.publish_agreement"):
        return _settled(recipe.terms, by)
    slug = f"{recipe.campaign.slug[: _LONGEST_SLUG - 6]}-terms"
    title = f"{recipe.campaign.name[:90]}: terms of the campaign"
    return _settled(replace(recipe.terms, slug=slug, title=title), by)


def _settled(part: AgreementPart | None, by: Actor) -> AgreementPart | None:
    """The part as it is public here already; as it is written when it is new and may be published; otherwise none."""
    if part is None:
        return None
    agreement = Agreement.objects.filter(slug=part.slug).first()
    version = agreement.current() if agreement else None
    if agreement and version:
        return AgreementPart(agreement.slug, agreement.title, version.body)
    return part if by.may("customers.publish_agreement") else None


def _shelved(name: str, text: str) -> Shelved:
    recipe = recipes.parse(text)
    known = dict(EquipmentModel.objects.values_list("sku", "name"))
    models = {tier.equipment: known.get(tier.equipment, tier.equipment.replace("-", " ")) for tier in recipe.tiers}
    gives = [ladder.sentence(tier, recipe=recipe, models=models) for tier in recipe.tiers]
    works = f"{_HOW[Proof(recipe.campaign.proof)]}; {_WHO[Approval(recipe.campaign.approval)]}."
    return Shelved(name, _TITLES.get(name, name.replace("_", " ").capitalize()), _opening(text), gives, works)


def _opening(text: str) -> str:
    """The first sentences of a recipe: its leading comment."""
    comment = re.match(r"(?:#.*\n)*", text)
    lines = comment.group().splitlines() if comment else []
    return " ".join(line.removeprefix("#").strip() for line in lines)
