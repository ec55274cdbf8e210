"""What is asked of a pool, and whether it is large enough."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment import giving_up
from equipment.demand import LEAST_ENDED, Fit, demands
from equipment.models import Pool
from equipment.outlook import outlooks
from tests.equipment import walk
from tests.make import AT, make_pool

WEEK = timedelta(weeks=1)


def asked(pool: Pool, at=AT):
    return demands([pool], at=at)[pool.pk]


def test_everybody_who_asked_counts_in_their_week_whether_served_or_not(lone: Pool) -> None:
    for weeks_ago in (3, 3, 1):
        walk.hold(lone, at=AT - weeks_ago * WEEK)
    found = asked(lone)
    assert found.weeks == [2, 0, 1]
    assert asked(lone, AT + WEEK).weeks == [2, 0, 1, 0]


def test_today_is_not_over_and_does_not_count_yet(pool: Pool) -> None:
    walk.hold(pool, at=AT)
    assert asked(pool).weeks == []
    assert asked(pool, AT + timedelta(days=1)).weeks == [1]


def test_without_enough_ended_loans_the_plan_says_how_long_a_unit_is_taken(pool: Pool) -> None:
    found = asked(pool)
    assert not found.is_taken_observed
    assert found.taken_days == pytest.approx((pool.blocked_by_hand_over(AT) - AT) / timedelta(days=1))


def test_enough_ended_loans_say_it_themselves(db: None) -> None:
    pool = make_pool(units=LEAST_ENDED, open_days="1111111")
    for _ in range(LEAST_ENDED):
        giving_up.cancel(loan=walk.hold(pool), reason="test", at=AT + timedelta(days=3), by=walk.SYSTEM)
    found = asked(pool, AT + timedelta(days=4))
    assert found.is_taken_observed and found.taken_days == 3


def test_a_pool_that_is_too_small_says_what_would_help() -> None:
    fit = Fit(lendable=12, per_week=4, taken_days=17, level=0.05)
    assert not fit.is_enough and fit.units_needed == 14 and round(fit.share_without, 5) == 0.10891
    assert fit.ways_out() == [
        "2 more units",
        "slower invitations: at most 3.3 asked for per week",
        "units back sooner: after 13.9 days on average, inspection and turnaround included",
    ]
    assert Fit(14, 4, 17, 0.05).ways_out() == []
    assert Fit(0, 4, 17, 0.05).ways_out() == ["14 more units"]


@given(st.integers(1, 40), st.floats(0.1, 20), st.floats(1, 40), st.sampled_from([0.01, 0.05, 0.1]))
def test_each_way_out_alone_is_enough(lendable: int, per_week: float, taken: float, level: float) -> None:
    fit = Fit(lendable, per_week, taken, level)
    assert Fit(fit.units_needed, per_week, taken, level).is_enough
    assert bool(fit.ways_out()) is not fit.is_enough


def test_what_is_expected_is_added_to_what_is_needed_and_the_headline_says_when_it_runs_short(db: None) -> None:
    pool = make_pool(units=8, open_days="1111111")
    for week in range(10, 0, -1):
        for _ in range(3):
            giving_up.cancel(
                loan=walk.hold(pool, at=AT - week * WEEK),
                reason="test",
                at=AT - (week - 1) * WEEK - timedelta(days=1),
                by=walk.SYSTEM,
            )
    (found,) = outlooks([pool], at=AT, weeks=12)
    assert found.forecast is not None and found.forecast.per_week == pytest.approx(3, rel=0.1)
    assert found.days[0].expected == 0
    assert max(day.expected or 0 for day in found.days) == pytest.approx(found.forecast.per_week / 7 * found.demand.taken_days)
    assert "8 units to spare" in found.headline
    (small,) = outlooks([make_small(pool)], at=AT, weeks=12)
    assert "is expected to run short from" in small.headline


def make_small(pool: Pool) -> Pool:
    pool.reserve = 7
    pool.save()
    return pool
