"""Periods of figures: whole days in a campaign's own time zone, held as a half-open interval of instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.models import Campaign


@dataclass(frozen=True)
class Period:
    """`[start, end)` in UTC, and the first and last day it covers in the campaign's time zone."""

    start: datetime
    end: datetime
    first: date
    last: date


def period(campaign: Campaign, first: date, last: date) -> Period:
    """The days `first` to `last`, both included, in the campaign's time zone. Raises `ValueError` when last is before first."""
    if last < first:
        raise ValueError(f"The period ends on {last}, before it starts on {first}. Give the earlier day first.")
    zone = ZoneInfo(campaign.time_zone)
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    return Period(start, end, first, last)


def whole_life(campaign: Campaign, *, at: datetime) -> Period:
    """From the day the campaign was launched (else: starts, else: was made) to the day of `at`, or its last day if earlier."""
    began = campaign.launched_at or campaign.starts_at or campaign.created_at
    ended = min(at, campaign.ends_at - timedelta(microseconds=1)) if campaign.ends_at else at
    first, last = campaign.day_of(began), campaign.day_of(ended)
    return period(campaign, min(first, last), last)
