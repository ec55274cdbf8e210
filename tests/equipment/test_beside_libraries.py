"""Our arithmetic beside libraries that were written by others. They are needed for these tests only, never to run."""

from importlib.util import find_spec

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal, stats

from equipment.forecasting import croston, syntetos_boylan, teunter_syntetos_babai
from equipment.sizing import share_without, units_for
from referrals.invitations import how_many, most_open


@given(st.integers(0, 60), st.floats(0.01, 60))
def test_the_loss_formula_is_a_truncated_poisson_distribution(units: int, load: float) -> None:
    assert share_without(units, load) == pytest.approx(stats.poisson.pmf(units, load) / stats.poisson.cdf(units, load), rel=1e-9)


@given(st.floats(0.01, 60), st.floats(0.001, 0.5))
def test_a_pool_large_enough_is_never_larger_than_one_that_refuses_nobody(load: float, share: float) -> None:
    assert units_for(load, share) <= stats.poisson.ppf(1 - share, load) + 1


@given(st.integers(0, 12), st.floats(0.05, 1), st.floats(0.01, 0.3))
def test_the_invitations_are_the_most_that_the_binomial_tail_allows(units: int, share: float, risk: float) -> None:
    most = most_open(units, share, risk)
    assert stats.binom.sf(units, most, share) <= risk + 1e-9 < stats.binom.sf(units, most + 1, share) + 2e-9


@given(st.lists(st.floats(0, 1), max_size=8))
def test_how_many_come_back_sums_to_one_with_the_mean_of_its_parts(chances: list[float]) -> None:
    found = how_many(chances)
    assert sum(found) == pytest.approx(1) and min(found) >= 0
    assert sum(number * chance for number, chance in enumerate(found)) == pytest.approx(sum(chances))


@given(st.integers(0, 12), st.floats(0.001, 1))
def test_equally_likely_returns_are_binomial(number: int, chance: float) -> None:
    expected = stats.binom.pmf(range(number + 1), number, chance)
    assert how_many([chance] * number) == pytest.approx(list(expected), abs=1e-9)


@pytest.mark.parametrize("draw", ["fixed", "exponential", "lognormal", "uniform"])
def test_the_loss_formula_holds_for_every_kind_of_loan_that_is_simulated(draw: str) -> None:
    """Five units, a load of three: 81/736 find nothing free, whatever the spread of the time a unit is taken."""
    source = numpy.random.default_rng(7)
    number = 60_000
    lengths = {
        "fixed": lambda: numpy.full(number, 3.0),
        "exponential": lambda: source.exponential(3.0, number),
        "lognormal": lambda: source.lognormal(numpy.log(3) - 0.5, 1.0, number),
        "uniform": lambda: source.uniform(0, 6, number),
    }[draw]()
    arrivals, free_at, refused = numpy.cumsum(source.exponential(1.0, number)), [0.0] * 5, 0
    for arrival, length in zip(arrivals.tolist(), lengths.tolist(), strict=True):
        first = min(free_at)
        if first > arrival:
            refused += 1
        else:
            free_at[free_at.index(first)] = arrival + length
    assert refused / number == pytest.approx(81 / 736, abs=0.006)


def smoothed(series: list[float], weight: float = 0.1) -> float:
    """Simple exponential smoothing that begins with the first value, by a filter of scipy."""
    start = signal.lfiltic([weight], [1, weight - 1], [series[0]])
    return float(([series[0]] if len(series) == 1 else signal.lfilter([weight], [1, weight - 1], series[1:], zi=start)[0])[-1])


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60).filter(any))
def test_the_three_rules_are_exponential_smoothing_of_sizes_pauses_and_chances(demand: list[int]) -> None:
    busy = numpy.flatnonzero(demand)
    sizes = [float(demand[week]) for week in busy]
    pauses = numpy.diff(busy, prepend=-1).astype(float).tolist()
    chances = [float(quantity > 0) for quantity in demand]
    ratio = smoothed(sizes) / smoothed(pauses)
    assert croston(demand) == pytest.approx(ratio, rel=1e-9)
    assert syntetos_boylan(demand) == pytest.approx(0.95 * ratio, rel=1e-9)
    assert teunter_syntetos_babai(demand) == pytest.approx(smoothed(sizes) * smoothed(chances), rel=1e-9)


# What the test above says of every series, a library says too where somebody has it: it is large, and no part of what is installed.
if find_spec("statsforecast"):
    from statsforecast.models import TSB, CrostonClassic, CrostonSBA

    @given(st.lists(st.integers(0, 9), min_size=4, max_size=40).filter(any))
    def test_the_three_rules_say_what_the_forecasting_library_says(demand: list[int]) -> None:
        series = numpy.array(demand, dtype=float)
        for ours, theirs in ((croston, CrostonClassic()), (syntetos_boylan, CrostonSBA()), (teunter_syntetos_babai, TSB(0.1, 0.1))):
            assert ours(demand) == pytest.approx(float(theirs.forecast(y=series, h=1)["mean"][0]), rel=1e-5, abs=1e-6)
