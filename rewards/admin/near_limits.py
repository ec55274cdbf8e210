"""Campaigns near a limit, for those who run them."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from desk import needs
from desk.columns import page_of
from desk.needs import Need
from rewards.near_limits import NearLimit, campaigns_at_limit, campaigns_near_limits


def _need(at: datetime) -> Need:
    return _told(campaigns_near_limits(), "Near its limit", "Campaigns near a limit", "warn")


def _paused(at: datetime) -> Need:
    return _told(campaigns_at_limit(), "Paused at its limit", "Campaigns paused at a limit", "bad")


def _told(found: Sequence[NearLimit], one: str, many: str, tone: str) -> Need:
    if len(found) == 1:
        return Need(1, f"{one}: {found[0].campaign}", page_of(found[0].campaign), tone, note=found[0].reason)
    names = ", ".join(str(near.campaign) for near in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return Need(len(found), many, reverse("admin:campaigns_campaign_changelist"), tone, note=names + more)


needs.register("campaigns.near_limits", _need, permission="campaigns.launch_campaign")
needs.register("campaigns.at_limit", _paused, permission="campaigns.launch_campaign")
