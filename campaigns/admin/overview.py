"""The first tab of a campaign: its page among the rows, to which every other page links."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.admin.tabs import CampaignTab, register_tab
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
