"""Campaigns near a limit, for those who run them."""

from datetime import datetime

from django.urls import reverse

from desk import needs
from desk.columns import page_of
from desk.needs import Need
from rewards.near_limits import campaigns_near_limits


def _need(at: datetime) -> Need:
    found = campaigns_near_limits()
    if len(found) == 1:
        return Need(1, f"Near its limit: {found[0].campaign}", page_of(found[0].campaign), note=found[0].reason)
    names = ", ".join(str(near.campaign) for near in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return Need(len(found), "Campaigns near a limit", reverse("admin:campaigns_campaign_changelist"), note=names + more)


needs.register("campaigns.near_limits", _need, permission="campaigns.launch_campaign")
