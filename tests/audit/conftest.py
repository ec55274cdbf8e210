"""A subject to write about, and ways past the trail's own protection, as an attacker who owns the database would take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from audit import registry, trail
from audit.actors import SYSTEM
from audit.models import Entry
from desk import triggers

Record = Callable[..., Entry]


@dataclass(frozen=True)
class Thing:
    """Something the trail can be about."""

    reference: str = "thing_1"
    subject_type: str = "thing"


@pytest.fixture
def record(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Record:
    """Record `thing.seen` about a thing, in a transaction of its own."""
    monkeypatch.setitem(registry._sentences, "thing.seen", "Seen in {place}.")

    def _record(reference: str = "thing_1", **changes: Any) -> Entry:
        values = {"by": SYSTEM, "at": at, "place": "Berlin", **changes}
        with transaction.atomic():
            return trail.record("thing.seen", about=Thing(reference), **values)

    return _record


@contextmanager
def unprotected() -> Iterator[Any]:
    """A cursor with every trigger dropped and foreign keys not looked at; everything is put back afterwards."""
    triggers.remove(connection)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        triggers.install(connection)


def cut(entry: Entry) -> None:
    """Remove an entry with all that hangs on it."""
    with unprotected() as cursor:
        for table, column in (("audit_mention", "entry_id"), ("audit_sealedentry", "entry_id"), ("audit_entry", "id")):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [entry.pk])
