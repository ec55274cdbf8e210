"""What will be asked for in a week, from what was asked for in each week so far. Pure.

Demand for a pool comes in lumps, with weeks of none between. Three rules are known for that; where there are two years to learn from,
the season is a fourth (`seasons`). The one that was nearest so far is taken: J. D. Croston, Operational Research Quarterly 23 (1972); A. A. Syntetos and J. E. Boylan, International Journal of Forecasting 21
(2005), who take its bias away; R. H. Teunter, A. A. Syntetos and M. Z. Babai, European Journal of Operational Research 214 (2011),
which also falls when nobody asks any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean, pvariance

from equipment import seasons

SMOOTHING = 0.1
"""Weight of the newest observation, as in the papers."""
LEAST_WEEKS = 8
LEAST_BUSY_WEEKS = 4
"""Below either there is too little to say anything."""

EVEN_INTERVAL = 1.32
"""Mean weeks from one week with demand to the next; above it demand comes with pauses."""
EVEN_SIZE = 0.49
"""Square of the coefficient of variation of the demand in weeks with any; above it sizes differ widely."""

KNOWS_SEASONS = seasons.LEAST_YEARS * seasons.YEAR
"""From so many weeks on the season of the year is a rule among the others."""

Rule = Callable[[Sequence[float]], float]


class Kind(StrEnum):
    """How demand comes, after A. A. Syntetos, J. E. Boylan and J. D. Croston, Journal of the Operational Research Society 56 (2005)."""

    NONE = "nobody has asked yet"
    SMOOTH = "asked for every week, about as many each time"
    ERRATIC = "asked for every week, now few, now many"
    INTERMITTENT = "asked for now and then, about as many each time"
    LUMPY = "asked for now and then, now few, now many"


@dataclass(frozen=True)
class Forecast:
    """So many are asked for per week; `error` is by how many a week this rule was wrong on average so far.

    `scaled_error` is that error over the one of saying the same as the week before (R. J. Hyndman and A. B. Koehler, International
    Journal of Forecasting 22 (2006)): below 1 the rule is better; None where demand never changed. `tried` says in how many weeks.
    """

    per_week: float
    error: float
    rule: str
    kind: Kind = Kind.NONE
    scaled_error: float | None = None
    tried: int = 0

    @property
    def is_seasonal(self) -> bool:
        """Whether it goes by the time of the year."""
        return RULES[self.rule] is seasonal


def kind_of(demand: Sequence[int]) -> Kind:
    """How this demand comes, by the mean interval between weeks with any and by how much their sizes vary."""
    sizes = [quantity for quantity in demand if quantity]
    if not sizes:
        return Kind.NONE
    has_pauses = len(demand) / len(sizes) >= EVEN_INTERVAL
    varies = pvariance(sizes) / mean(sizes) ** 2 >= EVEN_SIZE
    if has_pauses:
        return Kind.LUMPY if varies else Kind.INTERMITTENT
    return Kind.ERRATIC if varies else Kind.SMOOTH


def croston(demand: Sequence[float]) -> float:
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


def syntetos_boylan(demand: Sequence[float]) -> float:
    """Croston's answer without its bias."""
    return (1 - SMOOTHING / 2) * croston(demand)


def teunter_syntetos_babai(demand: Sequence[float], *, chance_weight: float = SMOOTHING, size_weight: float = SMOOTHING) -> float:
    """Smoothed size of a demand times the smoothed probability of any, which falls in every period without one."""
    if not demand:
        return 0.0
    size, probability = 0.0, float(demand[0] > 0)
    for period, quantity in enumerate(demand):
        if quantity:
            size = size + size_weight * (quantity - size) if size else quantity
        if period:
            probability += chance_weight * ((quantity > 0) - probability)
    return size * probability


def seasonal(demand: Sequence[float]) -> float:
    """The demand of the last year with its season taken out and the coming one put in; before two years simply its mean."""
    index = seasons.indices(demand)
    return seasons.level(demand, index) * seasons.coming(demand, index)


RULES: dict[str, Rule] = {
    "Teunter-Syntetos-Babai": teunter_syntetos_babai,
    "Syntetos-Boylan": syntetos_boylan,
    "Croston": croston,
    "season of the year": seasonal,
}
"""By name; of equally good ones the first is taken, because it forgets what ended."""


def forecast(demand: Sequence[int]) -> Forecast | None:
    """What to expect per week by the rule that was nearest so far; None while there is too little to go by."""
    if len(demand) < LEAST_WEEKS or sum(quantity > 0 for quantity in demand) < LEAST_BUSY_WEEKS:
        return None
    has_seasons = len(demand) >= KNOWS_SEASONS
    tested = _tested(len(demand))
    errors = {name: _error(rule, demand, tested) for name, rule in RULES.items() if has_seasons or rule is not seasonal}
    best = min(errors, key=lambda name: errors[name])
    return Forecast(RULES[best](demand), errors[best], best, kind_of(demand), _scaled(errors[best], demand), len(tested))


def _tested(weeks: int) -> range:
    """The weeks each rule has to foresee: the later half, but none from before a season could be known where a quarter of a year is left."""
    half = weeks // 2
    return range(max(half, KNOWS_SEASONS) if weeks - KNOWS_SEASONS >= seasons.YEAR // 4 else half, weeks)


def _error(rule: Rule, demand: Sequence[int], tested: Sequence[int]) -> float:
    """Mean absolute error of saying each of these weeks from all weeks before it."""
    return sum(abs(rule(demand[:week]) - demand[week]) for week in tested) / len(tested)


def _scaled(error: float, demand: Sequence[int]) -> float | None:
    naive = sum(abs(demand[week] - demand[week - 1]) for week in range(1, len(demand))) / (len(demand) - 1)
    return error / naive if naive else None
