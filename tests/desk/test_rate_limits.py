"""How often one address may do a thing."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from config import jobs
from config.models import Tally
from desk.rate_limits import Limit, TooOften
from tests.make import AT

pytestmark = pytest.mark.django_db

LIMIT = Limit("try", times=3, seconds=60)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def test_one_too_many_is_refused_with_when_to_come_back() -> None:
    for _ in range(3):
        LIMIT.take("192.0.2.1", at=AT + timedelta(seconds=10))
    with pytest.raises(TooOften) as refusal:
        LIMIT.take("192.0.2.1", at=AT + timedelta(seconds=10))
    assert (refusal.value.code, refusal.value.status, refusal.value.retry_after) == ("too_often", 429, 50)
    assert "Wait a minute" in refusal.value.sentence


def test_every_window_starts_anew(clock: time_machine.Traveller) -> None:
    for _ in range(3):
        LIMIT.take("192.0.2.1", at=AT)
    clock.shift(60)
    LIMIT.take("192.0.2.1", at=AT + timedelta(seconds=60))


def test_addresses_and_limits_are_counted_apart() -> None:
    for _ in range(3):
        LIMIT.take("192.0.2.1", at=AT)
    LIMIT.take("192.0.2.2", at=AT)
    Limit("other", times=1, seconds=60).take("192.0.2.1", at=AT)


def test_checking_counts_nothing() -> None:
    for _ in range(10):
        LIMIT.check("192.0.2.1", at=AT)
    for _ in range(3):
        LIMIT.take("192.0.2.1", at=AT)
    with pytest.raises(TooOften):
        LIMIT.check("192.0.2.1", at=AT)


def test_no_address_is_kept() -> None:
    for _ in range(4):
        with suppress(TooOften):
            LIMIT.take("192.0.2.1", at=AT)
    assert not any("192.0.2.1" in key for key in [*cache._cache, *Tally.objects.values_list("key", flat=True)])


def test_processes_count_together() -> None:
    """What one process remembers of an address it refused is only in its own way: another one counts the same rows."""
    for _ in range(3):
        LIMIT.take("192.0.2.1", at=AT)
        cache.clear()
    with pytest.raises(TooOften):
        LIMIT.take("192.0.2.1", at=AT)


def test_who_was_refused_is_known_without_asking_the_database(django_assert_num_queries: Any) -> None:
    assert not LIMIT.is_shut("192.0.2.1", at=AT)
    for _ in range(4):
        with suppress(TooOften):
            LIMIT.take("192.0.2.1", at=AT)
    with django_assert_num_queries(0):
        assert LIMIT.is_shut("192.0.2.1", at=AT)
        assert not LIMIT.is_shut("192.0.2.1", at=AT + timedelta(seconds=60))
        assert not LIMIT.is_shut("192.0.2.2", at=AT)


def test_a_count_costs_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        LIMIT.take("192.0.2.1", at=AT)


def test_counts_are_forgotten_when_their_window_is_long_over() -> None:
    LIMIT.take("192.0.2.1", at=AT)
    assert jobs.forget_tallies(AT + timedelta(minutes=30)) == 0
    assert jobs.forget_tallies(AT + timedelta(hours=2)) == 1
