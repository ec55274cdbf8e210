"""News to many at once: choose, look at how many it reaches and why not the others, confirm, and watch it go out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.screens import ActingScreen
from audit.admin.timeline import PartAdmin
from audit.tables import actor_column
from campaigns.models import Campaign, Segment
from campaigns.states import CampaignState
from desk import menu
from desk.badges import state_badge
from desk.menu import Item
from desk.parts import Empty, Progress
from desk.refusals import Refused
from desk.screens import add_screen
from notices.kinds import KINDS, title_of
from referrals import mailings
from referrals.models import Mailing
from referrals.states import MAILING_TONES

_NEWEST = 20


class MailingForm(forms.Form):
    """What to send, in which campaign, to whom."""

    campaign = forms.ModelChoiceField(Campaign.objects.filter(state=CampaignState.LIVE).order_by("name"), empty_label=None)
    segment = forms.ModelChoiceField(
        Segment.objects.order_by("name"), required=False, empty_label="Everybody with a code", label="To whom"
    )
    kind = forms.ChoiceField(label="Message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["kind"].choices = [(one.name, one.label) for one in mailings.kinds()]  # type: ignore[attr-defined]


class Mailings(ActingScreen):
    """The form, what it would reach, and the mailings so far."""

    title = "Seasonal sends"
    subtitle = "News to customers who have a code: to all of them or to a segment."
    permission: str | tuple[str, ...] = "referrals.view_mailing"
    help = "messages"
    how = (
        "Choose, look at how many it reaches and why not the others, then send. Each customer gets it once, only with consent to news, by day, "
        "and under the cap of the brand."
    )
    template_name = "referrals/mailings.html"

    @cached_property
    def form(self) -> MailingForm:
        """What was chosen, in the address or in the form that confirms."""
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return MailingForm(asked if "kind" in asked else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send. A second click is told that it is being sent."""
        self.actor.require(mailings.PERMISSION)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            started = mailings.start(**self.form.cleaned_data, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return self.render_to_response(self.get_context_data(), status=422)
        return redirect("admin:mailing", started.reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form with what it would do."""
        chosen = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else None
        reach = mailings.reach(chosen["campaign"], chosen["segment"], at=timezone.now()) if chosen else None
        rows = Mailing.objects.select_related("campaign", "segment")[:_NEWEST]
        return super().get_context_data(
            form=self.form,
            chosen=chosen,
            kind=KINDS[chosen["kind"]] if chosen else None,
            reach=reach,
            may_send=self.request.user.has_perm(mailings.PERMISSION),
            has_campaigns=Campaign.objects.filter(state=CampaignState.LIVE).exists(),
            no_campaign=Empty("No campaign is live. News is sent in a live campaign, to customers who have a code of it."),
            rows=[{"row": row, "label": title_of(row.kind), "badge": state_badge(row, MAILING_TONES)} for row in rows],
            **kwargs,
        )


class OneMailing(ActingScreen):
    """How far a mailing has come, and its brake."""

    title = "Seasonal send"
    permission: str | tuple[str, ...] = "referrals.view_mailing"
    help = "messages"
    how = Mailings.how
    template_name = "referrals/mailing.html"

    @cached_property
    def mailing(self) -> Mailing:
        """The one of the address. 404 when there is none."""
        rows = Mailing.objects.select_related("campaign", "segment")
        return get_object_or_404(rows, reference=self.kwargs["reference"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop it."""
        self.attempt(
            lambda: mailings.stop(mailing=self.mailing, at=timezone.now(), by=self.actor),
            "Stopped: nobody else is written to. What was written stays.",
        )
        return redirect("admin:mailing", self.mailing.reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its progress and what was kept back."""
        standing = mailings.standing(self.mailing)
        return super().get_context_data(
            mailing=self.mailing,
            label=title_of(self.mailing.kind),
            badge=state_badge(self.mailing, MAILING_TONES),
            standing=standing,
            progress=Progress(standing.written, max(self.mailing.total, standing.written), "Messages written"),
            is_running=self.mailing.state == "running",
            may_send=self.request.user.has_perm(mailings.PERMISSION),
            **kwargs,
        )


@admin.display(description="message", ordering="kind")
def _message(mailing: Mailing) -> str:
    return title_of(mailing.kind)


@admin.register(Mailing)
class MailingAdmin(PartAdmin):
    """All mailings."""

    list_display = ["kind", "campaign", "segment", "state", "total", "by", "started_at"]
    instead = {"by": actor_column(), "kind": _message}
    list_filter = ["state", "campaign"]
    search_fields = ["=reference"]
    list_select_related = ["campaign", "segment"]


add_screen("mailings/", Mailings, name="mailings")
add_screen("mailings/<slug:reference>/", OneMailing, name="mailing")
menu.register(Item("mailings", "Grow", "Seasonal sends", "admin:mailings", "mail", "referrals.view_mailing", 40))
