"""How often one address may do a thing. A fixed window over Django's cache, which answers with 429 and a sentence.

The default cache lives in each web process, so a site with several processes allows that many times as much, and a restart
forgets. That is enough to make guessing and flooding slow; set `CACHES` to a shared cache to count exactly.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import ngettext

from desk.addresses import hashed
from desk.refusals import Refused


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
        cache.add(key, 0, timeout=self.seconds)
        try:
            taken = cache.incr(key)
        except ValueError:
            # The window closed between the two calls: this is the first of the next one.
            taken = 1
        if taken > self.times:
            raise self._refusal(at)

    def check(self, address: str, *, at: datetime) -> None:
        """Raise `TooOften("too_often")` when all tries of this window are taken; count nothing."""
        if cache.get(self._key(address, at), 0) >= self.times:
            raise self._refusal(at)

    def _key(self, address: str, at: datetime) -> str:
        return f"limit:{self.name}:{int(at.timestamp()) // self.seconds}:{hashed(address)}"

    def _refusal(self, at: datetime) -> TooOften:
        left = self.seconds - int(at.timestamp()) % self.seconds
        minutes = -(-left // 60)
        said = ngettext(
            "That was tried too often from your connection. Wait a minute, then try again.",
            "That was tried too often from your connection. Wait %(count)d minutes, then try again.",
            minutes,
        )
        return TooOften("too_often", said % {"count": minutes}, left)
