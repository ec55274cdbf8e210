"""Sweeps: what is due is found and a verb called for each, in its own transaction. They may run twice, late or never."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from audit.actors import SYSTEM
from campaigns import running
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import CampaignState

logger = logging.getLogger(__name__)


def open_and_close_campaigns(at: datetime | None = None) -> dict[str, int]:
    """End campaigns whose end has come and put scheduled ones live at their start, at `at` (None: now).

    A scheduled campaign that is not ready stays scheduled and is tried again. Answers counts: `opened`, `closed`, `refused`,
    `failed`.
    """
    at = at or timezone.now()
    counts = {"opened": 0, "closed": 0, "refused": 0, "failed": 0}
    open_states = [CampaignState.LIVE, CampaignState.PAUSED]
    for campaign in Campaign.objects.filter(state__in=open_states, ends_at__lte=at).order_by("pk"):
        counts[_try("closed", running.end, campaign, at, "Its end has come.")] += 1
    for campaign in Campaign.objects.filter(state=CampaignState.SCHEDULED, starts_at__lte=at).order_by("pk"):
        counts[_try("opened", running.launch, campaign, at, "Its start has come.")] += 1
    return counts


def _try(done: str, verb: Callable[..., None], campaign: Campaign, at: datetime, reason: str) -> str:
    try:
        verb(campaign=campaign, at=at, by=SYSTEM, reason=reason)
    except CampaignRefused as refused:
        logger.warning("Campaign %s: %s", campaign.slug, refused.sentence)
        return "refused"
    except Exception:
        logger.exception("Campaign %s could not be moved", campaign.slug)
        return "failed"
    return done
