"""What staff can do with campaigns: each move calls one verb and says what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from audit.actors import Actor
from campaigns import audience, forms, readiness, recipes, running
from campaigns.models import Campaign
from campaigns.states import CAMPAIGN_MOVES, CampaignState, Side
from desk.admin.moves import Move
from desk.badges import badge
from desk.columns import can_become, in_states
from desk.panels import Cell, Panel

Data = dict[str, Any]
_LAUNCH = "campaigns.launch_campaign"


def readiness_panel(campaign: Campaign, at: datetime) -> Panel:
    """Every check, with what to do where it is not well."""
    rows = [
        [Cell(badge("ok", "Ready") if one.is_ok else badge("bad", "Missing")), Cell(one.sentence), Cell(one.fix or "–")]
        for one in readiness.check(campaign, at=at)
    ]
    return Panel("Readiness", ["Check", "How things stand", "What to do"], rows, "Nothing to check.")


def _check(campaign: Campaign, data: Data, by: Actor, at: datetime) -> Sequence[Panel]:
    return [readiness_panel(campaign, at)]


def _who(campaign: Campaign, data: Data, by: Actor, at: datetime) -> Sequence[Panel]:
    on = campaign.day_of(at)
    count = audience.eligible(campaign, Side.REFERRER, on=on).count()
    turned_away = audience.turned_away(campaign, Side.REFERRER, on=on)
    rows = [[Cell("Qualify as referrers"), Cell(count)], *([Cell(sentence), Cell(number)] for sentence, number in turned_away)]
    return [Panel("Who can take part today", ["Criterion not met by", "Customers"], rows, "")]


def _launch(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.launch(campaign=campaign, reason=data["reason"], at=at, by=by)
    return f"“{campaign}” is live."


def _schedule(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.schedule(campaign=campaign, at=at, by=by)
    return f"“{campaign}” starts by itself on {campaign.day_of(campaign.starts_at or at):%-d %B %Y}."


def _unschedule(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.unschedule(campaign=campaign, at=at, by=by)
    return f"“{campaign}” is a draft again."


def _pause(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.pause(campaign=campaign, reason=data["reason"], at=at, by=by)
    return f"“{campaign}” is paused: nobody can sign up. What was promised stays promised."


def _resume(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.resume(campaign=campaign, reason=data["reason"], at=at, by=by)
    return f"“{campaign}” is live again."


def _end(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.end(campaign=campaign, reason=data["reason"], at=at, by=by)
    return f"“{campaign}” has ended. Referrals that were opened run on to their own end."


def _archive(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    running.archive(campaign=campaign, reason=data["reason"], at=at, by=by)
    return f"“{campaign}” is archived."


def _load(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    recipe = recipes.parse(data["recipe"])
    if recipe.campaign.slug != campaign.slug:
        raise recipes.RecipeInvalid(["campaign.slug: this is the page of another campaign; its slug cannot change"])
    recipes.load(recipe=recipe, at=at, by=by)
    return f"“{campaign}” is as the recipe says."


C = CampaignState
_CHANGEABLE = in_states(C.DRAFT, C.SCHEDULED, C.LIVE, C.PAUSED)
_RECIPE_HELP = "All of the campaign in one text. Rules change as a new version; what was promised cannot be broken."
CAMPAIGN = (
    Move(
        "launch",
        "Launch now",
        _launch,
        _LAUNCH,
        in_states(C.DRAFT, C.SCHEDULED),
        forms.FreeReasonForm,
        help="Refused with every reason at once while a check is missing.",
    ),
    Move("schedule", "Schedule for its start", _schedule, _LAUNCH, in_states(C.DRAFT)),
    Move("unschedule", "Back to draft", _unschedule, _LAUNCH, in_states(C.SCHEDULED)),
    Move("resume", "Resume", _resume, _LAUNCH, in_states(C.PAUSED), forms.FreeReasonForm),
    Move("readiness", "Check readiness", _check, "campaigns.view_campaign"),
    Move("audience", "Who can take part", _who, "campaigns.view_campaign"),
    Move("recipe", "Change the recipe", _load, "campaigns.load_campaign", _CHANGEABLE, forms.RecipeForm, help=_RECIPE_HELP),
    Move("pause", "Pause", _pause, _LAUNCH, can_become(C.PAUSED, CAMPAIGN_MOVES), forms.PauseReasonForm, "danger"),
    Move(
        "end",
        "End",
        _end,
        _LAUNCH,
        can_become(C.ENDED, CAMPAIGN_MOVES),
        forms.FreeReasonForm,
        "danger",
        "For good: it cannot go live again.",
    ),
    Move("archive", "Archive", _archive, _LAUNCH, can_become(C.ARCHIVED, CAMPAIGN_MOVES), forms.FreeReasonForm),
)
