"""What the first page shows beside what needs somebody: each app adds its sections and its main action, each person sees theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

Make = Callable[[HttpRequest, datetime], "Shown | None"]


@dataclass(frozen=True)
class Shown:
    """A section as this person sees it now: a template, which finds `context` under the name `shown`."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of the first page, for those who hold `permission`; `order` sorts, `make(request, at)` answers what is shown."""

    name: str
    permission: str
    order: int
    make: Make


@dataclass(frozen=True)
class Action:
    """What somebody most likely came for, as the one main button of the page: the first by `order` that this person may do."""

    name: str
    label: str
    url_name: str
    permission: str
    order: int = 50

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(self.url_name)


_sections: dict[str, Section] = {}
_actions: dict[str, Action] = {}


def register(section: Section) -> None:
    """Show a section on the first page; the same name replaces."""
    _sections[section.name] = section


def offer(action: Action) -> None:
    """Offer a main action on the first page; the same name replaces."""
    _actions[action.name] = action


def sections_of(request: HttpRequest, *, at: datetime) -> list[Shown]:
    """The sections this person sees, in order."""
    allowed = [section for section in _sections.values() if request.user.has_perm(section.permission)]
    made = [section.make(request, at) for section in sorted(allowed, key=lambda section: section.order)]
    return [shown for shown in made if shown is not None]


def action_of(user: Any) -> Action | None:
    """The main action of this person, if there is one."""
    allowed = [action for action in _actions.values() if user.has_perm(action.permission)]
    return min(allowed, key=lambda action: action.order, default=None)
