"""When news and offers may arrive: by day, as the reader's clock has it. Pure: an instant and zones in, an instant out.

Messages about what somebody has borrowed or earned are no news and go at any hour.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS_AHEAD = 3


def is_open(at: datetime, zones: Sequence[ZoneInfo], *, first: int, last: int) -> bool:
    """Whether it is `first` o'clock or later and before `last` o'clock in all of `zones`."""
    return all(first <= at.astimezone(zone).hour < last for zone in zones)


def opening(at: datetime, zones: Sequence[ZoneInfo], *, first: int, last: int) -> datetime:
    """`at` itself when it is no quiet hour, or else the next instant that is none in any of `zones`.

    Where the zones lie so far apart that no hour is right in all of them, the first one decides.
    """
    if is_open(at, zones, first=first, last=last):
        return at
    starts = sorted(start for zone in zones for start in _starts(at, zone, first))
    fitting = (start for start in starts if is_open(start, zones, first=first, last=last))
    return next(fitting, min(_starts(at, zones[0], first)))


def _starts(at: datetime, zone: ZoneInfo, first: int) -> list[datetime]:
    """The next mornings of a zone after `at`."""
    today = at.astimezone(zone).date()
    mornings = [datetime.combine(today + timedelta(days=n), time(first), tzinfo=zone) for n in range(_DAYS_AHEAD)]
    return [morning.astimezone(at.tzinfo) for morning in mornings if morning > at]
