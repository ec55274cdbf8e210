"""One page of many rows, found by where the page before it ended: as fast on the last page as on the first.

The address of a page names the row it begins behind by its key alone, so that it carries nothing personal; where that row
stands in the order is looked up. The order is one column with the key behind it, so that no two rows share a place.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

_LARGEST_KEY = 18
"""Digits of a key; more would not fit its column."""


@dataclass(frozen=True)
class Sort:
    """An order of rows: by a column (a path such as `campaign__name`), then by key, both in the same direction.

    Rows without a value in the column come last in either direction.
    """

    path: str
    is_descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Sort":
        """From the way Django writes it: `-created_at` is newest first."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    @property
    def reversed(self) -> "Sort":
        """The same from its other end."""
        return Sort(self.path, not self.is_descending)


@dataclass(frozen=True)
class Page:
    """Rows of a page, and the keys at which the pages beside it join; None where there is no such page."""

    rows: list[Any]
    previous: Any = None
    next: Any = None


class _Pair(Func):
    """Whether (column, key) lies beyond a pair of values. Databases answer it by one step into an index over both."""

    output_field = BooleanField()

    def __init__(self, *sources: Any, sign: str) -> None:
        super().__init__(*sources)
        self.extra["sign"] = sign

    def as_sql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """`(column, key) < (value, key)`."""
        parts = [compiler.compile(source) for source in self.get_source_expressions()]
        column, key, value, at = (sql for sql, _ in parts)
        return f"({column}, {key}) {self.extra['sign']} ({value}, {at})", [one for _, values in parts for one in values]


def field_at(model: type[Model], path: str) -> tuple["Field[Any, Any]", bool]:
    """The field at the end of a path, and whether a row may be without it."""
    is_nullable = False
    field: Any = None
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        is_nullable = is_nullable or bool(getattr(field, "null", False))
        model = field.related_model or model
    return field, is_nullable


def ordered(rows: QuerySet[Any], sort: Sort, *, empty_first: bool = False) -> QuerySet[Any]:
    """The rows in this order; those without a value last, or first when it is read from its other end."""
    if _is_key(rows, sort):
        return rows.order_by("-pk" if sort.is_descending else "pk")
    column = F(sort.path)
    empty: dict[str, Any] = {}
    if field_at(rows.model, sort.path)[1]:
        empty = {"nulls_first": True} if empty_first else {"nulls_last": True}
    keyed = column.desc(**empty) if sort.is_descending else column.asc(**empty)
    return rows.order_by(keyed, "-pk" if sort.is_descending else "pk")


def page_of(rows: QuerySet[Any], sort: Sort, *, size: int, after: str = "", before: str = "") -> Page:
    """The page of `size` rows behind the row `after`, or ahead of the row `before` (keys, as text); the first page for neither.

    A row that is not there any more leads to the first page. Takes at most three queries, however far in.
    """
    if before and (anchor := _anchor(rows, sort, before)) is not None:
        back = sort.reversed
        found = list(ordered(rows.filter(_beyond(rows, back, anchor, is_back=True)), back, empty_first=True)[: size + 1])
        if len(found) > size:
            kept = found[:size][::-1]
            return Page(kept, kept[0].pk, kept[-1].pk)
    elif after and (anchor := _anchor(rows, sort, after)) is not None:
        found = list(ordered(rows.filter(_beyond(rows, sort, anchor)), sort)[: size + 1])
        if found:
            return Page(found[:size], found[0].pk, found[size - 1].pk if len(found) > size else None)
    found = list(ordered(rows, sort)[: size + 1])
    return Page(found[:size], None, found[size - 1].pk if len(found) > size else None)


def _is_key(rows: QuerySet[Any], sort: Sort) -> bool:
    return sort.path in ("pk", rows.model._meta.pk.name)


def _anchor(rows: QuerySet[Any], sort: Sort, key: str) -> tuple[Any, Any] | None:
    """Value and key of the row at which a page joins; looked up among all rows, for it may match no longer."""
    if not (key.isascii() and key.isdigit() and len(key) <= _LARGEST_KEY):
        return None
    known = rows.model._default_manager.filter(pk=int(key))
    found: tuple[Any, Any] | None = known.order_by().values_list(sort.path, "pk").first()
    return found


def _beyond(rows: QuerySet[Any], sort: Sort, anchor: tuple[Any, Any], *, is_back: bool = False) -> Q | Combinable:
    """Rows that come behind the anchor in this order (whose rows without a value come first when it is read back)."""
    value, key = anchor
    sign = "<" if sort.is_descending else ">"
    keys_behind = Q(pk__lt=key) if sort.is_descending else Q(pk__gt=key)
    if _is_key(rows, sort):
        return keys_behind
    field, is_nullable = field_at(rows.model, sort.path)
    is_empty = Q(**{f"{sort.path}__isnull": True})
    if value is None:
        return (is_empty & keys_behind) | ~is_empty if is_back else is_empty & keys_behind
    pair = _Pair(F(sort.path), F("pk"), Value(value, output_field=field), Value(key, output_field=rows.model._meta.pk), sign=sign)
    return Q(pair) | is_empty if is_nullable and not is_back else pair
