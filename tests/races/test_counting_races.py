"""Many processes count the tries of one address at one time."""

import threading
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connections

from config import tallies
from config.models import Tally
from desk.rate_limits import Counter, Limit, TooOften, count_with
from tests.make import AT

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = Limit("race", times=20, seconds=600)


def let_through(threads: int, each: int) -> int:
    """How many of these tries at one time are let through."""
    passed: list[int] = []
    start = threading.Barrier(threads)

    def work() -> None:
        start.wait()
        for _ in range(each):
            try:
                LIMIT.take("192.0.2.1", at=AT)
            except TooOften:
                continue
            passed.append(1)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(passed)


def read_then_write(pause: Callable[[], object]) -> Counter:
    """The counter as one writes it at first: look, then store one more."""

    def add(key: str, until: object) -> int:
        count = tallies.read(key) + 1
        pause()
        Tally.objects.update_or_create(key=key, defaults={"count": count, "until": until})
        return count

    return Counter(add, tallies.read)


def test_looking_before_counting_lets_too_many_through() -> None:
    together = threading.Barrier(4, timeout=10)
    cache.clear()
    count_with(read_then_write(together.wait))
    try:
        assert let_through(threads=4, each=10) > 20
    except threading.BrokenBarrierError:
        pytest.fail("the four did not run at one time")
    finally:
        count_with(tallies.COUNTER)
        cache.clear()


def test_exactly_as_many_as_allowed_get_through() -> None:
    cache.clear()
    assert let_through(threads=8, each=10) == 20
    cache.clear()
