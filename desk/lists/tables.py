"""Columns of lists: how a value looks on the page, and what an export writes for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from desk.amounts import money
from desk.badges import badge, state_badge
from desk.clock import day, moment
from desk.columns import page_of

DASH = mark_safe('<span class="nothing">–</span>')
PHONE_CELLS = 4


class ListColumn(tables.Column):
    """Text. `sort` is the path the list may be sorted by when the head is clicked; name only what an index carries, or a
    small table. Without `permission` a person does not see the column, on the page or in an export. `only_exported` keeps
    it off the page.
    """

    kind = "text"

    def __init__(
        self, heading: str, accessor: str | None = None, *, sort: str = "", permission: str = "", only_exported: bool = False,
        **others: Any,
    ) -> None:  # fmt: skip
        attrs = {"td": {"class": self.kind, "data-label": heading}, "th": {"class": self.kind}}
        super().__init__(
            verbose_name=heading,
            accessor=accessor,
            orderable=bool(sort),
            order_by=sort or None,
            **{"default": DASH, **others},
            attrs=attrs,
        )
        self.sort = sort
        self.permission = permission
        self.only_exported = only_exported

    def may_be_seen_by(self, user: Any) -> bool:
        """Whether this person may read it."""
        return not self.permission or user.has_perm(self.permission)

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """The value for an export: text, a number, a day or an instant."""
        value = tables.A(self.accessor or name).resolve(record, quiet=True)
        return _label(record, str(self.accessor or name), value)


def _label(record: Any, path: str, value: object) -> object:
    """The words for a value that is one of a list of choices; rows by their name."""
    *way, last = path.split("__")
    for name in way:
        record = getattr(record, name, None)
    shown = getattr(record, f"get_{last}_display", None)
    if callable(shown):
        return shown()
    return str(value) if isinstance(value, Model) else value


class RowLink(ListColumn):
    """Text that leads to the row's own page: a value of the row, or, for `__str__` and where there is no value, its name."""

    kind = "row-link"

    def __init__(self, heading: str, accessor: str | None = None, **others: Any) -> None:
        # The library reads "__str__" as a path from row to row and finds nothing there; the key is always found.
        self.shows_name = accessor == "__str__"
        super().__init__(heading, "pk" if self.shows_name else accessor, **{"empty_values": (), **others})

    def render(self, value, record) -> SafeString:
        """A link to the page of the row."""
        text = str(record) if self.shows_name or value in (None, "") else value
        return format_html('<a href="{}">{}</a>', page_of(record), text)

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """The value; the row's own name where that is what the column shows."""
        return str(record) if self.shows_name else super().plain(name, record, viewer)


class SaidLink(RowLink):
    """What a function says about a row, as the way to the row's own page."""

    def __init__(self, heading: str, say: Callable[[Any], str], **others: Any) -> None:
        super().__init__(heading, "pk", **others)
        self.say = say

    def render(self, value, record) -> SafeString:
        """A link to the page of the row."""
        return format_html('<a href="{}">{}</a>', page_of(record), self.say(record))

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """The words alone."""
        return self.say(record)


class Related(ListColumn):
    """Another row by its name, as a link for those who may open its page."""

    def render(self, value, record, table) -> Any:
        """The name of the other row."""
        if not _may_see(table.viewer, value):
            return _opaque(value)
        return format_html('<a href="{}">{}</a>', page_of(value), value)

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """The name, for those who may know it."""
        value = tables.A(self.accessor or name).resolve(record, quiet=True)
        return None if value is None else str(value) if _may_see(viewer, value) else _opaque(value)


class RowOf(Related):
    """Another row by its name, for those who may know it, as the link to this row's own page: a loan under its borrower."""

    kind = "row-link"

    def render(self, value, record, table) -> SafeString:
        """The name of the other row, leading to this one."""
        return format_html('<a href="{}">{}</a>', page_of(record), value if _may_see(table.viewer, value) else _opaque(value))


def _may_see(viewer: Any, row: Model) -> bool:
    return viewer is not None and viewer.has_perm(f"{row._meta.app_label}.view_{row._meta.model_name}")


def _opaque(row: Model) -> str:
    """The public name of a row that says nothing about whom it is."""
    return str(getattr(row, "reference", row.pk))


