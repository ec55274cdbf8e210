"""Small tables that an app adds to the page of a row of a lower app, so that the lower one need not know it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MAIN, SIDE = "main", "side"
"""Columns of a page: what is worked with, and what is only looked up beside it. On a phone they follow one another."""
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

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        """The rows, each cell with the title of its column."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class _Registered:
    permission: str
    make: Callable[[Any], Panel | None]
    column: str
    order: int


_registered: dict[str, list[_Registered]] = defaultdict(list)


def register(label: str, make: Callable[[Any], Panel | None], *, permission: str, column: str = MAIN, order: int = 50) -> None:
    """Show the panel that `make(row)` answers, if any, on pages of the model `label` (`app.model`) to those with `permission`.

    `order` sorts within a column: what matters first has the smaller number.
    """
    if all(known.make is not make for known in _registered[label]):
        _registered[label].append(_Registered(permission, make, column, order))


def panels_of(row: Any, user: Any, column: str = MAIN) -> list[Panel]:
    """The panels of this row in a column that this person may see, in their order."""
    known = [one for one in _registered[row._meta.label_lower] if one.column == column and user.has_perm(one.permission)]
    made = [one.make(row) for one in sorted(known, key=lambda one: one.order)]
    return [panel for panel in made if panel is not None]
