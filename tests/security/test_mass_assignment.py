"""Fields that a form does not ask for are never written, whatever is sent along."""

import contextlib
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from config.constraints import own_models
from desk.admin.moves import MovesAdmin
from tests.admin import world
from tests.security.walking import first

_DAY = datetime(2099, 12, 31, tzinfo=UTC)


def tampered(field: models.Field) -> Any:
    """A value of the field's type that nobody would write by accident; None for types where that cannot be told."""
    if field.primary_key or field.is_relation or isinstance(field, models.BooleanField | models.JSONField | models.UUIDField):
        return None
    if isinstance(field, models.DateTimeField):
        return _DAY
    if isinstance(field, models.DateField):
        return _DAY.date()
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 31_337
    return "tampered"


def payload(model: type[models.Model], declared: set[str]) -> dict[str, str]:
    """All columns of the model that the form does not ask for, each with a tampered value."""
    values = {field.name: tampered(field) for field in model._meta.concrete_fields}
    return {
        name: f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)
        for name, value in values.items()
        if value is not None and name not in declared
    }


def answers(form: forms.Form) -> dict[str, Any]:
    """Something plausible for every field that is asked."""
    return {name: _answer(field) for name, field in form.fields.items()}


def _answer(field: forms.Field) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        return getattr(field.queryset.first(), "pk", "")
    if isinstance(field, forms.ChoiceField):
        return next((value for value, _ in field.choices if value), "")
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return "2026-03-02"
    return "1" if isinstance(field, forms.IntegerField | forms.DecimalField) else "Because it is so."


def written(model: type[models.Model], sent: dict[str, str]) -> list[str]:
    """Columns in which some row holds a tampered value."""
    fields = [model._meta.get_field(name) for name in sent]
    return [field.name for field in fields if model._default_manager.filter(**{field.name: tampered(field)}).exists()]


def test_no_move_writes_a_column_it_does_not_ask_for(administrator: Client) -> None:
    world.fill()
    made, wrong = 0, []
    for model in own_models():
        page, row = admin.site._registry.get(model), first(model)
        if not isinstance(page, MovesAdmin) or row is None:
            continue
        for move in page._all_moves():
            form = move.form(row=row)
            sent = payload(model, set(form.fields))
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_move", args=[row.pk, move.name])
            with contextlib.suppress(_Back), transaction.atomic():
                response = administrator.post(url, {**sent, **answers(form)})
                made += response.status_code == 302
                wrong += [(model._meta.label, move.name, column) for column in written(model, sent)]
                raise _Back
    assert made > 10
    assert wrong == []


def test_no_page_of_a_row_writes_a_column_it_does_not_ask_for(administrator: Client) -> None:
    world.fill()
    wrong = []
    for model in own_models():
        row = first(model)
        if model not in admin.site._registry or row is None:
            continue
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        shown = administrator.get(url).context
        form = shown.get("adminform") if shown else None
        declared = set(form.form.fields) if form else set()
        kept = {name: "" if (value := form.form[name].value()) is None else value for name in declared} if form else {}
        sent = payload(model, declared)
        with contextlib.suppress(_Back), transaction.atomic():
            administrator.post(url, {**sent, **kept, "_save": "Save"})
            wrong += [(model._meta.label, column) for column in written(model, sent)]
            raise _Back
    assert wrong == []


class _Back(Exception):
    """Take back what was written."""
