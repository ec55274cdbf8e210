"""What is going to happen, in order. Pure."""

import heapq
from collections.abc import Callable
from datetime import datetime

Act = Callable[[datetime], None]


class Calendar:
    """Acts by their instant; those of one instant in the order in which they were written down."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []
        self._written = 0

    def later(self, at: datetime, act: Act) -> None:
        """`act` will be done at `at`."""
        self._written += 1
        heapq.heappush(self._acts, (at, self._written, act))

    def run_until(self, end: datetime) -> None:
        """Do everything that is written down for before `end`, also what is written down meanwhile."""
        while self._acts and self._acts[0][0] < end:
            at, _, act = heapq.heappop(self._acts)
            act(at)
