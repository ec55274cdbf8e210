"""How often one address may do a thing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from desk.rate_limits import Limit, TooOften
from tests.make import AT

LIMIT = Limit("try", times=3, seconds=60)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller
    cache.clear()


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
    LIMIT.take("192.0.2.1", at=AT)
    assert not any("192.0.2.1" in key for key in cache._cache)


def test_a_window_that_closes_between_two_steps_counts_as_the_first_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "add", lambda *arguments, **options: True)
    LIMIT.take("192.0.2.1", at=AT)
