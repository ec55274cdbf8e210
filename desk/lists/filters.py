"""Filters of lists, as a bar above the table. The address carries them; one that cannot be is named, the others hold."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import DateTimeField, Q
from django.utils.timezone import get_current_timezone

from desk.lists.keyset import field_at

SEARCH = "q"
_SHOWN_CHOICES = 12


class Choice(django_filters.ChoiceFilter):
    """One of the choices of a field."""

    def __init__(self, field: str, label: str, choices, **others: Any) -> None:
        super().__init__(field_name=field, label=label, choices=choices, empty_label="Any", **others)


class Row(django_filters.ModelChoiceFilter):
    """One of a few other rows, such as a campaign."""

    def __init__(self, field: str, label: str, queryset, **others: Any) -> None:
        super().__init__(field_name=field, label=label, queryset=queryset, empty_label="Any", **others)


class Of(Row):
    """One of very many other rows, such as a customer: set by a link from its page, shown by its name, never a drop-down."""

    def __init__(self, field: str, label: str, queryset, **others: Any) -> None:
        super().__init__(field, label, queryset, widget=forms.HiddenInput, **others)


class Asked(django_filters.ChoiceFilter):
    """One of some named questions about rows: name -> (words, condition). A condition may be a function of the instant."""

    def __init__(self, label: str, questions: dict[str, tuple[str, Any]], **others: Any) -> None:
        choices = [(name, words) for name, (words, _) in questions.items()]
        super().__init__(label=label, choices=choices, empty_label="Any", **others)
        self.questions = questions

    def filter(self, qs, value):
        """Rows for which the answer is yes."""
        if not value:
            return qs
        condition = self.questions[value][1]
        return qs.filter(condition if isinstance(condition, Q) else condition(self.parent.at))


class _Day(django_filters.DateFilter):
    lookup = "gte"

    def __init__(self, field: str, label: str, **others: Any) -> None:
        super().__init__(field_name=field, label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **others)

    def filter(self, qs, value):
        """Rows on this side of the day, the day itself included; days are days on the clock of whoever asks."""
        if value is None:
            return qs
        if isinstance(field_at(qs.model, self.field_name)[0], DateTimeField):
            value = datetime.combine(value, time(), get_current_timezone())
        return qs.filter(**{f"{self.field_name}__{self.lookup}": self.edge(value)})

    def edge(self, value):
        """Where the day begins."""
        return value


class FromDay(_Day):
    """Rows of this day and later ones."""


class ToDay(_Day):
    """Rows of this day and earlier ones."""

    lookup = "lt"

    def edge(self, value):
        """Where the next day begins."""
        return value + timedelta(days=1)


class AtLeast(django_filters.NumberFilter):
    """Rows with this number or more."""

    def __init__(self, field: str, label: str, **others: Any) -> None:
        super().__init__(field_name=field, label=label, lookup_expr="gte", min_value=0, max_value=2_000_000_000, **others)


class ListFilters(django_filters.FilterSet):
    """The filters of a list. `more` names those behind "More filters"; a search field comes first where the list has one."""

    more: Sequence[str] = ()
    q = django_filters.CharFilter(label="Search", method="search")

    def __init__(self, data: Any, queryset: Any, *, at: datetime, find: Any = None, search_help: str = "") -> None:
        super().__init__(data, queryset)
        self.at = at
        self.find = find
        if find is None:
            del self.filters[SEARCH]
        else:
            self.filters[SEARCH].extra |= {
                "max_length": 120,
                "widget": forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
            }
            self.filters[SEARCH].extra["help_text"] = search_help

    def search(self, rows, name: str, text: str):
        """Rows that the list finds for a text."""
        return self.find(rows, text.strip()) if text.strip() else rows

    def filter_queryset(self, queryset):
        """Rows that pass every filter that could be read."""
        for name, value in self.form.cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def set_filters(self) -> list[str]:
        """Names of the filters that are set and could be read."""
        values = self.form.cleaned_data if self.form.is_valid() or self.form.errors else {}
        return [name for name in self.filters if values.get(name) not in (None, "")]

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for, readable or not."""
        return any(self.data.get(name, "").strip() for name in self.filters)

    def problems(self) -> Iterator[str]:
        """For each filter that cannot be: which, and what is allowed."""
        for name, errors in self.form.errors.items():
            field = self.form.fields[name]
            yield f"“{field.label}” cannot be “{self.data.get(name, '')[:60]}”: {_allowed(field) or errors[0]}"

    def links(self) -> list[tuple[str, str]]:
        """Label and name of each row that a link has set."""
        chosen = [name for name in self.set_filters() if isinstance(self.filters[name], Of)]
        return [(str(self.form.fields[name].label), str(self.form.cleaned_data[name])) for name in chosen]

    def for_the_trail(self) -> dict[str, str]:
        """What is set, without anything personal: typed text is left out, rows are named by their reference or key."""
        found = {}
        for name in self.set_filters():
            value = self.form.cleaned_data[name]
            if isinstance(self.filters[name], Row):
                found[name] = str(getattr(value, "reference", value.pk))
            else:
                found[name] = "(text)" if isinstance(self.filters[name], django_filters.CharFilter) else str(value)
        return found

    @cached_property
    def helper(self) -> FormHelper:
        """How the bar is laid out."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(Div(*[name for name in self.filters if name not in self.more], css_class="filters"))
        return helper

    @cached_property
    def more_helper(self) -> FormHelper | None:
        """How the filters behind "More filters" are laid out; None when there are none."""
        if not self.more:
            return None
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(Div(*self.more, css_class="filters"))
        return helper

    @property
    def more_is_set(self) -> bool:
        """Whether one of the filters behind "More filters" is asked for."""
        return any(self.data.get(name, "").strip() for name in self.more)


def _allowed(field: Any) -> str:
    """What a field takes, in words."""
    if isinstance(field, forms.ModelChoiceField):
        return "choose one of the list, or clear the filters."
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        words = [str(label) for value, label in choices if value]
        cut = ", …" if len(words) > _SHOWN_CHOICES else ""
        return f"choose one of {', '.join(words[:_SHOWN_CHOICES])}{cut}."
    if isinstance(field, forms.DateField):
        return "write a day like 2026-11-22."
    return "write a whole number from 0." if isinstance(field, forms.DecimalField) else ""
