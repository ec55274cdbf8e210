"""How often one address may do a thing: a fixed window, which answers with 429 and a sentence.

Tries are counted where all web processes see them, by the counter that `count_with` was given (the database, see `config/tallies.py`),
so that a limit is the same however many processes there are. That an address is shut out is remembered in each process too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.utils.translation import ngettext

from desk.addresses import hashed
from desk.refusals import Refused


class Counter(NamedTuple):
    """Where tries are counted. `add(key, until)` counts one more and answers how many there are now, `read(key)` how many there are.

    A key is never used after the instant `until`.
    """

    add: Callable[[str, datetime], int]
    read: Callable[[str], int]


_counters: list[Counter] = []


def count_with(counter: Counter) -> None:
    """Count all tries there from now on. Called once, by the frame."""
    _counters[:] = [counter]


class TooOften(Refused):
    """Too many tries in a while. `retry_after` is in seconds."""

    status = 429

    def __init__(self, code: str, sentence: str, retry_after: int) -> None:
        super().__init__(code, sentence)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """`times` in every window of `seconds`, per address. Windows start at whole multiples of their length."""

    name: str
    times: int
    seconds: int

    def take(self, address: str, *, at: datetime) -> None:
        """Count one more. Raises `TooOften("too_often")` when that is one too many."""
        key = self._key(address, at)
        if self.is_shut(address, at=at) or _counters[0].add(key, at + timedelta(seconds=self.seconds)) > self.times:
            raise self._shut(key, at)

    def check(self, address: str, *, at: datetime) -> None:
        """Raise `TooOften("too_often")` when all tries of this window are taken; count nothing."""
        key = self._key(address, at)
        if self.is_shut(address, at=at) or _counters[0].read(key) >= self.times:
            raise self._shut(key, at)

    def is_shut(self, address: str, *, at: datetime) -> bool:
        """Whether this process has refused the address in this window. Asks no database, for pages that must not."""
        return bool(cache.get(f"shut:{self._key(address, at)}"))

    def _key(self, address: str, at: datetime) -> str:
        return f"{self.name}:{int(at.timestamp()) // self.seconds}:{hashed(address)}"

    def _shut(self, key: str, at: datetime) -> TooOften:
        cache.set(f"shut:{key}", True, self.seconds - int(at.timestamp()) % self.seconds)
        return self._refusal(at)

    def _refusal(self, at: datetime) -> TooOften:
        left = self.seconds - int(at.timestamp()) % self.seconds
        minutes = -(-left // 60)
        said = ngettext(
            "That was tried too often from your connection. Wait a minute, then try again.",
            "That was tried too often from your connection. Wait %(count)d minutes, then try again.",
            minutes,
        )
        return TooOften("too_often", said % {"count": minutes}, left)
