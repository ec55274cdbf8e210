"""How long a place takes from a return to the shelf: its own ninetieth percentile, in its open days.

Repairs do not count: a unit in repair has left the capacity, and nobody waits for its turnaround.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from equipment.models import Loan, Pool
from equipment.states import LoanState

SHARE = 0.9
LEAST = 20
"""Returns below which nothing is measured: the ninetieth percentile of fewer is little more than the largest."""
BACK = timedelta(days=180)
"""How far back returns are looked at."""


@dataclass(frozen=True)
class Measured:
    """What was measured from so many `returns`; `days` None: too few of them."""

    returns: int
    days: int | None


def percentile(values: Sequence[int], share: float = SHARE) -> int:
    """The smallest of `values` that is not exceeded by `share` of them (nearest rank)."""
    return sorted(values)[ceil(share * len(values)) - 1]


def measure(pool: Pool, *, at: datetime) -> Measured:
    """Open days from return to service of the returns of the last half year that passed inspection."""
    done = Loan.objects.filter(pool=pool, state=LoanState.CLOSED, fault_found_at=None, returned_at__gte=at - BACK)
    opening = pool.opening()
    days = [
        opening.open_days_until(opening.day(returned_at), opening.day(ended_at))
        for returned_at, ended_at in done.order_by().values_list("returned_at", "ended_at")
        if returned_at is not None and ended_at is not None
    ]
    return Measured(len(days), percentile(days) if len(days) >= LEAST else None)


def in_words(pool: Pool, found: Measured) -> str:
    """Which turnaround counts at a pool, why, and what its returns say."""
    if pool.measures_turnaround and pool.measured_days is not None:
        return f"{_days(pool.turnaround)}: within that, nine of ten of {pool.measured_returns} returns here were back in service."
    typed = "as the model says" if pool.turnaround_days is None else "as set for this pool"
    if found.days is not None:
        return (
            f"{_days(pool.turnaround)}, {typed}. Measured: nine of ten of {found.returns} returns took up to {_days(found.days)}."
        )
    few = f"{found.returns} returns in half a year are too few to measure it; {LEAST} are needed."
    return f"{_days(pool.turnaround)}, {typed}. {few}"


def _days(number: int) -> str:
    return "1 open day" if number == 1 else f"{number} open days"
