"""What a list is: which rows, how they are found, shown, exported and moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet

from desk.lists.added import added_to
from desk.lists.bulk import BulkMove
from desk.lists.filters import ListFilters
from desk.lists.keyset import Sort
from desk.lists.tables import ListTable

if TYPE_CHECKING:
    from desk.admin.pages import RowAdmin

COUNTED = 1_000
"""Rows that are counted one by one; beyond, a list says "more than"."""


@dataclass(frozen=True)
class WayIn:
    """The page from which a list gets its first rows: what its button says, its address by name, and who may open it."""

    label: str
    view: str
    argument: str
    permission: str


class ListPage:
    """The list of a model. A subclass says what is special about it; `order` is `-path` for newest or largest first.

    `related` are the rows a line shows beside its own (`select_related`). `phone` names the columns of the two lines of a
    row on a phone: first, right of it, below, right of that. `nothing_yet` is one sentence for an empty table, and `way_in` where
    its first rows come from. `adding` is how the way to a new row is called and the name of its page, where it is not the form of
    the row.
    """

    table: type[ListTable]
    filters: type[ListFilters] = ListFilters
    order: str = "-pk"
    related: Sequence[str] = ()
    search_help: str = ""
    phone: Sequence[str] = ()
    lead: str = ""
    nothing_yet: str = ""
    way_in: WayIn | None = None
    adding: tuple[str, str] | None = None
    bulk: Sequence[BulkMove] = ()
    size: ClassVar[int] = 50

    def __init__(self, page: "RowAdmin") -> None:
        self.page = page
        self.model = page.model
        self.meta = page.model._meta
        self._added = added_to(self.meta.label_lower)
        if self._added:
            self.table = type(self.table.__name__, (self.table,), {one.name: one.column for one in self._added})

    def rows(self) -> QuerySet[Any]:
        """All rows of the list, in no order."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows.select_related(*self.related) if self.related else rows

    def find(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Rows found by a typed text: by columns that an index carries, so that a million rows are searched at once."""
        return rows.none()

    def prepare(self, rows: Sequence[Any], at: datetime) -> None:
        """Look up, for the rows of a page, what their columns need and a join does not give: in a constant number of queries."""

    def prepare_all(self, rows: Sequence[Any], at: datetime) -> None:
        """The same, for the columns that other apps added too."""
        self.prepare(rows, at)
        for one in self._added:
            one.prepare(rows, at)

    def sorts(self) -> dict[str, Sort]:
        """The orders that can be asked for, by the name of their column."""
        return {name: Sort(column.sort) for name, column in self.table.base_columns.items() if column.sort}

    @property
    def has_search(self) -> bool:
        """Whether the list can be searched."""
        return bool(self.search_help)

    def way_to_add(self) -> tuple[str, str]:
        """How the way to a new row is called, and the name of the page it leads to."""
        return self.adding or (f"Add {self.one}", f"admin:{self.meta.app_label}_{self.meta.model_name}_add")

    @property
    def one(self) -> str:
        """What a row is called."""
        return self.page.names[0] if self.page.names else str(self.meta.verbose_name)

    @property
    def many(self) -> str:
        """What rows are called."""
        return self.page.names[1] if self.page.names else str(self.meta.verbose_name_plural)

    def counted(self, number: int) -> str:
        """So many rows, in words."""
        return f"{number:,} {self.one if number == 1 else self.many}"
