"""Turnaround as measured at a place."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from equipment import jobs, returning, turnaround
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from equipment.turnaround import LEAST, Measured
from tests.equipment import walk
from tests.make import AT, make_customer, make_pool

DAY = timedelta(days=1)
LATER = AT + 30 * DAY


def returns(pool: Pool, *took: int) -> None:
    """So many loans that came back at AT and were in service after so many days."""
    asha, unit = make_customer(), pool.units.first()
    rows = [
        Loan(
            pool=pool, unit=unit, borrower=asha, purpose=f"done_{pool.pk}_{n}", state=S.CLOSED, created_at=AT,
            returned_at=AT, ended_at=AT + days * DAY,
        )
        for n, days in enumerate(took)
    ]  # fmt: skip
    Loan.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("values", "answer"),
    [([7], 7), (list(range(1, 11)), 9), (list(range(1, 12)), 10), ([1] * 18 + [9, 9], 1), ([1] * 17 + [9] * 3, 9)],
)
def test_the_ninetieth_percentile_is_the_nearest_rank(values: list[int], answer: int) -> None:
    assert turnaround.percentile(values) == answer


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_nine_of_ten_take_no_longer_and_no_smaller_number_says_so(values: list[int]) -> None:
    found = turnaround.percentile(values)
    assert sum(value <= found for value in values) >= 0.9 * len(values)
    assert sum(value < found for value in values) < 0.9 * len(values)


def test_a_pool_measures_its_own_returns_in_open_days(db: None) -> None:
    pool = make_pool(units=1)  # closed on Saturday and Sunday; AT is a Monday
    returns(pool, *[1] * 17, *[7] * 3)
    assert turnaround.measure(pool, at=LATER) == Measured(20, 5)


def test_too_few_returns_are_not_measured_and_the_page_says_so(pool: Pool) -> None:
    returns(pool, *[5] * (LEAST - 1))
    found = turnaround.measure(pool, at=LATER)
    assert found == Measured(19, None)
    assert turnaround.in_words(pool, found) == (
        "2 open days, as the model says. 19 returns in half a year are too few to measure it; 20 are needed."
    )


def test_old_returns_and_faults_do_not_count(pool: Pool) -> None:
    returns(pool, *[5] * LEAST)
    assert turnaround.measure(pool, at=AT + 200 * DAY).returns == 0
    Loan.objects.filter(purpose__endswith="_0").update(fault_found_at=AT)
    assert turnaround.measure(pool, at=LATER) == Measured(19, None)


def test_a_repair_is_no_turnaround(lone: Pool) -> None:
    loan = walk.to(S.UNRESOLVED, lone)
    returning.settle(loan=loan, outcome="Paid.", at=AT + 9 * DAY, by=SYSTEM)
    assert turnaround.measure(lone, at=LATER).returns == 0
    walk.to(S.CLOSED, make_pool(units=1, model=lone.model, place="Paris"))


def test_what_is_measured_counts_once_it_is_wanted(pool: Pool) -> None:
    returns(pool, *[4] * LEAST)
    loan = walk.to(S.ON_LOAN, pool)
    found = turnaround.measure(pool, at=LATER)
    assert "Measured: nine of ten of 20 returns took up to 4 open days." in turnaround.in_words(pool, found)
    pool.measures_turnaround = True
    pool.save()
    assert jobs.fit_pools(AT + DAY) == {"fitted": 1, "failed": 0}
    pool.refresh_from_db()
    loan.refresh_from_db()
    assert pool.turnaround == 4
    assert loan.blocked_until == loan.due_at + 4 * DAY
    assert turnaround.in_words(pool, found) == ("4 open days: within that, nine of ten of 20 returns here were back in service.")


def test_without_enough_returns_what_is_typed_counts(pool: Pool) -> None:
    pool.measures_turnaround, pool.turnaround_days = True, 6
    pool.save()
    jobs.fit_pools(AT)
    pool.refresh_from_db()
    assert (pool.turnaround, pool.measured_days) == (6, None)
    assert turnaround.in_words(pool, Measured(3, None)).startswith("6 open days, as set for this pool. 3 returns")
