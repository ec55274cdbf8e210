"""Days of a place: when it is open, when something is due, when a unit can go out again. Pure, in the place's own zone.

A day ends at the next local midnight, so a change to summer time moves no due date. Days are added on the local calendar
and then turned into an instant. Every answer grows with the instant asked about: acting earlier never ends later.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Opening:
    """A place's time zone, its open days (seven characters, Monday first, 1 open; at least one is), and when it is closed.

    `closed` are first and last days of closures, such as holidays; they end some day.
    """

    time_zone: str
    open_days: str = "1111111"
    closed: tuple[tuple[date, date], ...] = ()

    def day(self, instant: datetime) -> date:
        """The local day on which `instant` falls."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    def last_day(self, end: datetime) -> date:
        """The last local day of something that ends just before `end`."""
        return self.day(end - _MOMENT)

    def is_open(self, day: date) -> bool:
        """Whether the place is open on `day`."""
        return self.open_days[day.weekday()] == "1" and not any(first <= day <= last for first, last in self.closed)

    def open_days_until(self, start: date, end: date) -> int:
        """How many days after `start` and up to `end` the place is open."""
        return sum(self.is_open(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def end_of_open_day(self, day: date) -> datetime:
        """Local midnight after `day`, or after the next open day when the place is closed on `day`; in UTC."""
        while not self.is_open(day):
            day += timedelta(days=1)
        midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(self.time_zone))
        return midnight.astimezone(UTC)

    def after(self, instant: datetime, *, days: int) -> datetime:
        """End of the day `days` calendar days after the day of `instant`, moved to the next open day."""
        return self.end_of_open_day(self.day(instant) + timedelta(days=days))

    def free_again(self, back_at: datetime, *, turnaround_days: int) -> datetime:
        """When a unit that is back by `back_at` can go out again: after so many open days, at once when there are none."""
        if turnaround_days == 0:
            return back_at
        day = self.last_day(back_at)
        for _ in range(turnaround_days):
            day += timedelta(days=1)
            while not self.is_open(day):
                day += timedelta(days=1)
        return self.end_of_open_day(day)
