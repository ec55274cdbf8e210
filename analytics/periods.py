"""Periods of figures: whole days in a time zone, that of a campaign or UTC, held as a half-open interval of instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.models import Campaign


@dataclass(frozen=True)
class Period:
    """`[start, end)` in UTC, and the first and last day it covers in its time zone."""

    start: datetime
    end: datetime
    first: date
    last: date
    zone: str = "UTC"

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        """All its days, in order."""
        return [self.first + timedelta(days=number) for number in range(self.length)]


def days_in(zone: str, first: date, last: date) -> Period:
    """The days `first` to `last`, both included, in a time zone. Raises `ValueError` when last is before first."""
    if last < first:
        raise ValueError(f"The period ends on {last}, before it starts on {first}. Give the earlier day first.")
    place = ZoneInfo(zone)
    start, end = (datetime.combine(day, time(), place).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    return Period(start, end, first, last, zone)


def last_days(zone: str, number: int, *, at: datetime) -> Period:
    """The day of `at` and those before it, `number` days in all."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return days_in(zone, today - timedelta(days=number - 1), today)


def before(days: Period) -> Period:
    """As many days as `days` has, right before it."""
    return days_in(days.zone, days.first - timedelta(days=days.length), days.first - timedelta(days=1))


def period(campaign: Campaign, first: date, last: date) -> Period:
    """The days `first` to `last`, both included, in the campaign's time zone. Raises `ValueError` when last is before first."""
    return days_in(campaign.time_zone, first, last)


def whole_life(campaign: Campaign, *, at: datetime) -> Period:
    """From the day the campaign was launched (else: starts, else: was made) to the day of `at`, or its last day if earlier."""
    began = campaign.launched_at or campaign.starts_at or campaign.created_at
    ended = min(at, campaign.ends_at - timedelta(microseconds=1)) if campaign.ends_at else at
    first, last = campaign.day_of(began), campaign.day_of(ended)
    return period(campaign, min(first, last), last)
