"""What a request asks of a list: filters, order, page; and the list's answer, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from desk.lists import keyset
from desk.lists.filters import ListFilters
from desk.lists.keyset import Page, Sort
from desk.lists.page import COUNTED, ListPage

_OWN = ("sort", "after", "before")


@dataclass(frozen=True)
class Head:
    """The head of a column: where a click leads, and how the list is sorted now (`ascending`, `descending` or empty)."""

    label: str
    kind: str
    url: str = ""
    sorted: str = ""


class Asked:
    """A list as one address asks for it, at one instant."""

    def __init__(self, page: ListPage, data: QueryDict, *, at: datetime) -> None:
        self.page = page
        self.data = data
        self.at = at
        find = page.find if page.has_search else None
        self.filters: ListFilters = page.filters(data, page.rows(), at=at, find=find, search_help=page.search_help)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All rows that match, in no order."""
        found: QuerySet[Any] = self.filters.qs
        return found

    @cached_property
    def sort(self) -> Sort:
        """The order asked for; the list's own when there is no such order."""
        asked = self.data.get("sort", "")
        known = self.page.sorts().get(asked.removeprefix("-"))
        return Sort(known.path, asked.startswith("-")) if known else Sort.parse(self.page.order)

    @cached_property
    def shown(self) -> Page:
        """The rows of this page, prepared."""
        found = keyset.page_of(
            self.rows, self.sort, size=self.page.size, after=self.data.get("after", ""), before=self.data.get("before", "")
        )
        self.page.prepare_all(found.rows, self.at)
        return found

    @cached_property
    def count(self) -> int:
        """How many match, counted no further than one beyond `COUNTED`."""
        return self.rows.order_by().values("pk")[: COUNTED + 1].count()

    @property
    def is_beyond_count(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > COUNTED

    @property
    def how_many(self) -> str:
        """The number of rows that match, in words."""
        return f"More than {COUNTED:,} {self.page.many}" if self.is_beyond_count else self.page.counted(self.count)

    def problems(self) -> Sequence[str]:
        """What of the address cannot be, each with what is allowed."""
        found = list(self.filters.problems())
        known = {*self.filters.filters, *_OWN}
        found += [f"This list has no filter “{name[:60]}”: it is left out." for name in self.data if name not in known]
        asked = self.data.get("sort", "")
        sorts = self.page.sorts()
        if asked and asked.removeprefix("-") not in sorts:
            names = ", ".join(sorts) or "nothing else"
            found.append(f"This list cannot be sorted by “{asked[:60]}”: it can be sorted by {names}.")
        return found

    def address(self, **changes: Any) -> str:
        """The query part of an address that asks for the same, but with these values; None takes one out."""
        data = self.data.copy()
        for name, value in changes.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = str(value)
        for name in [name for name in data if not data.get(name)]:
            del data[name]
        return f"?{data.urlencode()}"

    def heads(self, table: Any) -> list[Head]:
        """The heads of the columns that are shown."""
        return [self._head(bound.name, bound.column) for bound in table.columns]

    def _head(self, name: str, column: Any) -> Head:
        if not column.sort:
            return Head(column.verbose_name, column.kind)
        is_now = self.sort.path == column.sort
        down = not self.sort.is_descending if is_now else column.initial_sort_descending
        url = self.address(sort=f"-{name}" if down else name, after=None, before=None)
        state = "" if not is_now else "descending" if self.sort.is_descending else "ascending"
        return Head(column.verbose_name, column.kind, url, state)
