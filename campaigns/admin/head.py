"""The head of every page of a campaign: where it stands, how long it has, what can be done with it now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from audit.admin.screens import READING
from campaigns.models import Campaign
from campaigns.states import CAMPAIGN_TONES, CampaignState
from desk import plurals
from desk.admin.moves import BoundMove, MovesAdmin
from desk.badges import badge, state_badge

_FIRST = {
    CampaignState.DRAFT: "launch",
    CampaignState.SCHEDULED: "launch",
    CampaignState.LIVE: "pause",
    CampaignState.PAUSED: "resume",
    CampaignState.ENDED: "archive",
}
"""The one move that is offered first in each state."""
_ON_TABS = ("readiness", "audience")
"""Moves that only look, and whose answers stand on tabs of their own."""
_SOON = 7


@dataclass(frozen=True)
class Action:
    """Something that can be done now: a link to the page that asks what is needed and says what happens."""

    label: str
    url: str
    is_danger: bool = False


@dataclass(frozen=True)
class Head:
    """One action that fits the state, or none, and the others."""

    primary: Action | None
    others: tuple[Action, ...]


def admin_of_campaigns() -> MovesAdmin:
    """The pages of campaigns, which know every move, those of upper floors too."""
    found = admin.site.get_model_admin(Campaign)
    assert isinstance(found, MovesAdmin)
    return found


def head_of(campaign: Campaign, request: HttpRequest) -> Head:
    """What this person can do with the campaign now."""
    moves = {bound.move.name: bound for bound in admin_of_campaigns().bound_moves(request, campaign)}
    first = moves.pop(_FIRST.get(CampaignState(campaign.state), ""), None)
    others = [_action(bound, campaign) for name, bound in moves.items() if name not in _ON_TABS]
    return Head(_action(first, campaign) if first else None, (*others, *_copies(campaign, request.user)))


def badges_of(campaign: Campaign, at: datetime) -> list[SafeString]:
    """The state, and how long it lasts where that is known."""
    left = time_left(campaign, at)
    return [state_badge(campaign, CAMPAIGN_TONES), *([left] if left else [])]


def time_left(campaign: Campaign, at: datetime) -> SafeString | None:
    """How many days a campaign has before it starts or ends, counted in its own days; None where nothing is planned."""
    if campaign.state == CampaignState.SCHEDULED and campaign.starts_at:
        return badge("info", f"Starts in {_days(campaign, at, campaign.starts_at)}")
    if campaign.state in (CampaignState.LIVE, CampaignState.PAUSED) and campaign.ends_at:
        days = (campaign.day_of(campaign.ends_at) - campaign.day_of(at)).days
        if campaign.ends_at <= at:
            return badge("warn", "Its end has passed")
        return badge("warn" if days <= _SOON else "plain", f"{_days(campaign, at, campaign.ends_at)} left")
    return None


def _days(campaign: Campaign, at: datetime, until: datetime) -> str:
    count = max((campaign.day_of(until) - campaign.day_of(at)).days, 0)
    if count == 0:
        return "less than a day"
    return plurals.days(count)


def _action(bound: BoundMove, campaign: Campaign) -> Action:
    url = reverse("admin:campaign_move", args=[campaign.slug, bound.move.name])
    return Action(bound.move.label, url, bound.move.tone == "danger")


def _copies(campaign: Campaign, user: Any) -> list[Action]:
    clone = Action("Clone", f"{reverse('admin:campaign_start')}?clone={campaign.slug}")
    keep = Action("Download as a recipe", reverse("admin:campaign_export", args=[campaign.slug]))
    if user.has_perm("campaigns.load_campaign"):
        return [clone, keep]
    return [keep] if user.has_perm(READING) else []
