"""A new campaign: from a proven recipe, as a copy of another one, or from a text."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin.screens import ActingScreen
from campaigns import starting
from campaigns.admin.problems import put_on
from campaigns.admin.set_up import SetUpTab
from campaigns.admin.start_forms import COPY, StartForm
from campaigns.admin.tabs import among_campaigns
from campaigns.models import Campaign
from desk.refusals import Refused
from desk.screens import Crumb, add_screen


class StartScreen(ActingScreen):
    """Choose what to begin with, and name it."""

    title = "New campaign"
    subtitle = "It becomes a draft. Nobody sees it before you launch it, and everything can be changed until then."
    template_name = "campaigns/start.html"
    permission = "campaigns.load_campaign"
    help = "campaigns"
    how = (
        "A recipe is a whole campaign that works. It becomes a draft: change what you like, and launch it when every check is well."
    )

    def crumbs(self) -> list[Crumb]:
        """Under the list of campaigns."""
        return [Crumb("Campaigns", reverse("admin:campaigns_campaign_changelist"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The choices; with `?clone=slug`, a copy of that campaign is chosen."""
        form = StartForm(initial=self._initial(request.GET.get("clone", "")))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write the draft and open it. What was typed stays when it cannot be."""
        form = StartForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        try:
            recipe, data = form.recipe(), form.cleaned_data
            campaign = starting.start(recipe=recipe, slug=data["slug"], name=data["name"], at=timezone.now(), by=self.actor)
        except Refused as refusal:
            put_on(form, refusal, form.field_of)
            return self._again(form)
        messages.success(request, f"“{campaign}” is a draft. Look through it, then launch it.")
        if campaign.campaign_terms is None and recipe.terms is not None:
            messages.warning(
                request, "Its terms were left out: they are not public yet, and you may not publish. Ask a marketing manager."
            )
        return redirect(SetUpTab.address(campaign))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the entry Campaigns of the menu lit."""
        context = super().get_context_data(**kwargs)
        return context | {"menu": among_campaigns(context["menu"])}

    def _initial(self, slug: str) -> dict[str, str]:
        campaign = Campaign.objects.filter(slug=slug).first() if slug else None
        if campaign is None:
            return {}
        return {"begin": COPY, "campaign": campaign.slug, "name": f"{campaign.name[:113]} (copy)"}

    def _again(self, form: StartForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


add_screen("campaigns/start/", StartScreen, name="campaign_start")
