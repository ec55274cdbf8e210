"""Doing the same thing at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def in_parallel(count: int, act: Callable[[], T]) -> list[T]:
    """What `count` threads get from `act`, all started at one instant, each with a database connection of its own."""
    gate = Barrier(count)

    def run() -> T:
        try:
            gate.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run) for _ in range(count)]]