class State(ListColumn):
    """A choice as a badge, in the tone of its state."""

    kind = "state"

    def __init__(self, heading: str, tones: Mapping[Any, str], accessor: str = "state", **others: Any) -> None:
        super().__init__(heading, accessor, **others)
        self.tones = tones

    def render(self, record) -> SafeString:
        """The badge."""
        return state_badge(record, self.tones, str(self.accessor))


class Instant(ListColumn):
    """When something happened, as a day ("22 Nov 2026") or with the minute, on the clock of whoever looks; UTC in exports."""

    kind = "when"

    def __init__(self, heading: str, accessor: str | None = None, *, with_time: bool = False, **others: Any) -> None:
        super().__init__(heading, accessor, initial_sort_descending=True, **others)
        self.with_time = with_time

    def render(self, value) -> SafeString:
        """The day in words, the instant for machines."""
        words = moment(value) if self.with_time else day(value)
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


class Number(ListColumn):
    """A number, to the right; its unit stands behind it, in one form or (one, many)."""

    kind = "number"

    def __init__(self, heading: str, accessor: str | None = None, *, unit: str | tuple[str, str] = "", **others: Any) -> None:
        super().__init__(heading, accessor, initial_sort_descending=True, **others)
        self.one, self.many = unit if isinstance(unit, tuple) else (unit, unit)

    def render(self, value) -> str:
        """The number with its unit."""
        return f"{value:,} {self.one if value == 1 else self.many}".strip()


class Money(ListColumn):
    """An amount with the currency found at `currency` (a path, or three capitals)."""

    kind = "number"

    def __init__(self, heading: str, accessor: str | None = None, *, currency: str, **others: Any) -> None:
        super().__init__(heading, accessor, initial_sort_descending=True, **others)
        self.currency = currency

    def render(self, value, record) -> str:
        """The amount with its currency."""
        unit = self.currency if self.currency.isupper() else tables.A(self.currency).resolve(record, quiet=True) or ""
        return money(value, unit).strip()


class YesNo(ListColumn):
    """Whether something is so."""

    def __init__(
        self,
        heading: str,
        accessor: str | None = None,
        *,
        words: tuple[str, str] = ("Yes", "No"),
        tones=("ok", "plain"),
        **others: Any,
    ):
        super().__init__(heading, accessor, empty_values=(), **others)
        self.words, self.tones = words, tones

    def render(self, value) -> SafeString:
        """A badge for each answer."""
        place = 0 if value else 1
        return badge(self.tones[place], self.words[place])

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """The answer in words."""
        return self.words[0 if tables.A(self.accessor or name).resolve(record, quiet=True) else 1]


class Made(ListColumn):
    """What a function says about a row; `plain` says the same for an export, where the words would not do."""

    def __init__(
        self,
        heading: str,
        say: Callable[[Any], Any],
        *,
        plain: Callable[[Any], object] | None = None,
        kind: str = "",
        **others: Any,
    ) -> None:
        self.kind = kind or self.kind
        # The key as accessor: the column's own name may be that of a method, which the library would call.
        super().__init__(heading, "pk", empty_values=(), **others)
        self.say = say
        self.write = plain or say

    def render(self, record) -> Any:
        """The words, or a dash for none."""
        said = self.say(record)
        return DASH if said is None or said == "" else said

    def plain(self, name: str, record: Any, viewer: Any = None) -> object:
        """What the function for exports says."""
        return self.write(record)


class ListTable(tables.Table):
    """Rows of one page for one person. Columns stand in the order they are declared in."""

    class Meta:
        orderable = False

    def __init__(self, rows: Sequence[Any], *, viewer: Any = None, phone: Sequence[str] = (), **others: Any) -> None:
        self.viewer = viewer
        self.phone = tuple(phone)[:PHONE_CELLS]
        hidden = [name for name, column in self.base_columns.items() if column.only_exported or not column.may_be_seen_by(viewer)]
        super().__init__(rows, exclude=hidden, **others)

    def get_column_class_names(self, classes_set, bound_column):
        """The kind of the column, and its place in the two lines of a row on a phone."""
        place = self.phone.index(bound_column.name) + 1 if bound_column.name in self.phone else 0
        return {*classes_set, f"on-phone-{place}" if place else "not-on-phone"}
