"""What will be asked for, and how many units that needs: numbers worked out elsewhere, and what must hold for all."""

from fractions import Fraction
from math import cos, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.forecasting import Kind, croston, forecast, kind_of, syntetos_boylan, teunter_syntetos_babai
from equipment.sizing import most_load, share_without, units_for

LUMPY = [2, 0, 1, 3, 0, 0, 2, 1, 0, 4, 0, 1]
SPARSE = [0, 0, 3, 0, 0, 0, 2, 0, 1, 0, 0, 4, 0, 0, 0, 0, 2, 0, 0, 3]


@pytest.mark.parametrize(
    ("demand", "first", "second", "third"),
    [
        (LUMPY, 1.437834, 1.365942, 1.406416),
        (SPARSE, 0.876093, 0.832289, 0.804479),
        ([0, 0, 5], 1.666667, 1.583333, 0.5),
        ([5, 0, 0], 5, 4.75, 4.05),
        ([1, 1, 1, 1], 1, 0.95, 1),
        ([0, 2, 0, 2, 0, 2], 1, 0.95, 0.49322),
        ([0, 0, 0], 0, 0, 0),
        ([], 0, 0, 0),
    ],
)
def test_the_three_rules_give_the_numbers_worked_out_elsewhere(demand, first, second, third) -> None:
    found = croston(demand), syntetos_boylan(demand), teunter_syntetos_babai(demand)
    assert found == pytest.approx((first, second, third), abs=5e-7 + 5e-6 * (third == 0.49322))


def test_the_probability_and_the_size_can_be_smoothed_apart() -> None:
    assert teunter_syntetos_babai(SPARSE, chance_weight=0.05, size_weight=0.2) == pytest.approx(0.539079, abs=5e-7)


@pytest.mark.parametrize(
    ("demand", "kind"),
    [
        ([], Kind.NONE), ([0, 0], Kind.NONE), (LUMPY, Kind.INTERMITTENT), ([2, 3, 2, 3], Kind.SMOOTH), ([1, 9, 1, 9], Kind.ERRATIC),
        ([1, 0, 0, 9, 0, 0, 1, 0, 9], Kind.LUMPY), (SPARSE, Kind.INTERMITTENT),
    ],
)  # fmt: skip
def test_demand_is_classed_by_its_pauses_and_by_how_its_sizes_vary(demand, kind) -> None:
    assert kind_of(demand) == kind


def test_the_back_test_says_how_much_better_the_rule_is_than_saying_the_same_as_last_week() -> None:
    found = forecast([0, 4] * 10)
    assert found is not None and found.scaled_error is not None
    assert found.scaled_error == pytest.approx(found.error / 4) and found.scaled_error < 1
    even = forecast([2] * 12)
    assert even is not None and even.scaled_error is None


def test_after_two_years_a_season_that_comes_again_is_foreseen() -> None:
    year = [0] * 40 + [6] * 8 + [0] * 4
    found = forecast(year * 3 + year[:40])
    assert found is not None and found.rule == "season of the year"
    assert found.per_week > 3 > forecast(year * 3 + year[:20]).per_week
    assert found.is_seasonal
    assert not forecast(year + year[:40]).is_seasonal


def test_a_season_is_compared_with_the_other_rules_only_where_it_could_be_known() -> None:
    wave = [round(6 + 5 * cos(2 * pi * week / 52)) for week in range(149)]
    found = forecast(wave)
    assert found is not None
    assert (found.is_seasonal, found.tried) == (True, 45)
    assert [forecast(wave[:weeks]).tried for weeks in (60, 116, 117)] == [30, 58, 13]


def test_the_rule_that_was_nearest_so_far_is_taken() -> None:
    steady = forecast([2] * 12)
    assert steady is not None and (steady.per_week, steady.error, steady.rule) == (2, 0, "Teunter-Syntetos-Babai")
    ended = forecast([3, 4, 3, 4, 3, 4] + [0] * 20)
    assert ended is not None and ended.rule == "Teunter-Syntetos-Babai" and ended.per_week < 1


@pytest.mark.parametrize("demand", [[], [5] * 7, [0] * 30 + [1, 1, 1]])
def test_too_little_to_go_by_gives_no_number(demand) -> None:
    assert forecast(demand) is None


@given(st.lists(st.integers(0, 9), max_size=60))
def test_nobody_expects_less_than_nothing_or_more_than_ever_was(demand) -> None:
    for rule in (croston, syntetos_boylan, teunter_syntetos_babai):
        assert 0 <= rule(demand) <= max(demand, default=0)


@pytest.mark.parametrize(
    ("units", "load", "share"),
    [
        (1, 1, Fraction(1, 2)), (2, 1, Fraction(1, 5)), (3, 1, Fraction(1, 16)), (3, 2, Fraction(4, 19)), (5, 3, Fraction(81, 736)),
        (4, 3, Fraction(27, 131)), (0, 3, Fraction(1)), (4, 0, Fraction(0)),
    ],
)  # fmt: skip
def test_the_share_without_a_unit_is_exact(units, load, share) -> None:
    assert share_without(units, load) == pytest.approx(float(share), rel=1e-12)


def test_a_pool_asked_four_times_a_week_for_seventeen_days_each() -> None:
    load = 4 / 7 * 17
    shares = {units: round(share_without(units, load), 5) for units in (10, 12, 14, 15, 20)}
    assert shares == {10: 0.20136, 12: 0.10891, 14: 0.04963, 15: 0.03114, 20: 0.00139}
    assert units_for(load, 0.05) == 14
    assert share_without(20, 12) == pytest.approx(0.009796, abs=5e-7)


@pytest.mark.parametrize(("load", "needed"), [(1, (5, 4, 3)), (3, (8, 7, 6)), (10, (18, 15, 13))])
def test_the_fewest_units_for_a_level_of_service(load, needed) -> None:
    assert tuple(units_for(load, share) for share in (0.01, 0.05, 0.10)) == needed


@pytest.mark.parametrize(
    ("units", "loads"), [(1, (0.0101, 0.0204, 0.0526)), (5, (1.3608, 1.6571, 2.2185)), (50, (37.9014, 40.2551, 44.5331))]
)
def test_the_largest_load_for_a_level_of_service(units, loads) -> None:
    assert tuple(round(most_load(units, share), 4) for share in (0.01, 0.02, 0.05)) == loads


@given(st.integers(0, 60), st.floats(0.01, 60), st.floats(0.001, 0.5))
def test_more_units_serve_more_and_the_answers_agree_with_each_other(units, load, share) -> None:
    assert share_without(units + 1, load) < share_without(units, load)
    needed = units_for(load, share)
    assert share_without(needed, load) <= share < share_without(needed - 1, load) if needed else share >= 1
    assert share_without(units, most_load(units, share)) <= share + 1e-9 or units == 0
    assert most_load(needed, share) >= load * (1 - 1e-9)


def test_a_load_beyond_all_sense_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="more than 10000 units"):
        units_for(1e6, 0.01)
