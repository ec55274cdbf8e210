"""Small tables that an app adds to the page of a row of a lower app, so that the lower one need not know it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LIMIT = 25
"""Rows of a panel; what lies beyond is behind its link."""


@dataclass(frozen=True)
class Cell:
    """Text in a panel, with a link when there is a page for it."""

    text: object
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A titled table. `empty` says why there is nothing; `more_url` leads to the whole list."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str
    more_url: str = ""


@dataclass(frozen=True)
class _Registered:
    permission: str
    make: Callable[[Any], Panel | None]


_registered: dict[str, list[_Registered]] = defaultdict(list)


def register(label: str, make: Callable[[Any], Panel | None], *, permission: str) -> None:
    """Show the panel that `make(row)` answers, if any, on pages of the model `label` (`app.model`) to those with `permission`."""
    if all(known.make is not make for known in _registered[label]):
        _registered[label].append(_Registered(permission, make))


def panels_of(row: Any, user: Any) -> list[Panel]:
    """The panels of this row that this person may see."""
    made = [known.make(row) for known in _registered[row._meta.label_lower] if user.has_perm(known.permission)]
    return [panel for panel in made if panel is not None]
