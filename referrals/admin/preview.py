"""The page of a campaign as a friend would see it, for staff: in a frame beside the form, drafts and unsaved words too.

It is rendered from the campaign alone: no code is used, no visit is stored, and no token of any kind stands in it.
"""

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from campaigns import recipes
from campaigns.admin.set_up_forms import SetUpForm
from campaigns.admin.tabs import CampaignScreen
from campaigns.models import Campaign
from campaigns.recipe_parts import CampaignPart
from desk.screens import add_screen
from equipment.models import EquipmentModel
from referrals import landing
from referrals.forms import SignUpForm

_SHOWN = (
    "name", "headline", "pitch", "starts_at", "ends_at", "time_zone", "rewarded", "currency", "proof", "proof_amount", "proof_count",
    "proof_days", "proof_within_days", "referrer_cap",
)  # fmt: skip
"""Fields that the page says something of."""


class PreviewScreen(CampaignScreen):
    """The landing page, in a frame of our own pages only. POST shows values that are not saved, and saves nothing."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As it is stored."""
        return self._show(self.campaign)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As it would be with what is typed; fields that are wrong show what is stored."""
        recipe = recipes.recipe_of(self.campaign)
        form = SetUpForm(request.POST, recipe=recipe)
        form.full_clean()
        for name in form.errors:
            form.cleaned_data.setdefault(name, form.get_initial_for_field(form.fields[name], name))
        return self._show(_with(self.campaign, form.changed(recipe).campaign))

    def _show(self, campaign: Campaign) -> HttpResponse:
        page = landing.preview_of(campaign, at=timezone.now())
        response = self.render_to_response({"form": SignUpForm(page=page, touch=""), "page": page, "csrf_token": "NOTPROVIDED"})
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "no-store"
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
        return response

    template_name = "public/landing.html"


def _with(campaign: Campaign, part: CampaignPart) -> Campaign:
    """The campaign with other values, in memory alone."""
    shown = copy(campaign)
    for name in _SHOWN:
        setattr(shown, name, getattr(part, name))
    shown.equipment_model = EquipmentModel.objects.filter(sku=part.equipment).first() or campaign.equipment_model
    return shown


add_screen("campaigns/<slug:campaign>/preview/", PreviewScreen, name="campaign_preview")
