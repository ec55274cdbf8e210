"""The first tab of a campaign: its page among the rows, to which every other page links; it says the campaign in short."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns import recipes
from campaigns.admin.part_forms import models
from campaigns.admin.tabs import CampaignTab, register_tab, registered
from campaigns.in_short import cards
from campaigns.models import Campaign


@register_tab
class Overview(CampaignTab):
    """What it says, what belongs to it, and what happened: the page of the row, with the tabs above it."""

    slug = "overview"
    label = "Overview"
    order = 10

    @classmethod
    def address(cls, campaign: Campaign) -> str:
        """The page of the row."""
        return reverse("admin:campaigns_campaign_change", args=[campaign.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same page, by a name that can be remembered."""
        return redirect(self.address(self.campaign))


def in_short_of(campaign: Campaign, request: HttpRequest) -> list[dict[str, Any]]:
    """The campaign in sentences, each card with the tab on which it is changed; what this person may not open is left out."""
    open_here = {tab.slug: tab for tab in registered() if tab().may_open(request)}
    said = cards(recipes.recipe_of(campaign), models=dict(models()))
    return [
        {
            "title": card.title,
            "sentences": card.sentences,
            "tab": open_here[card.tab].label,
            "url": open_here[card.tab].address(campaign),
        }
        for card in said
        if card.tab in open_here
    ]
