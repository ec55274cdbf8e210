"""Changing one thing about a campaign: the recipe it has is read, changed and loaded again, by one verb, under one lock."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from audit.actors import Actor
from audit.naming import titled
from campaigns import history, recipes
from campaigns.editing import lock
from campaigns.history import Step
from campaigns.models import Campaign
from campaigns.promises import FIXED_ONCE_LAUNCHED
from campaigns.recipe_parts import Recipe
from campaigns.refusals import CampaignRefused

PERMISSION = "campaigns.load_campaign"
FROZEN = frozenset({*FIXED_ONCE_LAUNCHED, "starts_at"})
"""Fields that nobody changes after the launch: people were told, and the start has been."""


class ChangedMeanwhile(CampaignRefused):
    """Somebody else changed the campaign since it was read. `steps` says what, newest first."""

    def __init__(self, steps: Sequence[Step]) -> None:
        who = ", ".join(sorted({titled(step.by) for step in steps}))
        super().__init__(
            "changed_meanwhile",
            f"{who} changed this campaign while you were typing. Nothing of yours was saved yet: look at what changed, then save "
            "again.",
        )
        self.steps: tuple[Step, ...] = tuple(steps)


def change(*, campaign: Campaign, to: Callable[[Recipe], Recipe], seen: int | None, at: datetime, by: Actor) -> Campaign:
    """Load what `to` makes of the campaign's recipe. `seen` is the number of the last entry its reader has seen, None for any.

    Refuses as `recipes.parse` and `recipes.load` do, and with `changed_meanwhile` when there is a later entry.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        lock(campaign)
        if seen is not None and (steps := history.steps_since(campaign, seen)):
            raise ChangedMeanwhile(steps)
        return recipes.load(recipe=checked(to(recipes.recipe_of(campaign))), at=at, by=by)


def checked(recipe: Recipe) -> Recipe:
    """The same recipe as its text would be read. Raises `RecipeInvalid` with every problem, lists counted in this order."""
    return recipes.parse(recipes.write(recipe))


def frozen_fields(campaign: Campaign) -> frozenset[str]:
    """Names of the campaign's own fields that can no longer change."""
    return FROZEN if campaign.launched_at is not None else frozenset()
