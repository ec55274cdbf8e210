"""How likely a unit is back by a day, from how late units came back so far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.return_curve import LEAST_RETURNS, ReturnCurve

LATENESS = [-3, -1, 0, 0, 0, 0, 1, 2, 4, 9]
CURVE = ReturnCurve(LATENESS)


@pytest.mark.parametrize(
    ("due_in", "by", "chance"),
    [
        (5, 5, 6 / 11),  # due in five days: six of ten were back by the due date, and one more is taken never to come
        (5, 1, 0),
        (5, 2, 1 / 11),
        (5, 30, 10 / 11),
        (-1, 1, 1 / 4),  # a day overdue: three of those that were later than a day are left, one of them comes within a day
        (-9, 99, 0),  # later than any that ever came back
    ],
)
def test_the_chance_counts_those_that_were_still_out_as_long(due_in, by, chance) -> None:
    assert CURVE.chance_back(due_in=due_in, by=by) == pytest.approx(chance)


def test_what_never_came_back_lowers_every_chance() -> None:
    assert ReturnCurve(LATENESS, lost=9).chance_back(due_in=5, by=5) == pytest.approx(6 / 20)


def test_a_few_returns_promise_nothing_and_delay_nothing() -> None:
    few = ReturnCurve(LATENESS[: LEAST_RETURNS - 1])
    assert (few.is_known, few.chance_back(due_in=0, by=99), few.days_late(0.8)) == (False, 0, 0)


def test_the_days_by_which_most_are_back() -> None:
    assert [CURVE.days_late(share) for share in (0.1, 0.6, 0.8, 0.9, 1)] == [0, 0, 2, 4, 9]


@given(
    lateness=st.lists(st.floats(-20, 60), min_size=LEAST_RETURNS, max_size=40).map(sorted),
    due_in=st.floats(-30, 30),
    by=st.floats(0, 60),
    longer=st.floats(0, 30),
    lost=st.integers(0, 5),
)
def test_a_chance_is_one_and_grows_with_time(lateness, due_in, by, longer, lost) -> None:
    curve = ReturnCurve(lateness, lost)
    chance = curve.chance_back(due_in=due_in, by=by)
    assert 0 <= chance <= curve.chance_back(due_in=due_in, by=by + longer) < 1
