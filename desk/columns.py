"""Columns and links that many lists share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.safestring import SafeString

from desk.badges import state_badge
from desk.panels import Cell


def state_column(tones: Mapping[Any, str], field: str = "state", title: str = "") -> Callable[[Any], SafeString]:
    """A column with the state of each row as a badge, sortable like the field."""

    @admin.display(description=title or field.replace("_", " "), ordering=field)
    def column(row: Any) -> SafeString:
        return state_badge(row, tones, field)

    return column


def page_of(row: Model) -> str:
    """Address of the row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link(row: Model | None, text: object = None) -> Cell:
    """The row's name as a link to its page; a dash for none."""
    return Cell(text if text is not None else row, page_of(row)) if row is not None else Cell("–")


def list_of(model: type[Model], **filters: Any) -> str:
    """Address of the list of a model, filtered."""
    query = {f"{name}": str(value) for name, value in filters.items()}
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=query)


def in_states(*states: str, field: str = "state") -> Callable[[Any, Any], bool]:
    """For a move that is possible in these states."""
    return lambda row, at: getattr(row, field) in states


def can_become(state: str, moves: Mapping[Any, frozenset[Any]], field: str = "state") -> Callable[[Any, Any], bool]:
    """For a move to `state`: possible where the table of moves has it."""
    return lambda row, at: state in moves.get(getattr(row, field), frozenset())
