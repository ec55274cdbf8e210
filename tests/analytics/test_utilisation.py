from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.utilisation import Change, Life, Stay, Utilisation, overlap_days, utilisation

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=30)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def percent(value: Fraction | None) -> str:
    assert value is not None
    return f"{float(value * 100):.2f} %"


@pytest.fixture
def worked_example() -> Utilisation:
    """4 units for 30 days, one of them in repair for 10; loans of 14 + 14 + 7 + 10 + 3 = 48 days, 28 of them for summer."""
    lives = [Life(day(-90))] * 3 + [Life(day(-90), (Change(day(5), is_in_service=False), Change(day(15), is_in_service=True)))]
    stays = [
        Stay("summer", day(0), day(14)),
        Stay("summer", day(2), day(16)),
        Stay("spring", day(3), day(10)),
        Stay("spring", day(16), day(26)),
        Stay("", day(20), day(23)),
    ]
    return utilisation(lives, stays, start=START, end=END)


def test_the_worked_example_comes_out_as_calculated_by_hand(worked_example: Utilisation) -> None:
    assert (worked_example.owned_days, worked_example.in_service_days, worked_example.loan_days) == (120, 110, 48)
    assert percent(worked_example.gross) == "40.00 %"
    assert percent(worked_example.net) == "43.64 %"
    assert worked_example.turnover == Fraction(5, 4)
    assert percent(worked_example.share("summer")) == "25.45 %"


def test_gross_utilisation_is_turnover_times_mean_loan_length_over_the_period(worked_example: Utilisation) -> None:
    assert worked_example.mean_loan_days == Fraction(48, 5)
    assert worked_example.gross == worked_example.turnover * worked_example.mean_loan_days / 30


def test_a_loan_that_began_before_and_ends_after_is_clipped_to_the_period() -> None:
    result = utilisation([Life(day(-90))], [Stay("a", day(-5), day(99))], start=START, end=END)
    assert result.loan_days == 30
    assert result.net == 1


def test_a_loan_outside_the_period_counts_neither_as_days_nor_as_a_loan() -> None:
    result = utilisation([Life(day(-90))], [Stay("a", day(-5), day(0)), Stay("a", day(30), day(31))], start=START, end=END)
    assert (result.loan_days, result.loans) == (0, 0)
    assert result.mean_loan_days is None


def test_a_unit_bought_during_the_period_counts_from_then_and_a_retired_one_until_then() -> None:
    lives = [Life(day(20)), Life(day(-9), (Change(day(6), is_in_service=False, is_owned=False),))]
    assert utilisation(lives, [], start=START, end=END).owned_days == 10 + 6


def test_half_a_day_is_half_a_day() -> None:
    result = utilisation([Life(day(-1))], [Stay("a", day(1), day(1.5))], start=START, end=END)
    assert result.loan_days == Fraction(1, 2)


def test_without_units_there_is_no_ratio_rather_than_a_wrong_one() -> None:
    result = utilisation([], [], start=START, end=END)
    assert (result.gross, result.net, result.turnover, result.share("a")) == (None, None, None, None)


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        utilisation([], [], start=START, end=START)


days = st.integers(-40 * 24, 70 * 24).map(lambda hours: START + timedelta(hours=hours))
lives = st.builds(Life, days, st.lists(st.builds(Change, days, st.booleans(), st.booleans()), max_size=4).map(tuple))
stays = st.tuples(st.sampled_from(["a", "b", ""]), days, days).map(lambda t: Stay(t[0], min(t[1:]), max(t[1:])))


@given(lives=st.lists(lives, max_size=6), stays=st.lists(stays, max_size=12), cut=st.integers(1, 30 * 24 - 1))
def test_shares_add_up_to_net_and_two_halves_to_the_whole(lives: list[Life], stays: list[Stay], cut: int) -> None:
    whole = utilisation(lives, stays, start=START, end=END)
    assert 0 <= whole.in_service_days <= whole.owned_days <= 30 * len(lives)
    if whole.net is not None:
        assert sum(whole.share(account) or 0 for account in whole.account_days) == whole.net
    middle = START + timedelta(hours=cut)
    halves = [utilisation(lives, stays, start=START, end=middle), utilisation(lives, stays, start=middle, end=END)]
    for name in ("owned_days", "in_service_days", "loan_days", "period_days"):
        assert sum(getattr(half, name) for half in halves) == getattr(whole, name)


@given(a=days, b=days)
def test_nothing_overlaps_more_than_itself(a: datetime, b: datetime) -> None:
    start, end = min(a, b), max(a, b)
    assert overlap_days(start, end, START, END) == overlap_days(START, END, start, end) <= 30
