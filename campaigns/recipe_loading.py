"""Putting a recipe into the database: a new campaign, or the changes to one, never breaking what was promised."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from audit import trail
from audit.actors import Actor
from campaigns.editing import check_rules, lock, replace_rules, require_not_over, write_rules
from campaigns.models import Campaign, Promotion, Quota, Step, Tier, Variant
from campaigns.promises import broken_by
from campaigns.recipe_parts import AgreementPart, Recipe, differences, rules_in_words
from campaigns.recipe_stored import recipe_of
from campaigns.refusals import CampaignRefused, RecipeInvalid
from campaigns.rule_checks import all_problems
from campaigns.words import label_of
from customers import agreeing
from customers.facts import fields
from customers.models import Agreement
from equipment import queueing
from equipment.models import EquipmentModel, Pool


def load(*, recipe: Recipe, at: datetime, by: Actor) -> Campaign:
    """Create the campaign of this slug as a draft, or change it to what the recipe says. The same recipe again changes nothing.

    Wordings that differ from the current version are published as a new one; rules change as a new version. Raises
    `RecipeInvalid` for models, pools and attributes that do not exist, `CampaignRefused("over")` for an ended campaign, and
    `CampaignRefused("would_break_promises")` with all reasons.
    """
    by.require("campaigns.load_campaign")
    with transaction.atomic():
        _require_known(recipe)
        campaign = Campaign.objects.filter(slug=recipe.campaign.slug).first()
        if campaign is None:
            return _create(recipe, at, by)
        return _change(campaign, recipe, at, by)


def _create(recipe: Recipe, at: datetime, by: Actor) -> Campaign:
    check_rules(recipe.rules, by=by)
    campaign = Campaign(slug=recipe.campaign.slug, created_at=at, **_values(recipe, at, by))
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError as error:
        raise CampaignRefused(
            "changed_meanwhile", "Someone else loaded a campaign of this slug a moment ago. Look at it, then load again."
        ) from error
    write_rules(campaign, recipe.rules)
    _write_parts(campaign, recipe, at, by)
    _, after = differences(None, recipe)
    trail.record(
        "campaign.created",
        about=campaign,
        by=by,
        at=at,
        rules=len(recipe.rules),
        tiers=len(recipe.tiers),
        after=after,
        rules_after=rules_in_words(recipe.rules),
    )
    return campaign


def _change(campaign: Campaign, recipe: Recipe, at: datetime, by: Actor) -> Campaign:
    lock(campaign)
    current = recipe_of(campaign)
    if campaign.launched_at is not None:
        # The launch has set the start; what the recipe once planned no longer matters.
        recipe = replace(recipe, campaign=replace(recipe.campaign, starts_at=current.campaign.starts_at))
    if current == recipe:
        return campaign
    require_not_over(campaign)
    broken = broken_by(campaign, current, recipe)
    if broken:
        raise CampaignRefused("would_break_promises", "This would break promises: " + " · ".join(broken), broken)
    replace_rules(campaign=campaign, rules=recipe.rules, at=at, by=by)
    before, after = differences(current, recipe)
    if before != after:
        Campaign.objects.filter(pk=campaign.pk).update(**_values(recipe, at, by))
        campaign.refresh_from_db()
        _write_parts(campaign, recipe, at, by)
        changed = "; ".join(label_of(key) for key in sorted(before.keys() | after.keys()))
        trail.record("campaign.changed", about=campaign, by=by, at=at, changed=changed, before=before, after=after)
    return campaign


def _values(recipe: Recipe, at: datetime, by: Actor) -> dict[str, Any]:
    """The columns of the campaign, its agreements published."""
    values = asdict(recipe.campaign)
    del values["slug"]
    return values | {
        "goals": dict(recipe.goals),
        "translations": recipe.by_language(),
        "equipment_model": EquipmentModel.objects.get(sku=values.pop("equipment")),
        "campaign_terms": _published(recipe.terms, at, by),
        "loan_terms": _published(recipe.loan_terms, at, by),
    }


def _published(part: AgreementPart | None, at: datetime, by: Actor) -> Agreement | None:
    """The agreement with this wording as its current version."""
    if part is None:
        return None
    agreement, _ = Agreement.objects.get_or_create(slug=part.slug, defaults={"title": part.title})
    if agreement.title != part.title:
        Agreement.objects.filter(pk=agreement.pk).update(title=part.title)
    current = agreement.current()
    if current is None or current.body != part.body:
        current = agreeing.publish(version=agreeing.draft(agreement=agreement, body=part.body, at=at, by=by), at=at, by=by)
    wordings = dict(part.translations)
    for language in sorted({*wordings, *agreement.translations}):
        if current.reads_in(language) != wordings.get(language, ""):
            agreeing.translate(version=current, language=language, text=wordings.get(language, ""), at=at, by=by)
    return current.agreement


def _write_parts(campaign: Campaign, recipe: Recipe, at: datetime, by: Actor) -> None:
    """Variants and steps before the tiers that name them; what is gone, in the opposite order."""
    models_by_sku = {model.sku: model for model in EquipmentModel.objects.all()}
    variants = {
        part.key: {
            "weight": part.weight,
            "overrides": {name: text for name, text in (("headline", part.headline), ("pitch", part.pitch)) if text},
        }
        for part in recipe.variants
    }
    _write(Variant, campaign, variants)
    steps = {part.key: {name: value for name, value in asdict(part).items() if name != "key"} for part in recipe.steps}
    _write(Step, campaign, steps)
    tiers = _tier_rows(campaign, recipe, models_by_sku)
    _delete_others(Tier, campaign, tiers)
    _write(Tier, campaign, tiers)
    _delete_others(Step, campaign, steps)
    _delete_others(Variant, campaign, variants)
    promotions = {part.key: _row(part, models_by_sku) for part in recipe.promotions}
    _delete_others(Promotion, campaign, promotions)
    _write(Promotion, campaign, promotions)
    _write_quotas(campaign, recipe, at, by)


def _tier_rows(campaign: Campaign, recipe: Recipe, models_by_sku: dict[str, EquipmentModel]) -> dict[str, dict[str, Any]]:
    arms = {variant.key: variant for variant in campaign.variants.all()}
    steps = {step.key: step for step in campaign.steps.all()}
    return {
        part.key: _row(part, models_by_sku) | {"variant": arms.get(part.variant), "step": steps.get(part.step)}
        for part in recipe.tiers
    }


def _row(part: Any, models_by_sku: dict[str, EquipmentModel]) -> dict[str, Any]:
    values = asdict(part)
    del values["key"]
    return values | {"equipment_model": models_by_sku.get(values.pop("equipment"))}


def _write(model: type[models.Model], campaign: Campaign, rows: dict[str, dict[str, Any]]) -> None:
    for key, values in rows.items():
        model._default_manager.update_or_create(campaign=campaign, key=key, defaults=values)


def _delete_others(model: type[models.Model], campaign: Campaign, rows: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            model._default_manager.filter(campaign=campaign).exclude(key__in=rows).delete()
    except ProtectedError as error:
        raise CampaignRefused(
            "would_break_promises", "Something was promised from this campaign a moment ago. Load the recipe again to see what."
        ) from error


def _write_quotas(campaign: Campaign, recipe: Recipe, at: datetime, by: Actor) -> None:
    """Store the quotas, and let those who wait already feel the new ones. Pools in the order of their ids, as all locks are."""
    pools = {(pool.model.sku, pool.place): pool for pool in Pool.objects.select_related("model")}
    wanted = {pools[part.sku, part.place]: part.units for part in recipe.quotas}
    touched = set(wanted) | {quota.pool for quota in campaign.quotas.select_related("pool")}
    campaign.quotas.exclude(pool__in=wanted).delete()
    for pool, units in wanted.items():
        Quota.objects.update_or_create(campaign=campaign, pool=pool, defaults={"units": units})
    for pool in sorted(touched, key=lambda each: each.pk):
        queueing.set_limit(pool=pool, account=campaign.slug, limit=wanted.get(pool), at=at, by=by)


def _require_known(recipe: Recipe) -> None:
    """Refuse a recipe that names models, pools or attributes that do not exist here, naming them all."""
    problems = [*_unknown_models(recipe), *_unknown_pools(recipe), *all_problems(recipe.rules, fields())]
    if problems:
        raise RecipeInvalid(problems)


def _unknown_models(recipe: Recipe) -> list[str]:
    named = [("campaign.equipment", recipe.campaign.equipment)]
    named += [(f"tiers “{tier.key}”.equipment", tier.equipment) for tier in recipe.tiers]
    named += [(f"promotions “{promotion.key}”.equipment", promotion.equipment) for promotion in recipe.promotions]
    known = set(EquipmentModel.objects.values_list("sku", flat=True))
    return [
        f"{key}: there is no equipment model with the SKU “{sku}”; create it under Equipment, or import its units, then load again"
        for key, sku in named
        if sku and sku not in known
    ]


def _unknown_pools(recipe: Recipe) -> list[str]:
    known = set(Pool.objects.values_list("model__sku", "place"))
    return [
        f"quotas: there is no pool of “{quota.sku}” in “{quota.place}”; create it under Equipment, or import its units, then load again"
        for quota in recipe.quotas
        if (quota.sku, quota.place) not in known
    ]
