"""Which tiers are due for the n-th referral: pure, without database or clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

EACH = "each"
ONCE = "once"
EVERY = "every"
NO_WISHES: Mapping[str, str] = MappingProxyType({})
"""Key of a tier -> key of the choice beside it that somebody would rather have."""


@dataclass(frozen=True)
class Rung:
    """A tier as far as falling due goes. An empty `variant` serves every arm of a test; `what` is the caller's own.

    `step` names the step it is due at, empty for the referral's qualifying; `replaces` the tier it upgrades; `instead_of` the
    tier it is a choice beside.
    """

    key: str
    side: str
    nth: int
    rhythm: str
    variant: str = ""
    what: Any = None
    step: str = ""
    replaces: str = ""
    instead_of: str = ""


def due(
    rungs: Iterable[Rung], *, side: str, nth: int, variant: str = "", step: str = "", wishes: Mapping[str, str] = NO_WISHES
) -> list[Rung]:
    """The tiers due for one side of a referrer's `nth` referral (from 1), ordered by the n they begin at, then by key.

    An upgrade that is due takes the place of the tier it replaces. Choices beside a tier are not due themselves, but one that was
    wished takes the place of its tier.
    """
    mine = [rung for rung in rungs if rung.side == side and rung.variant in ("", variant)]
    found = [rung for rung in mine if rung.step == step and not rung.instead_of and falls_on(rung, nth)]
    upgraded = {rung.replaces for rung in found if rung.replaces}
    left = sorted((rung for rung in found if rung.key not in upgraded), key=lambda rung: (rung.nth, rung.key))
    return [_wished(rung, mine, wishes) for rung in left]


def _wished(rung: Rung, rungs: Sequence[Rung], wishes: Mapping[str, str]) -> Rung:
    """What is given for `rung`: the choice beside it that was wished, due when the tier is, or the tier itself."""
    key = wishes.get(rung.key, "")
    other = next((one for one in rungs if one.key == key and one.instead_of == rung.key), None)
    return replace(other, nth=rung.nth, rhythm=rung.rhythm) if other is not None else rung


def choices(rungs: Iterable[Rung], *, key: str, variant: str = "") -> list[Rung]:
    """The tier `key` and those a customer may have instead, the tier itself first; alone when there is no choice."""
    mine = [rung for rung in rungs if rung.variant in ("", variant)]
    chosen = next((rung for rung in mine if rung.key == key), None)
    main = chosen.instead_of or key if chosen else key
    return sorted((rung for rung in mine if main in (rung.key, rung.instead_of)), key=lambda rung: (rung.key != main, rung.key))


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
