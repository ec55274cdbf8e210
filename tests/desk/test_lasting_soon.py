"""What does not wait for the disk, and that everything before and after it does."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from desk.lasting_soon import lasting_soon
from referrals import visits
from referrals.models import Code, Touch
from tests.make import AT
from tests.referrals.conftest import asha, campaign, code, pool

__all__ = ["asha", "campaign", "code", "pool"]
FULL, NORMAL = {"sqlite": (2, 1), "postgresql": ("off", "off")}[connection.vendor]


@pytest.fixture(autouse=True)
def as_in_production(transactional_db: None) -> Iterator[None]:
    """Tests do not wait for the disk at all; on SQLite these do."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.execute(f"PRAGMA synchronous={FULL}")
    yield
    connection.close()


def waiting() -> object:
    """How a commit of this connection waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit")
        return cursor.fetchone()[0]


def test_only_what_stands_within_does_not_wait() -> None:
    assert waiting() == FULL
    with lasting_soon():
        assert waiting() == NORMAL
    assert waiting() == FULL


def test_a_failure_within_leaves_nothing_that_does_not_wait() -> None:
    with pytest.raises(ZeroDivisionError), lasting_soon():
        raise ZeroDivisionError
    assert waiting() == FULL


def test_a_transaction_waits_whatever_is_written_in_it() -> None:
    with transaction.atomic(), lasting_soon():
        assert waiting() == FULL


def test_a_visit_is_written_so_and_the_next_thing_is_not(code: Code) -> None:
    said: list[str] = []
    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(said.append)
    visits.record_visit(code_id=code.pk, at=AT, user_agent="Mozilla/5.0", address="192.0.2.7")
    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(None)
        _, before, insert, after = said
        assert (before, after) == (f"PRAGMA synchronous={NORMAL}", f"PRAGMA synchronous={FULL}")
        assert insert.startswith("INSERT INTO referrals_touch")
    assert Touch.objects.count() == 1
    assert waiting() == FULL
