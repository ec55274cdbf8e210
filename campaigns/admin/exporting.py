"""A campaign as a file to keep, to send, or to begin another one with."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from campaigns import recipes
from campaigns.admin.tabs import CampaignScreen
from desk.screens import add_screen


class ExportScreen(CampaignScreen):
    """The recipe of a campaign as a download."""

    permission = "campaigns.load_campaign"
    is_readable = True
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The text as TOML, named after the campaign."""
        response = HttpResponse(recipes.dump(self.campaign), content_type="application/toml; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.campaign.slug}.toml"'
        return response


add_screen("campaigns/<slug:campaign>/recipe.toml", ExportScreen, name="campaign_export")
