"""What is free, and why not more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from equipment import availability, servicing
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer, make_model, make_pool

DAY_0 = datetime(2026, 3, 2, tzinfo=UTC)


def day(number: int) -> datetime:
    return DAY_0 + timedelta(days=number)


def reserve_days(pool: Pool, start: int, end: int) -> None:
    """A held loan of whole days, as no screen makes them today: counting must be right for the future as well."""
    Loan.objects.create(
        pool=pool,
        borrower=make_customer(),
        purpose=f"days_{start}_{end}",
        state=S.HELD,
        created_at=DAY_0,
        starts_at=day(start),
        blocked_until=pool.free_again(day(end)),
        hold_expires_at=day(end),
    )


def test_the_worked_example_gives_its_numbers(db: None) -> None:
    pool = make_pool(units=4, model=make_model(turnaround_days=2), open_days="1111111")
    for start, end in ((0, 10), (3, 8), (6, 12), (12, 20)):
        reserve_days(pool, start, end)
    windows = [(0, 3), (3, 8), (8, 12), (12, 14), (20, 22), (0, 22)]
    answers = [availability.free([pool], start=day(s), end=day(e), at=DAY_0)[pool.pk].free for s, e in windows]
    assert answers == [2, 1, 1, 2, 3, 1]


def free(pool: Pool, at: datetime = AT) -> availability.Availability:
    return availability.free_now([pool], at=at)[pool.pk]


def test_what_is_free_is_said_in_words(pool: Pool) -> None:
    walk.to(S.HELD, pool)
    assert free(pool) == availability.Availability(2, "2 of 3 units can be promised; 1 held for others.")


def test_what_takes_the_others_is_said_while_some_are_free(db: None) -> None:
    pool = make_pool(units=7, reserve=1)
    assert free(pool).reason == "6 of 7 units can be promised; 1 kept in reserve."
    for state in (S.ON_LOAN, S.RETURNED, S.UNLOCKED, S.HELD):
        walk.to(state, pool)
    assert free(pool) == availability.Availability(
        2,
        "2 of 7 units can be promised; 1 kept in reserve, 1 lent out, 1 back and waiting for inspection, "
        "1 waiting to be collected, 1 held for others.",
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.HELD, "held for others"),
        (S.UNLOCKED, "waits to be collected"),
        (S.READY, "lent out"),
        (S.ON_LOAN, "lent out"),
        (S.RETURNED, "waits for inspection"),
        (S.UNRESOLVED, "No unit is in service"),
    ],
)
def test_why_nothing_is_free_is_said_in_words(lone: Pool, state: S, words: str) -> None:
    walk.to(state, lone)
    answer = free(lone)
    assert answer.free == 0
    assert words in answer.reason


def test_an_empty_pool_and_a_reserve_are_reasons_too(db: None) -> None:
    assert "No unit is in service" in free(make_pool(units=0)).reason
    assert "kept in reserve" in free(make_pool(units=2, reserve=2)).reason


def test_the_reserve_is_never_promised(db: None) -> None:
    assert free(make_pool(units=3, reserve=1)).free == 2


@pytest.mark.parametrize("state", [S.CLOSED, S.EXPIRED, S.DECLINED, S.NO_SHOW, S.CANCELLED])
def test_a_loan_that_ended_takes_nothing(lone: Pool, state: S) -> None:
    walk.to(state, lone)
    assert free(lone).free == 1


def test_a_unit_in_repair_after_a_fault_is_subtracted_once(pool: Pool) -> None:
    walk.to(S.UNRESOLVED, pool)
    assert free(pool).free == 2


def test_an_overdue_unit_is_blocked_without_end(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    assert loan.due_at is not None
    far = loan.due_at + timedelta(days=300)
    in_time = availability.free([lone], start=far, end=far + timedelta(days=1), at=loan.due_at - timedelta(hours=1))
    late = availability.free([lone], start=far, end=far + timedelta(days=1), at=loan.due_at + timedelta(hours=1))
    assert in_time[lone.pk].free == 1
    assert late[lone.pk].free == 0
    assert "1 overdue" in late[lone.pk].reason


def test_a_return_nobody_inspected_is_blocked_without_end(lone: Pool) -> None:
    walk.to(S.RETURNED, lone)
    assert free(lone, AT + timedelta(days=100)).free == 0


def test_promising_too_much_shows_as_a_negative_number(pool: Pool) -> None:
    for _ in range(3):
        walk.to(S.HELD, pool)
    servicing.change_service(unit=pool.units.all()[0], service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    assert free(pool).free == -1


def test_many_pools_are_answered_in_as_many_queries_as_one(db: None) -> None:
    pools = [make_pool(units=1) for _ in range(6)]
    for pool in pools:
        walk.to(S.ON_LOAN, pool)
    counts = []
    for some in (pools[:1], pools):
        fresh = list(Pool.objects.filter(pk__in=[pool.pk for pool in some]))
        with CaptureQueriesContext(connection) as seen:
            availability.free_now(fresh, at=AT)
        counts.append(len(seen))
    assert counts == [3, 3]


def test_units_to_pick_are_in_service_and_in_nobody_elses_loan(pool: Pool) -> None:
    first, second, third = pool.units.all()
    servicing.change_service(unit=first, service="quarantine", reason="Smells odd.", at=AT, by=SYSTEM)
    walk.to(S.ON_LOAN, pool)
    loan = walk.to(S.UNLOCKED, pool)
    assert availability.units_to_pick(loan, at=AT) == [third]
    assert second.loans.get().state == S.ON_LOAN
