"""Every state has its moves, its end, and its colour; every state column is moved by its table."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import TextChoices

from tests.architecture.source import FLOORS, ROOT

STATE_COLUMNS = {"state", "service", "progress", "standing", "membership"}
TONES = {"plain", "info", "ok", "warn", "bad"}


def state_modules() -> Iterator[Any]:
    for floor in FLOORS:
        if (ROOT / floor / "states.py").exists():
            yield importlib.import_module(f"{floor}.states")


def tables(kind: str) -> Iterator[tuple[str, Any]]:
    for module in state_modules():
        yield from ((f"{module.__name__}.{name}", value) for name, value in vars(module).items() if name.endswith(f"_{kind}"))


def enums_of_columns() -> set[type[TextChoices]]:
    """The enumeration behind every state column of every model."""
    enums = {
        tuple(enum.choices): enum
        for module in state_modules()
        for enum in vars(module).values()
        if isinstance(enum, type) and issubclass(enum, TextChoices) and enum is not TextChoices
    }
    columns = [
        field
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.concrete_fields
        if field.name in STATE_COLUMNS
    ]
    return {enums[tuple(field.choices or ())] for field in columns}


def enum_of(table: Any) -> type[TextChoices]:
    return type(next(iter(table)))


def test_there_are_state_columns():
    assert len(enums_of_columns()) >= 8


@pytest.mark.parametrize("kind", ["MOVES", "TONES"])
def test_every_state_column_has_its_table(kind):
    assert {enum_of(table) for _, table in tables(kind)} >= enums_of_columns()


@pytest.mark.parametrize(
    ("name", "table"), [*tables("MOVES"), *tables("TONES")], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_table_has_every_member(name, table):
    assert set(table) == set(enum_of(table))


@pytest.mark.parametrize(("name", "moves"), list(tables("MOVES")), ids=lambda value: value if isinstance(value, str) else "")
def test_moves_lead_to_members_and_what_has_none_is_terminal(name, moves):
    enum = enum_of(moves)
    assert all(targets <= set(enum) for targets in moves.values())
    terminal = dict(tables("TERMINAL"))[name.removesuffix("_MOVES") + "_TERMINAL"]
    assert terminal <= set(enum)
    assert {member for member, targets in moves.items() if not targets} <= terminal


@pytest.mark.parametrize(("name", "tones"), list(tables("TONES")), ids=lambda value: value if isinstance(value, str) else "")
def test_tones_are_ones_the_desk_knows(name, tones):
    assert set(tones.values()) <= TONES
