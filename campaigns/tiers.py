"""Which tiers are due for the n-th referral: pure, without database or clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

EACH = "each"
ONCE = "once"
EVERY = "every"


@dataclass(frozen=True)
class Rung:
    """A tier as far as falling due goes. An empty `variant` serves every arm of a test; `what` is the caller's own."""

    key: str
    side: str
    nth: int
    rhythm: str
    variant: str = ""
    what: Any = None


def due(rungs: Iterable[Rung], *, side: str, nth: int, variant: str = "") -> list[Rung]:
    """The tiers due for one side of a referrer's `nth` referral (from 1), ordered by the n they begin at, then by key."""
    found = [rung for rung in rungs if rung.side == side and rung.variant in ("", variant) and falls_on(rung, nth)]
    return sorted(found, key=lambda rung: (rung.nth, rung.key))


def falls_on(rung: Rung, nth: int) -> bool:
    """Whether a tier is due at the `nth` referral.

    `each`: from its n on, every time; `once`: exactly at its n; `every`: at each multiple of its n.
    """
    if nth < 1 or rung.nth < 1:
        return False
    if rung.rhythm == EACH:
        return nth >= rung.nth
    if rung.rhythm == ONCE:
        return nth == rung.nth
    return rung.rhythm == EVERY and nth % rung.nth == 0


def rhythm_in_words(rung: Rung) -> str:
    """When a tier is due, such as “from the 3rd referral on, each time”."""
    if rung.rhythm == ONCE:
        return f"once, at the {ordinal(rung.nth)} referral"
    if rung.nth == 1:
        return "for each referral"
    if rung.rhythm == EVERY:
        return f"at every {ordinal(rung.nth)} referral"
    return f"from the {ordinal(rung.nth)} referral on, each time"


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th … 11th, 12th, 13th … 21st."""
    if 10 <= n % 100 <= 20:
        return f"{n}th"
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th') }"
