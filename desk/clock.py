"""Instants in words, on the clock of whoever looks: the zone that is in force, always named. Jobs and commands go by UTC."""

from datetime import date, datetime

from django.utils import timezone


def day(when: date) -> str:
    """The day, such as “22 Nov 2026”; of an instant, the day it falls on here."""
    local = when.astimezone(timezone.get_current_timezone()) if isinstance(when, datetime) else when
    return f"{local:%-d %b %Y}"


def moment(instant: datetime) -> str:
    """The minute with the short name of its zone, such as “22 Nov 2026, 14:05 CET”."""
    return f"{instant.astimezone(timezone.get_current_timezone()):%-d %b %Y, %H:%M %Z}"
