"""Database triggers the house relies on: put back after every migrate, counted by a system check.

SQLite rebuilds a table on most alterations and drops its triggers without a word, so they are never trusted to be there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Trigger:
    """One trigger by name, with the statements that make it on each database (empty: not needed there)."""

    name: str
    table: str
    sqlite: str = ""
    postgresql: tuple[str, ...] = ()


_registered: dict[str, Trigger] = {}


def register(triggers: Iterable[Trigger]) -> None:
    """Make these triggers part of the house. Called from `AppConfig.ready`; the same name replaces."""
    _registered.update({trigger.name: trigger for trigger in triggers})


def expected(vendor: str) -> list[Trigger]:
    """The triggers that must exist on this kind of database."""
    return [trigger for trigger in _registered.values() if getattr(trigger, vendor, ())]


def install(using: BaseDatabaseWrapper = connection) -> None:
    """Drop and make again every registered trigger whose table exists."""
    tables = set(using.introspection.table_names())
    with using.cursor() as cursor:
        for trigger in expected(using.vendor):
            if trigger.table not in tables:
                continue
            _drop(cursor, using.vendor, trigger)
            statements = (trigger.sqlite,) if using.vendor == "sqlite" else trigger.postgresql
            for statement in statements:
                cursor.execute(statement)


def remove(using: BaseDatabaseWrapper = connection) -> None:
    """Drop every registered trigger. Only a test that must empty the tables does this."""
    tables = set(using.introspection.table_names())
    with using.cursor() as cursor:
        for trigger in expected(using.vendor):
            if trigger.table in tables:
                _drop(cursor, using.vendor, trigger)


def _drop(cursor: Any, vendor: str, trigger: Trigger) -> None:
    on_table = f' ON "{trigger.table}"' if vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on_table}')


def present(using: BaseDatabaseWrapper = connection) -> set[str]:
    """Names of the triggers the database really has."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[using.vendor]
    with using.cursor() as cursor:
        cursor.execute(question)
        return {row[0] for row in cursor.fetchall()}


def missing(using: BaseDatabaseWrapper = connection) -> list[str]:
    """Names of the triggers that should be there and are not."""
    tables = set(using.introspection.table_names())
    there = present(using)
    return [t.name for t in expected(using.vendor) if t.table in tables and t.name not in there]


def check_triggers(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """System check (`manage.py check --database default`): every registered trigger is in the database."""
    if not databases:
        return []
    return [
        Error(
            f"The database trigger {name} is missing.", hint="Run `manage.py migrate`: it puts triggers back.", id="lendwell.E001"
        )
        for name in missing()
    ]
