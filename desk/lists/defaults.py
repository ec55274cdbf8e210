"""A list made of what a ModelAdmin says about its list: for models nobody works with daily."""

from collections.abc import Callable, Iterator
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.admin import EmptyFieldListFilter
from django.contrib.admin.utils import label_for_field
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from desk.admin.facts import listed
from desk.labels import spoken
from desk.lists.filters import Asked, Choice, FromDay, ListFilters, Of, Row, ToDay
from desk.lists.keyset import field_at
from desk.lists.page import ListPage
from desk.lists.tables import Instant, ListColumn, ListTable, Made, Number, Related, RowLink, SaidLink, YesNo

if TYPE_CHECKING:
    from desk.admin.pages import RowAdmin

_DROP_DOWN = ("campaign", "model", "pool", "agreement", "groups")
"""Relations to few rows, by the last part of their name: these become drop-downs."""


def default_list(page: "RowAdmin") -> type[ListPage]:
    """The class of a list with the columns, filters, search and order of the ModelAdmin."""
    columns = dict(_columns(page))
    others = [name for name, column in columns.items() if not isinstance(column, RowLink) and not column.only_exported]
    search = list(getattr(page, "search_fields", ()))
    return type(
        "DefaultList",
        (ListPage,),
        {
            "__doc__": "Made of the ModelAdmin's own declarations.",
            "table": type("DefaultTable", (ListTable,), columns),
            "filters": type("DefaultFilters", (ListFilters,), dict(_filters(page))),
            "order": _order(page),
            "related": tuple(page.list_select_related) if isinstance(page.list_select_related, list | tuple) else (),
            "search_help": f"By {', '.join(_words(path) for path in search)}." if search else "",
            "find": lambda self, rows, text: rows.filter(reduce(or_, (page.found_in(path, text) for path in search), Q())),
            "phone": (next(iter(columns)), *others)[:4],
            "lead": "",
            "nothing_yet": page.nothing_yet,
        },
    )


def _columns(page: "RowAdmin") -> Iterator[tuple[str, ListColumn]]:
    """A column for each of `list_display`; the first one, or those of `list_display_links`, lead to the row's page."""
    links = page.list_display_links or list(page.list_display)[:1]
    for place, shown in enumerate(page.list_display):
        name = shown if isinstance(shown, str) else f"column_{place}"
        yield name.strip("_") or "name", _column(page, page.instead.get(name, shown), is_link=shown in links)
        if name in page.instead:
            yield f"{name}_key", ListColumn(f"{_heading(page, page.instead[name])} (key)", name, only_exported=True)


def _column(page: "RowAdmin", shown: Any, *, is_link: bool) -> ListColumn:
    heading = _heading(page, shown)
    if shown == "__str__":
        return RowLink(capfirst(str(page.model._meta.verbose_name)), "__str__")
    if callable(shown):
        return SaidLink(heading, shown) if is_link else Made(heading, shown, plain=_plain_state(shown))
    if shown not in {field.name for field in page.model._meta.get_fields()}:
        return Made(heading, getattr(page, shown))
    return RowLink(heading, shown) if is_link else _of_field(heading, shown, field_at(page.model, shown)[0])


def _heading(page: "RowAdmin", shown: Any) -> str:
    return spoken(str(label_for_field(shown, page.model, page)))


def _plain_state(shown: Callable[[Any], Any]) -> Callable[[Any], object]:
    """What an export writes for a column of badges: the words of the state it is sorted by."""
    field = getattr(shown, "admin_order_field", "")

    def plain(row: Any) -> object:
        words = getattr(row, f"get_{field}_display", None)
        return words() if words else shown(row)

    return plain


def _of_field(heading: str, name: str, field: Any) -> ListColumn:
    if field.is_relation:
        return Related(heading, name)
    if isinstance(field, models.DateTimeField):
        return Instant(heading, name, with_time=True)
    if isinstance(field, models.DateField):
        return Instant(heading, name)
    if isinstance(field, models.BooleanField):
        return YesNo(heading, name)
    if isinstance(field, models.IntegerField | models.DecimalField) and not field.choices:
        return Number(heading, name)
    if isinstance(field, models.JSONField):
        return Made(heading, lambda row: listed(getattr(row, name)))
    return ListColumn(heading, name)


def _filters(page: "RowAdmin") -> Iterator[tuple[str, Any]]:
    for wanted in page.list_filter:
        if isinstance(wanted, type):
            continue  # a filter of Django's own list, with its own code: a list page of its own says it better
        path = str(wanted[0] if isinstance(wanted, tuple) else wanted)
        name = path.removesuffix("__id").replace("__", "_")
        if isinstance(wanted, tuple) and wanted[1] is EmptyFieldListFilter:
            label = spoken(_words(path))
            known = Q(**{f"{path}__isnull": False})
            yield name, Asked(label, {"yes": ("Yes", known), "no": ("No", ~known)})
        else:
            yield name, _filter(path, field_at(page.model, path)[0])
    if page.date_hierarchy:
        yield "from", FromDay(page.date_hierarchy, "From day")
        yield "to", ToDay(page.date_hierarchy, "To day")


def _filter(path: str, field: Any) -> Any:
    label = spoken(_words(path))
    if field.is_relation:
        few = path.split("__")[-1] in _DROP_DOWN
        return (Row if few else Of)(path, label, field.related_model._default_manager.all())
    if isinstance(field, models.BooleanField):
        return Asked(label, {"yes": ("Yes", Q(**{path: True})), "no": ("No", Q(**{path: False}))})
    return Choice(path, label, field.choices or partial(_values, field))


def _values(field: Any) -> list[tuple[Any, Any]]:
    """What a field without choices holds now, for a small table."""
    held = field.model._default_manager.order_by(field.name).values_list(field.name, flat=True).distinct()[:200]
    return [(value, value) for value in held if value not in (None, "")]


def _order(page: "RowAdmin") -> str:
    """The first column of the order, where an index carries it; else the newest key first, for that needs none."""
    first = next(iter(page.ordering or page.model._meta.ordering), "-pk")
    path = first.removeprefix("-") if isinstance(first, str) else ""
    return first if path in _carried(page.model) else "-pk"


def _carried(model: type[models.Model]) -> set[str]:
    """Columns that an index or a unique key over all rows begins with, and that every row has."""
    whole = [one for one in (*model._meta.indexes, *model._meta.constraints) if getattr(one, "condition", None) is None]
    beginnings = [one.fields[:1] for one in whole if isinstance(one, models.Index | models.UniqueConstraint)]
    unique = [
        field.name
        for field in model._meta.concrete_fields
        if field.unique or (getattr(field, "db_index", False) and not field.is_relation)
    ]
    relations = {field.name for field in model._meta.concrete_fields if field.is_relation or field.null}
    return ({name for names in beginnings for name in names} | {*unique, "pk"}) - relations


def _words(path: str) -> str:
    """The last two parts of a path, in words."""
    parts = [part for part in path.lstrip("=").split("__") if part != "id"]
    return " ".join(parts[-2:]).replace("_", " ")
