"""What will be asked for in a week, from what was asked for in each week so far. Pure.

Demand for a pool comes in lumps, with weeks of none between. Three rules are known for that, and the one that was nearest so far is
taken: J. D. Croston, Operational Research Quarterly 23 (1972); A. A. Syntetos and J. E. Boylan, International Journal of Forecasting 21
(2005), who take its bias away; R. H. Teunter, A. A. Syntetos and M. Z. Babai, European Journal of Operational Research 214 (2011),
which also falls when nobody asks any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SMOOTHING = 0.1
"""Weight of the newest observation, as in the papers."""
LEAST_WEEKS = 8
LEAST_BUSY_WEEKS = 4
"""Below either there is too little to say anything."""

Rule = Callable[[Sequence[int]], float]


@dataclass(frozen=True)
class Forecast:
    """So many are asked for per week; `error` is by how many a week this rule was wrong on average so far."""

    per_week: float
    error: float
    rule: str


def croston(demand: Sequence[int]) -> float:
    """Smoothed size of a demand over the smoothed time between two, per period; the first interval counts from the start."""
    size, interval, since = 0.0, 0.0, 0
    for quantity in demand:
        since += 1
        if not quantity:
            continue
        is_first = not size
        size = quantity if is_first else size + SMOOTHING * (quantity - size)
        interval = since if is_first else interval + SMOOTHING * (since - interval)
        since = 0
    return size / interval if interval else 0.0


def syntetos_boylan(demand: Sequence[int]) -> float:
    """Croston's answer without its bias."""
    return (1 - SMOOTHING / 2) * croston(demand)


def teunter_syntetos_babai(demand: Sequence[int]) -> float:
    """Smoothed size of a demand times the smoothed probability of any, which falls in every period without one."""
    if not demand:
        return 0.0
    size, probability = 0.0, float(demand[0] > 0)
    for period, quantity in enumerate(demand):
        if quantity:
            size = size + SMOOTHING * (quantity - size) if size else quantity
        if period:
            probability += SMOOTHING * ((quantity > 0) - probability)
    return size * probability


RULES: dict[str, Rule] = {
    "Teunter-Syntetos-Babai": teunter_syntetos_babai,
    "Syntetos-Boylan": syntetos_boylan,
    "Croston": croston,
}
"""By name; of equally good ones the first is taken, because it forgets what ended."""


def forecast(demand: Sequence[int]) -> Forecast | None:
    """What to expect per week by the rule that was nearest so far; None while there is too little to go by."""
    if len(demand) < LEAST_WEEKS or sum(quantity > 0 for quantity in demand) < LEAST_BUSY_WEEKS:
        return None
    errors = {name: _error(rule, demand) for name, rule in RULES.items()}
    best = min(errors, key=lambda name: errors[name])
    return Forecast(RULES[best](demand), errors[best], best)


def _error(rule: Rule, demand: Sequence[int]) -> float:
    """Mean absolute error of saying each week of the later half from all weeks before it."""
    tested = range(len(demand) // 2, len(demand))
    return sum(abs(rule(demand[:week]) - demand[week]) for week in tested) / len(tested)
