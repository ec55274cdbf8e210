"""What needs somebody at the desk now: each app says what it waits for, the first page lists it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.badges import badge


@dataclass(frozen=True)
class Need:
    """Work that waits: how much, what it is, and the list to do it from."""

    count: int
    label: str
    url: str
    tone: str = "warn"

    @property
    def badge(self) -> str:
        """The count on a ground of its tone."""
        return badge(self.tone, self.count)


@dataclass(frozen=True)
class _Registered:
    permission: str
    find: Callable[[datetime], Need]


_registered: dict[str, _Registered] = {}


def register(name: str, find: Callable[[datetime], Need], *, permission: str) -> None:
    """List what `find(at)` answers to those who hold `permission`, the ones who can do something about it."""
    _registered[name] = _Registered(permission, find)


def needs_of(user: Any, *, at: datetime) -> list[Need]:
    """What waits for this person, without what does not wait."""
    found = [known.find(at) for known in _registered.values() if user.has_perm(known.permission)]
    return [need for need in found if need.count]
