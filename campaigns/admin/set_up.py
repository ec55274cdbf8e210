"""The tab Set-up: all that the campaign itself says, with its page on a phone beside it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from campaigns import changing, history, recipes
from campaigns.admin.problems import put_on
from campaigns.admin.set_up_forms import SetUpForm
from campaigns.admin.tabs import CampaignTab, register_tab
from campaigns.changing import ChangedMeanwhile
from campaigns.editing import OVER
from campaigns.models import Campaign
from desk.refusals import Refused

PREVIEW = "admin:campaign_preview"
"""Registered by the floor that owns the public page."""


def preview_address(campaign: Campaign) -> str:
    """Where the page of a campaign is shown to staff; empty where no floor shows it."""
    try:
        return reverse(PREVIEW, args=[campaign.slug])
    except NoReverseMatch:
        return ""


class EditingTab(CampaignTab):
    """A tab with a form that changes the recipe of the campaign by one verb."""

    @property
    def may_change(self) -> bool:
        """Whether this person may change anything here, and the campaign still can."""
        return self.request.user.has_perm(changing.PERMISSION) and self.campaign.state not in OVER

    @property
    def seen(self) -> int | None:
        """The number of the last entry the sender of the form had seen; None where the form says nothing usable."""
        text = self.request.POST.get("seen", "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who may change it, and up to where the page has seen what happened."""
        is_over = self.campaign.state in OVER
        shown = {"may_change": self.may_change, "is_over": is_over, "seen": history.last_step(self.campaign)}
        return super().get_context_data(**shown, **kwargs)


class FormTab(EditingTab):
    """A tab that is one form. The form answers the recipe with what was typed (`changed`) and the field of a key (`field_of`)."""

    form_class: Any

    def form_options(self) -> dict[str, Any]:
        """What the form wants to know besides the recipe."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as the campaign is."""
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save. What was typed stays when it cannot be."""
        self.actor.require(changing.PERMISSION)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._again(form, 422)
        try:
            changing.change(campaign=self.campaign, to=form.changed, seen=self.seen, at=timezone.now(), by=self.actor)
        except ChangedMeanwhile as refusal:
            return self._again(form, refusal.status, conflict=refusal)
        except Refused as refusal:
            put_on(form, refusal, form.field_of)
            return self._again(form, 422)
        messages.success(request, "Saved." if form.has_changed() else "Nothing was changed.")
        return redirect(self.address(self.campaign))

    def _form(self, *data: Any) -> Any:
        return self.form_class(*data, recipe=recipes.recipe_of(self.campaign), is_open=self.may_change, **self.form_options())

    def _again(self, form: Any, status: int, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)


@register_tab
class SetUpTab(FormTab):
    """Read it and change it."""

    slug = "set-up"
    label = "Set-up"
    order = 20
    template_name = "campaigns/set_up.html"
    form_class = SetUpForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the preview, and what can no longer change."""
        frozen = changing.frozen_fields(self.campaign)
        beside = {
            "preview_url": preview_address(self.campaign),
            "frozen": frozen,
            "zone": self.campaign.time_zone.replace("_", " "),
        }
        return super().get_context_data(**beside, **kwargs)

    def form_options(self) -> dict[str, Any]:
        """What a live campaign promised can no longer change."""
        return {"frozen": changing.frozen_fields(self.campaign)}
