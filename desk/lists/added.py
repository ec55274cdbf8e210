"""Columns that an app adds to the list of a lower app's model, so that the lower one need not know it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.lists.tables import ListColumn

Prepare = Callable[[Sequence[Any], datetime], None]


@dataclass(frozen=True)
class Added:
    """A column at the end of a list, and what looks its values up for the rows of a page, in a constant number of queries."""

    name: str
    column: ListColumn
    prepare: Prepare


_added: dict[str, list[Added]] = defaultdict(list)


def add_column(label: str, name: str, column: ListColumn, prepare: Prepare) -> None:
    """Add a column to the list of the model `label` (`app.model`); the same name replaces. Give the column its permission."""
    _added[label] = [known for known in _added[label] if known.name != name] + [Added(name, column, prepare)]


def added_to(label: str) -> list[Added]:
    """The columns added to the list of this model."""
    return list(_added[label])
