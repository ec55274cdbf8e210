"""What every test can lean on."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from desk import triggers

# A stopwatch says more about the neighbours of this machine than about the code: properties are judged by their answers only.
settings.register_profile("lendwell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lendwell")

_flush = TransactionTestCase._fixture_teardown


def _flush_append_only_tables(self: TransactionTestCase) -> None:
    """The trail refuses to be emptied; a test that ran real transactions must be able to. migrate puts the triggers back."""
    triggers.remove(connection)
    try:
        _flush(self)
    finally:
        triggers.install(connection)


TransactionTestCase._fixture_teardown = _flush_append_only_tables  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """No test begins with what an earlier one left in this process: an address that was shut out stays so for minutes."""
    cache.clear()


@pytest.fixture
def at() -> datetime:
    """The one instant most tests happen at: a Monday at noon."""
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
