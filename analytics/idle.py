"""How long units stand on the shelf between two customers, where some still stand there: the arithmetic alone.

A gap runs from back in service to the next hand-over. One that is still open is only known to be at least so long (right-censored):
the median is that of E. L. Kaplan and P. Meier, Journal of the American Statistical Association 53 (1958), 457-481, which leaves
nobody out and takes no open gap for a closed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Gap:
    """So many days on the shelf; still open, or ended by a hand-over."""

    days: Fraction
    is_open: bool = False


@dataclass(frozen=True)
class Idle:
    """Gaps of a fleet: how many ended, how many are open, half of them are over by `median_days` (None: not yet), the longest open."""

    ended: int
    still_open: int
    median_days: Fraction | None
    longest_open_days: Fraction | None


def idle(gaps: Sequence[Gap]) -> Idle:
    """What these gaps say together."""
    still_open = [gap.days for gap in gaps if gap.is_open]
    return Idle(len(gaps) - len(still_open), len(still_open), median(gaps), max(still_open, default=None))


def median(gaps: Sequence[Gap]) -> Fraction | None:
    """The days after which half of all gaps are over; None while more than half have not ended."""
    on_the_shelf, remaining = len(gaps), Fraction(1)
    for gap in sorted(gaps, key=lambda one: (one.days, one.is_open)):
        if not gap.is_open:
            remaining *= Fraction(on_the_shelf - 1, on_the_shelf)
            if remaining <= Fraction(1, 2):
                return gap.days
        on_the_shelf -= 1
    return None


def nearest_rank(values: Sequence[Fraction], percent: int) -> Fraction | None:
    """The smallest value that at least `percent` (1 to 100) of them do not exceed; None of none."""
    if not values:
        return None
    return sorted(values)[max(-(-len(values) * percent // 100) - 1, 0)]
