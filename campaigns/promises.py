"""What of a campaign can no longer change, because someone was told."""

from collections.abc import Iterator
from dataclasses import replace

from campaigns.models import Campaign, Tier
from campaigns.recipe_parts import CampaignPart, Recipe, StepPart, TierPart
from desk import plurals

FIXED_ONCE_LAUNCHED = ("currency", "time_zone", "rewarded", "equipment", "proof", "proof_amount", "proof_count", "proof_days")
"""What friends and referrers were told when they took part."""


def broken_by(campaign: Campaign, before: Recipe, after: Recipe) -> list[str]:
    """Which promises a change would break, each as a sentence with what to do instead."""
    broken = list(_broken_tiers(campaign, before, after))
    if campaign.launched_at is not None:
        broken += _broken_terms(before, after)
        broken += _broken_fields(before.campaign, after.campaign)
        broken += _broken_steps(before, after)
    return broken


def is_relied_upon(tier: Tier) -> bool:
    """Whether anything on the floors above, such as a promise or a reward, points at this tier."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: tier}).exists()
        for relation in Tier._meta.related_objects
    )


def _broken_tiers(campaign: Campaign, before: Recipe, after: Recipe) -> Iterator[str]:
    relied = {tier.key for tier in campaign.tiers.all() if is_relied_upon(tier)}
    wanted = {tier.key: tier for tier in after.tiers}
    for tier in before.tiers:
        if tier.key not in relied:
            continue
        if tier.key not in wanted:
            yield f"The tier “{tier.key}” has promises or rewards and cannot be removed. Keep it, or load a new campaign."
        elif _given(tier) != _given(wanted[tier.key]):
            yield f"The tier “{tier.key}” has promises or rewards; what it gives and when is fixed. Add a tier under another key."


def _broken_steps(before: Recipe, after: Recipe) -> Iterator[str]:
    wanted = {step.key: step for step in after.steps}
    for step in before.steps:
        if step.key not in wanted:
            yield f"The step “{step.key}” was shown to people and cannot be removed. Keep it."
        elif _asked(step) != _asked(wanted[step.key]) or wanted[step.key].within_days < step.within_days:
            yield f"The step “{step.key}” was shown to people; what it asks is fixed, and the time for it can only grow."


def _asked(step: StepPart) -> StepPart:
    """A step without what may still change."""
    return replace(step, title="", position=1, within_days=0)


def _given(tier: TierPart) -> TierPart:
    """A tier without what may still change: its title and what it costs us."""
    return replace(tier, title="", cost=tier.cost * 0)


def _broken_terms(before: Recipe, after: Recipe) -> Iterator[str]:
    for name in ("terms", "loan_terms"):
        old, new = getattr(before, name), getattr(after, name)
        if old is not None and (new is None or new.slug != old.slug):
            yield f"{name}: people accepted “{old.slug}”. Change its body, and a new version is published; keep its slug."


def _broken_fields(before: CampaignPart, after: CampaignPart) -> Iterator[str]:
    for name in FIXED_ONCE_LAUNCHED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"campaign.{name}: is fixed since the launch ({_word(old)}, not {_word(new)}). Load a new campaign instead."
    if after.proof_within_days < before.proof_within_days:
        yield f"campaign.proof_within_days: people were given {plurals.days(before.proof_within_days)}; it can only grow."


def _word(value: object) -> str:
    return f"“{value}”" if value is not None else "nothing"
