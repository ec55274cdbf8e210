"""The clock each colleague reads the desk by: chosen on the page of their account, kept in the session from the log-in on.

It changes how instants are shown and which day a filter means, nothing else: what is stored, exported or on the trail is UTC.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase

from config.models import StaffClock
from desk.refusals import Refused
from desk.time_zones import ZONES

_KEY = "clock"


class ClockRefused(Refused):
    """No clock of that name."""


def choose(*, user: User, zone: str) -> None:
    """Read the desk by the clock of `zone` (a name such as Europe/Berlin) from now on.

    Raises `ClockRefused` (`unknown_zone`).
    """
    if zone not in ZONES:
        raise ClockRefused("unknown_zone", "There is no such time zone. Choose one of the list.")
    StaffClock.objects.update_or_create(user=user, defaults={"zone": zone})


def zone_of(user: User) -> str:
    """The name of the zone somebody chose; that of the installation for whoever chose none. One query."""
    chosen = StaffClock.objects.filter(user=user).values_list("zone", flat=True).first()
    return chosen or settings.STAFF_TIME_ZONE


def keep(session: SessionBase, zone: str) -> None:
    """Remember it for the pages of this session, so that none of them has to ask."""
    session[_KEY] = zone


def of_session(session: SessionBase) -> ZoneInfo:
    """The clock of a session."""
    return ZoneInfo(session.get(_KEY) or settings.STAFF_TIME_ZONE)
