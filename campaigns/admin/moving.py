"""Pages that ask before a campaign moves: what is needed, what will happen, and every reason when it cannot be."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns import readiness
from campaigns.admin.fixes import address_of_fix
from campaigns.admin.head import admin_of_campaigns
from campaigns.admin.tabs import CampaignScreen
from campaigns.models import Campaign
from campaigns.readiness import Check
from desk.admin.moves import Move, MoveForm
from desk.refusals import Refused
from desk.screens import add_screen

Consequence = Callable[[Campaign], Iterable[str]]
_GATED = ("launch", "schedule")
"""Moves that readiness decides about."""

_WORDS = {
    "launch": ["Friends can sign up from this moment on, with every code that was issued.", "Its start becomes now."],
    "schedule": ["It goes live by itself at its start, if everything is still ready then. Until then it can become a draft again."],
    "unschedule": ["It will not start by itself any more. Nothing else changes."],
    "pause": [
        "Nobody can sign up until it is resumed. Whoever opens a link reads that the offer takes a break, not why.",
        "What was promised stays promised: referrals go on, rewards are given, loans run.",
    ],
    "resume": ["Friends can sign up again from this moment on."],
    "end": [
        "Nobody can sign up any more, and it cannot go live again.",
        "Referrals that are open run on to their own end: friends can still confirm and prove, and what they earn is given.",
        "Loans are not touched: they are due on the day that was promised.",
    ],
    "archive": ["It leaves the lists of what is going on. Everything about it stays readable, and it can be cloned."],
}
"""What each move does, before it is made."""

_added: dict[str, list[Consequence]] = defaultdict(list)


def register_consequence(move: str, function: Consequence) -> None:
    """Let an upper floor add sentences to what is said before a move of this name. The same function again changes nothing."""
    if function not in _added[move]:
        _added[move].append(function)


@dataclass(frozen=True)
class Missing:
    """A check that is not well, with the page that mends it."""

    check: Check
    url: str


class MoveScreen(CampaignScreen):
    """Ask for what a move needs; POST makes it."""

    template_name = "campaigns/move.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only those who may make the move see its page."""
        if self.may_open(request) and not request.user.has_perm(self.move.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def move(self) -> Move:
        """The move of the address. 404 when there is none."""
        for move in admin_of_campaigns()._all_moves():
            if move.name == self.kwargs["move"]:
                return move
        raise Http404("There is no such move.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or back with a sentence where it is not the time for this move."""
        if not self.move.fits(self.campaign, timezone.now()):
            state = self.campaign.get_state_display().lower()
            messages.info(request, f"“{self.campaign}” is {state}, so there is nothing to do under “{self.move.label}”.")
            return redirect(self._page())
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the move. What was typed stays when it is refused."""
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self._again(form, 422)
        try:
            answer = self.move.act(self.campaign, form.cleaned_data, self.actor, timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            self.campaign.refresh_from_db()
            return self._again(form, refusal.status)
        if not isinstance(answer, str):
            return self.render_to_response(self.get_context_data(form=form, panels=answer), headers={"Cache-Control": "no-store"})
        messages.success(request, answer)
        return redirect(self._page())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it asks, what it does, and what is in its way."""
        words = [*_WORDS.get(self.move.name, ()), *([self.move.help] if self.move.name not in _WORDS and self.move.help else ())]
        more = [sentence for function in _added[self.move.name] for sentence in function(self.campaign)]
        asked = {"move": self.move, "words": [*words, *more], "missing": self._missing(), "back_url": self._page()}
        return super().get_context_data(**asked, **kwargs)

    def _missing(self) -> list[Missing]:
        if self.move.name not in _GATED:
            return []
        failing = readiness.failing(self.campaign, at=timezone.now())
        return [Missing(one, address_of_fix(one, self.campaign)) for one in failing]

    def _form(self, *data: Any) -> MoveForm:
        return self.move.form(*data, row=self.campaign)

    def _again(self, form: MoveForm, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _page(self) -> str:
        return reverse("admin:campaigns_campaign_change", args=[self.campaign.pk])


add_screen("campaigns/<slug:campaign>/do/<slug:move>/", MoveScreen, name="campaign_move")
