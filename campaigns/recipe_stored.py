"""The recipe of a campaign that is in the database: what `dump` writes and what `load` compares with."""

from dataclasses import fields
from datetime import UTC
from typing import Any

from campaigns.editing import stored_rules
from campaigns.models import Campaign
from campaigns.recipe_parts import (
    AgreementPart,
    CampaignPart,
    PromotionPart,
    QuotaPart,
    Recipe,
    StepPart,
    TierPart,
    Translation,
    VariantPart,
    ordered,
)
from customers.models import Agreement


def recipe_of(campaign: Campaign) -> Recipe:
    """A campaign as plain data, with the current wording of its agreements and the rules in force."""
    return ordered(
        Recipe(
            campaign=_campaign(campaign),
            terms=_agreement(campaign.campaign_terms),
            loan_terms=_agreement(campaign.loan_terms),
            rules=stored_rules(campaign),
            steps=_steps(campaign),
            tiers=_tiers(campaign),
            quotas=_quotas(campaign),
            variants=_variants(campaign),
            promotions=_promotions(campaign),
            goals=tuple(campaign.goals.items()),
            translations=_translations(campaign),
        )
    )


def _translations(campaign: Campaign) -> tuple[Translation, ...]:
    kept = campaign.translations.items()
    return tuple((language, text, translated) for language, texts in kept for text, translated in texts.items())


def _campaign(campaign: Campaign) -> CampaignPart:
    names = {field.name for field in fields(CampaignPart)} - {"equipment", "starts_at", "ends_at"}
    values: dict[str, Any] = {name: getattr(campaign, name) for name in names}
    for name in ("starts_at", "ends_at"):
        instant = getattr(campaign, name)
        values[name] = instant.astimezone(UTC) if instant else None
    return CampaignPart(equipment=campaign.equipment_model.sku, **values)


def _agreement(agreement: Agreement | None) -> AgreementPart | None:
    version = agreement.current() if agreement else None
    if agreement is None or version is None:
        return None
    wordings = tuple((language, text) for language in sorted(agreement.translations) if (text := version.reads_in(language)))
    return AgreementPart(slug=agreement.slug, title=agreement.title, body=version.body, translations=wordings)


def _steps(campaign: Campaign) -> tuple[StepPart, ...]:
    names = [field.name for field in fields(StepPart)]
    return tuple(StepPart(**{name: getattr(row, name) for name in names}) for row in campaign.steps.all())


def _tiers(campaign: Campaign) -> tuple[TierPart, ...]:
    rows = campaign.tiers.select_related("equipment_model", "variant", "step")
    return tuple(
        TierPart(
            key=row.key,
            side=row.side,
            title=row.title,
            kind=row.kind,
            nth=row.nth,
            rhythm=row.rhythm,
            equipment=row.equipment_model.sku if row.equipment_model else "",
            amount=row.amount,
            cost=row.cost,
            variant=row.variant.key if row.variant else "",
            discount=row.discount,
            step=row.step.key if row.step else "",
            replaces=row.replaces,
            instead_of=row.instead_of,
        )
        for row in rows
    )


def _quotas(campaign: Campaign) -> tuple[QuotaPart, ...]:
    rows = campaign.quotas.select_related("pool__model")
    return tuple(QuotaPart(sku=row.pool.model.sku, place=row.pool.place, units=row.units) for row in rows)


def _variants(campaign: Campaign) -> tuple[VariantPart, ...]:
    return tuple(
        VariantPart(
            key=row.key,
            weight=row.weight,
            headline=str(row.overrides.get("headline", "")),
            pitch=str(row.overrides.get("pitch", "")),
        )
        for row in campaign.variants.all()
    )


def _promotions(campaign: Campaign) -> tuple[PromotionPart, ...]:
    return tuple(
        PromotionPart(
            key=row.key,
            name=row.name,
            starts_at=row.starts_at.astimezone(UTC),
            ends_at=row.ends_at.astimezone(UTC),
            effect=row.effect,
            amount=row.amount,
            equipment=row.equipment_model.sku if row.equipment_model else "",
        )
        for row in campaign.promotions.select_related("equipment_model")
    )
