"""The probability that a unit that is out is back by a day, from how late units of its pool came back so far. Pure.

Lateness is in days after the due date, below nought for an early return. What never came back counts among what could have. To every
curve one unit more is added that never comes back, so that a few returns promise little.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LEAST_RETURNS = 10
"""Fewer say nothing about a pool."""


@dataclass(frozen=True)
class ReturnCurve:
    """How late units came back, ascending, and how many never did."""

    lateness: Sequence[float] = ()
    lost: int = 0

    @property
    def is_known(self) -> bool:
        """Whether enough came back to say anything."""
        return len(self.lateness) >= LEAST_RETURNS

    def chance_back(self, *, due_in: float, by: float) -> float:
        """The probability that a unit due in `due_in` days (below nought: overdue) and still out now is back within `by` days.

        Nought while the curve is not known: nothing is built on a guess.
        """
        if not self.is_known:
            return 0.0
        back_already = bisect_right(self.lateness, -due_in)
        back_by_then = bisect_right(self.lateness, by - due_in)
        still_out = len(self.lateness) - back_already + self.lost + 1
        return max(back_by_then - back_already, 0) / still_out

    def days_late(self, share: float) -> int:
        """Whole days after the due date by which the `share` (0 to 1) of what comes back is back; nought while not known."""
        if not self.is_known:
            return 0
        position = max(ceil(share * len(self.lateness)) - 1, 0)
        return max(ceil(self.lateness[position]), 0)
