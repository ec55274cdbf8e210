"""The life of a campaign: schedule, launch, pause, resume, end, archive."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit import trail
from audit.actors import Actor
from campaigns import readiness
from campaigns.editing import lock
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import CAMPAIGN_MOVES, CampaignState
from desk.moves import move

__all__ = ["CampaignRefused", "archive", "end", "launch", "pause", "resume", "schedule", "unschedule"]

_PERMISSION = "campaigns.launch_campaign"


def schedule(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Let the campaign start by itself at its `starts_at`.

    Refuses with `not_ready`, every failing check in `reasons`, and with `start_missing` unless `starts_at` is to come.
    """
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        _require_ready(campaign, CampaignState.SCHEDULED, at)
        starts_on = _start_to_come(campaign, at)
        _move(campaign, CampaignState.SCHEDULED, reason)
        trail.record("campaign.scheduled", about=campaign, by=by, at=at, reason=reason, starts_on=starts_on)


def unschedule(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Make a scheduled campaign a draft again."""
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        _move(campaign, CampaignState.DRAFT, reason)
        trail.record("campaign.unscheduled", about=campaign, by=by, at=at, reason=reason)


def launch(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Put the campaign live now. A start that is missing or still to come becomes `at`.

    Refuses with `not_ready`, every failing check in `reasons` at once.
    """
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        if campaign.state == CampaignState.PAUSED:
            raise CampaignRefused("wrong_state", "This campaign is paused. Resume it instead of launching it again.")
        _require_ready(campaign, CampaignState.LIVE, at)
        starts_at = min(campaign.starts_at or at, at)
        _move(campaign, CampaignState.LIVE, reason, launched_at=at, starts_at=starts_at)
        trail.record("campaign.launched", about=campaign, by=by, at=at, reason=reason, rules_version=campaign.rules_version)


def pause(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "", is_used_up: bool = False) -> None:
    """Stop taking sign-ups for a while. What was promised stays promised. Refuses with `reason_missing`.

    `is_used_up` says that a limit is reached, which customers are told in other words than a break.
    """
    by.require(_PERMISSION)
    if not reason.strip():
        raise CampaignRefused("reason_missing", "Say why the campaign is paused; the trail and the customers' page need it.")
    with transaction.atomic():
        lock(campaign)
        _move(campaign, CampaignState.PAUSED, reason, is_used_up=is_used_up)
        trail.record("campaign.paused", about=campaign, by=by, at=at, reason=reason)


def resume(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Take sign-ups again. Refuses with `past_end` when the campaign's end has passed."""
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        if campaign.state != CampaignState.PAUSED:
            label = campaign.get_state_display().lower()
            raise CampaignRefused("wrong_state", f"This campaign is {label}; only a paused one can be resumed.")
        if campaign.ends_at is not None and campaign.ends_at <= at:
            raise CampaignRefused("past_end", "The campaign's end has passed. Move its end to a later day first, or end it.")
        _move(campaign, CampaignState.LIVE, reason, is_used_up=False)
        trail.record("campaign.resumed", about=campaign, by=by, at=at, reason=reason)


def end(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Take no more sign-ups, for good. Referrals that were opened run on to their own end."""
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        _move(campaign, CampaignState.ENDED, reason)
        trail.record("campaign.ended", about=campaign, by=by, at=at, reason=reason)


def archive(*, campaign: Campaign, at: datetime, by: Actor, reason: str = "") -> None:
    """Put an ended campaign, or a draft nobody wants, out of sight."""
    by.require(_PERMISSION)
    with transaction.atomic():
        lock(campaign)
        _move(campaign, CampaignState.ARCHIVED, reason)
        trail.record("campaign.archived", about=campaign, by=by, at=at, reason=reason)


def _move(campaign: Campaign, to: CampaignState, reason: str, **changes: Any) -> None:
    move(campaign, to=to, moves=CAMPAIGN_MOVES, refusal=CampaignRefused, state_reason=reason[:300], **changes)


def _start_to_come(campaign: Campaign, at: datetime) -> date | None:
    """The day a draft is to start. Like readiness, it is asked of drafts only."""
    if campaign.state != CampaignState.DRAFT:
        return None
    if campaign.starts_at is None or campaign.starts_at <= at:
        raise CampaignRefused("start_missing", "Give the campaign a start that is still to come, or launch it now.")
    return campaign.day_of(campaign.starts_at)


def _require_ready(campaign: Campaign, to: CampaignState, at: datetime) -> None:
    """Refuse what is not ready; a move that is not allowed at all is left to `move` to refuse."""
    if to not in CAMPAIGN_MOVES[CampaignState(campaign.state)]:
        return
    failing = readiness.failing(campaign, at=at)
    if failing:
        reasons = [f"{one.sentence} {one.fix}".strip() for one in failing]
        raise CampaignRefused("not_ready", "The campaign is not ready: " + " · ".join(reasons), reasons)
