"""Days on which a place is closed, and turnaround that changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit import actors
from audit.actors import SYSTEM
from audit.models import Entry
from equipment import availability, closing, jobs, lending
from equipment.models import Closure, Loan, Pool
from equipment.opening import Opening
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_pool

DAY = timedelta(days=1)
# Loans of AT (Monday 2 March) are due at the end of Monday 16 March.
EASTER = {"first_on": date(2026, 3, 16), "last_on": date(2026, 3, 18), "reason": "Stock-taking."}


def close(pool: Pool, **changes: object) -> Closure:
    values = {"place": pool.place, "at": AT, "by": SYSTEM, **EASTER}
    closure = closing.close_place(**{**values, **changes})  # type: ignore[arg-type]
    pool.refresh_from_db()
    return closure


def last_day(loan: Loan, name: str) -> date:
    loan.refresh_from_db()
    return loan.pool.opening().last_day(getattr(loan, name))


def test_what_is_due_on_a_closed_day_is_due_on_the_next_open_one(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    close(pool)
    assert last_day(loan, "due_at") == date(2026, 3, 19)
    assert loan.first_due_at < loan.due_at
    assert loan.blocked_until == pool.free_again(loan.due_at)
    assert "pool.refitted" in Entry.objects.filter(mentions__reference=loan.reference).values_list("event", flat=True)


def test_what_is_to_be_collected_on_a_closed_day_waits_until_the_next_open_one(pool: Pool) -> None:
    unlocked, ready = walk.to(S.UNLOCKED, pool), walk.to(S.READY, pool)
    close(pool, first_on=date(2026, 3, 9), last_on=date(2026, 3, 10))
    assert [last_day(loan, "collect_by") for loan in (unlocked, ready)] == [date(2026, 3, 11)] * 2


def test_a_loan_handed_over_later_is_never_due_on_a_closed_day(pool: Pool) -> None:
    close(pool)
    assert last_day(walk.to(S.ON_LOAN, pool), "due_at") == date(2026, 3, 19)


def test_no_turnaround_goes_on_while_the_place_is_closed(pool: Pool) -> None:
    close(pool)
    back_at = datetime(2026, 3, 15, 12, tzinfo=UTC)
    assert pool.opening().last_day(pool.free_again(back_at)) == date(2026, 3, 20)


def test_a_closure_is_for_all_pools_of_its_place_and_for_no_other(pool: Pool) -> None:
    neighbour, elsewhere = make_pool(units=1), make_pool(units=1, place="Paris")
    close(pool)
    neighbour.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (neighbour.closed_days, elsewhere.closed_days) == (pool.closed_days, [])
    assert pool.closed_days == [["2026-03-16", "2026-03-18"]]


def test_a_pool_opened_later_at_the_place_takes_its_closures_over(pool: Pool) -> None:
    close(pool)
    late = make_pool(units=1)
    assert late.closed_days == []
    jobs.fit_pools(AT)
    late.refresh_from_db()
    assert late.closed_days == pool.closed_days


def test_closing_twice_is_one_closure(pool: Pool) -> None:
    assert close(pool) == close(pool)
    assert walk.events(Closure.objects.get().reference) == ["closure.added"]


def test_a_closure_called_off_opens_the_days_and_leaves_what_was_told(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    closure = close(pool)
    for _ in range(2):
        closing.withdraw_closure(closure=closure, at=AT, by=SYSTEM)
    pool.refresh_from_db()
    assert pool.closed_days == []
    assert last_day(loan, "due_at") == date(2026, 3, 19)
    assert walk.events(closure.reference) == ["closure.added", "closure.withdrawn"]


def test_a_promise_is_kept_although_the_place_closes_after_it_was_made(lone: Pool) -> None:
    """The hold blocks longer now; whoever unlocks, picks and hands over in time is not refused for that."""
    loan = walk.to(S.HELD, lone)
    before = loan.blocked_until
    close(lone, first_on=date(2026, 3, 3), last_on=date(2026, 3, 29))
    loan.refresh_from_db()
    assert loan.blocked_until > before
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    walk.prepare(loan)
    walk.check_out(loan)
    assert last_day(loan, "due_at") == date(2026, 3, 30)


def test_what_is_late_is_left_alone(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    due_at = loan.due_at
    close(lone, at=due_at + DAY, first_on=date(2026, 3, 17), last_on=date(2026, 3, 20))
    loan.refresh_from_db()
    assert loan.due_at == due_at


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("reason_missing", {"reason": " "}),
        ("days_reversed", {"last_on": date(2026, 3, 1)}),
        ("closed_too_long", {"last_on": date(2028, 3, 1)}),
        ("place_unknown", {"place": "Atlantis"}),
    ],
)
def test_what_speaks_against_a_closure_is_said(pool: Pool, code: str, changes: dict[str, object]) -> None:
    with pytest.raises(LoanRefused, match=code):
        close(pool, **changes)


def test_only_who_may_change_pools_closes_a_place(pool: Pool) -> None:
    eve = actors.staff(User.objects.create_user("eve"))
    closure = close(pool)
    with pytest.raises(PermissionDenied):
        close(pool, by=eve, first_on=date(2026, 3, 10))
    with pytest.raises(PermissionDenied):
        closing.withdraw_closure(closure=closure, at=AT, by=eve)


def test_the_database_refuses_a_closure_that_ends_before_it_begins(db: None) -> None:
    days = {"first_on": date(2026, 3, 2), "last_on": date(2026, 3, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.create(place="Berlin", reason="No.", made_at=AT, **days)


def test_a_turnaround_that_grows_blocks_longer_and_one_that_shrinks_moves_the_queue(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    before = loan.blocked_until
    lone.turnaround_days = 5
    lone.save()
    assert jobs.fit_pools(AT) == {"fitted": 1, "failed": 0}
    loan.refresh_from_db()
    assert loan.blocked_until == before + 3 * DAY
    assert jobs.fit_pools(AT) == {"fitted": 0, "failed": 0}
    soon = loan.blocked_until - DAY
    assert availability.free([lone], start=soon, end=soon + DAY, at=AT)[lone.pk].free == 0


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
closures = st.lists(st.tuples(days, st.integers(0, 20)).map(lambda one: (one[0], one[0] + timedelta(days=one[1]))), max_size=5)
instants = st.integers(0, 365 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(closures, st.sampled_from(["1111100", "0000001", "1111111"]), instants, instants, st.integers(0, 5))
def test_with_any_closures_nothing_ends_on_a_closed_day_and_sooner_never_ends_later(
    closed: list[tuple[date, date]], week: str, one: datetime, other: datetime, turnaround: int
) -> None:
    opening = Opening("Europe/Berlin", week, tuple(closed))
    sooner, later = sorted((one, other))
    for answer in (lambda at: opening.after(at, days=3), lambda at: opening.free_again(at, turnaround_days=turnaround)):
        assert answer(sooner) <= answer(later)
    last = opening.last_day(opening.after(one, days=3))
    assert opening.is_open(last)
    assert not any(first <= last <= end for first, end in closed)


@given(closures, days, st.integers(0, 60))
def test_open_days_between_two_days_are_counted_one_by_one(closed: list[tuple[date, date]], start: date, length: int) -> None:
    opening = Opening("Europe/Berlin", "1111100", tuple(closed))
    end = start + timedelta(days=length)
    assert opening.open_days_until(start, end) == sum(opening.is_open(start + timedelta(days=n + 1)) for n in range(length))
