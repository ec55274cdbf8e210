"""What needs somebody at the desk now: each app says what it waits for, the first page lists it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet

from desk.badges import badge

OLDEST = "the oldest for {age}"
"""How the oldest of what waits is told, unless a need has better words."""
_URGENCY = ("bad", "warn", "info")
"""Tones in the order in which needs are listed."""


@dataclass(frozen=True)
class Need:
    """Work that waits: how much, what it is, and the list to do it from.

    `note` says more in a few words. `oldest` is since when the first of it waits; `needs_of` puts that into the note, in the words
    of `oldest_words`, with `{age}` for how long it has been.
    """

    count: int
    label: str
    url: str
    tone: str = "warn"
    note: str = ""
    oldest: datetime | None = None
    oldest_words: str = OLDEST

    @property
    def badge(self) -> str:
        """The count on a ground of its tone."""
        return badge(self.tone, self.count)


def need_of(rows: QuerySet[Any], label: str, url: str, tone: str = "warn", *, since: str, words: str = OLDEST) -> Need:
    """The need for somebody to look at `rows`, each waiting since the instant in its field `since`. One query."""
    found = rows.order_by().aggregate(number=Count("pk"), oldest=Min(since))
    return Need(found["number"], label, url, tone, oldest=found["oldest"], oldest_words=words)


@dataclass(frozen=True)
class _Registered:
    permission: str
    find: Callable[[datetime], Need]


_registered: dict[str, _Registered] = {}


def register(name: str, find: Callable[[datetime], Need], *, permission: str) -> None:
    """List what `find(at)` answers to those who hold `permission`, the ones who can do something about it."""
    _registered[name] = _Registered(permission, find)


def needs_of(user: Any, *, at: datetime) -> list[Need]:
    """What waits for this person, the most urgent first, without what does not wait."""
    found = [known.find(at) for known in _registered.values() if user.has_perm(known.permission)]
    return sorted((_aged(need, at) for need in found if need.count), key=_urgency)


def how_long(span: timedelta) -> str:
    """A span in words, roughly: minutes below two hours, hours below two days, then days. What is still to come is no time."""
    minutes = max(0, span // timedelta(minutes=1))
    for minutes_each, one in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * minutes_each:
            return f"{minutes // minutes_each:,} {one}s"
    return {0: "less than a minute", 1: "1 minute"}.get(minutes, f"{minutes} minutes")


def _aged(need: Need, at: datetime) -> Need:
    if need.oldest is None:
        return need
    return replace(need, note=need.oldest_words.format(age=how_long(at - need.oldest)))


def _urgency(need: Need) -> int:
    return _URGENCY.index(need.tone) if need.tone in _URGENCY else len(_URGENCY)
