"""How demand differs by the time of the year, where two years or more are known. Pure.

A year has thirteen seasons of four weeks. The index of a season is its mean demand over that of all weeks, drawn towards 1 as if one
more season of the usual demand had been seen: what was seen twice only is believed by two thirds.
"""

from collections.abc import Sequence
from statistics import mean

YEAR = 52
SEASON = 4
LEAST_YEARS = 2


def indices(demand: Sequence[float]) -> list[float]:
    """Thirteen indices, of the weeks 0–3, 4–7, … after the first known one and every 52 weeks later; all 1 before two years."""
    usual = mean(demand) if demand else 0.0
    if len(demand) < LEAST_YEARS * YEAR or not usual:
        return [1.0] * (YEAR // SEASON)
    seen: list[list[float]] = [[usual] * SEASON for _ in range(YEAR // SEASON)]
    for week, quantity in enumerate(demand):
        seen[_season(week)].append(quantity)
    return [mean(quantities) / usual for quantities in seen]


def level(demand: Sequence[float], index: Sequence[float]) -> float:
    """The demand per week of the last year, had every week of it been of a usual time of the year."""
    last = range(max(len(demand) - YEAR, 0), len(demand))
    usual = sum(index[_season(week)] for week in last)
    return sum(demand[week] for week in last) / usual if usual else 0.0


def coming(demand: Sequence[float], index: Sequence[float]) -> float:
    """The mean index of the next four weeks."""
    return mean(index[_season(len(demand) + ahead)] for ahead in range(SEASON))


def _season(week: int) -> int:
    return week % YEAR // SEASON
