"""The queue of a pool."""

from datetime import date, timedelta

from audit.actors import SYSTEM
from equipment import giving_up, jobs, queueing, returning, stocking
from equipment.models import Pool
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_pool

DAY = timedelta(days=1)


def test_places_move_up_as_those_before_leave(lone: Pool) -> None:
    walk.to(S.HELD, lone)
    first, second, third = (walk.to(S.WAITLISTED, lone) for _ in range(3))
    assert [queueing.place_of(loan) for loan in (first, second, third)] == [1, 2, 3]
    giving_up.cancel(loan=first, reason="No time.", at=AT, by=SYSTEM)
    assert [queueing.place_of(loan) for loan in (first, second, third)] == [0, 1, 2]
    assert third.place_at_joining == 3


def test_who_is_promoted_has_the_claim_days_of_the_pool(lone: Pool) -> None:
    first = walk.to(S.HELD, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    giving_up.cancel(loan=first, reason="No time.", at=AT + DAY, by=SYSTEM)
    waiting.refresh_from_db()
    assert lone.opening().last_day(waiting.hold_expires_at) == date(2026, 3, 10)
    assert (waiting.starts_at, waiting.reason) == (AT + DAY, "")


def test_a_new_unit_goes_to_the_first_in_the_queue(lone: Pool) -> None:
    walk.to(S.HELD, lone)
    first, second = walk.to(S.WAITLISTED, lone), walk.to(S.WAITLISTED, lone)
    stocking.add_unit(pool=lone, serial="NEW-1", at=AT, by=SYSTEM)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (S.HELD, S.WAITLISTED)


def test_who_waits_for_their_account_only_is_passed_over(lone: Pool) -> None:
    limits = {lone.pk: 1}
    held = walk.hold(lone, account="spring", limits=limits)
    of_spring, of_autumn = walk.hold(lone, account="spring", limits=limits), walk.hold(lone, account="autumn")
    stocking.add_unit(pool=lone, serial="NEW-1", at=AT, by=SYSTEM)
    of_spring.refresh_from_db()
    of_autumn.refresh_from_db()
    assert (of_spring.state, of_autumn.state) == (S.WAITLISTED, S.HELD)
    giving_up.cancel(loan=held, reason="No time.", at=AT, by=SYSTEM)
    of_spring.refresh_from_db()
    assert of_spring.state == S.HELD


def test_a_higher_limit_moves_the_queue_on(pool: Pool) -> None:
    limits = {pool.pk: 1}
    walk.hold(pool, account="spring", limits=limits)
    waiting = [walk.hold(pool, account="spring", limits=limits) for _ in range(2)]
    promoted = queueing.set_limit(pool=pool, account="spring", limit=2, at=AT, by=SYSTEM)
    assert promoted == waiting[:1]
    assert queueing.set_limit(pool=pool, account="spring", limit=2, at=AT, by=SYSTEM) == []
    assert walk.events(pool.reference) == ["pool.limit_changed"]
    assert queueing.set_limit(pool=pool, account="spring", limit=None, at=AT, by=SYSTEM) == waiting[1:]


def test_a_reserve_is_not_given_to_the_queue(db: None) -> None:
    pool = make_pool(units=1, reserve=1)
    waiting = walk.to(S.WAITLISTED, pool)
    jobs.promote_waitlists(AT)
    waiting.refresh_from_db()
    assert waiting.state == S.WAITLISTED


def test_the_expected_day_follows_from_what_is_out(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    first, second = walk.to(S.WAITLISTED, lone), walk.to(S.WAITLISTED, lone)
    # Due on Monday the 16th, two days of turnaround: free on Thursday the 19th.
    assert queueing.expected_on(first, at=AT) == date(2026, 3, 19)
    # Then 7 days to claim, 7 to collect, 14 of loan, 2 of turnaround, each to the end of its last day.
    assert queueing.expected_on(second, at=AT) == date(2026, 4, 19)
    assert queueing.expected_on(loan, at=AT) is None


def test_nobody_says_a_day_while_the_unit_is_overdue(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    assert queueing.expected_on(waiting, at=loan.due_at + DAY) is None
    assert queueing.expected_on(walk.to(S.WAITLISTED, make_pool(units=0)), at=AT) is None


def test_the_expected_day_counts_every_unit_of_the_pool(pool: Pool) -> None:
    for days in range(3):
        walk.to(S.ON_LOAN, pool, at=AT + days * DAY)
    waiting = [walk.to(S.WAITLISTED, pool, at=AT + 2 * DAY) for _ in range(3)]
    assert [queueing.expected_on(loan, at=AT + 2 * DAY).day for loan in waiting] == [19, 20, 21]


def test_promises_beyond_the_stock_are_not_counted_as_freeing_a_unit(pool: Pool) -> None:
    for days in range(3):
        walk.to(S.ON_LOAN, pool, at=AT + days * DAY)
    pool.reserve = 1
    pool.save()
    waiting = walk.to(S.WAITLISTED, pool, at=AT + 2 * DAY)
    assert queueing.expected_on(waiting, at=AT + 2 * DAY) == date(2026, 3, 20)


def test_a_unit_that_comes_back_early_is_given_on_at_once(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    walk.check_in(loan, at=AT + DAY)
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    waiting.refresh_from_db()
    assert waiting.state == S.HELD
