"""Many people at the desk at the same instant: nothing is promised or taken twice, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from audit import trail
from audit.actors import SYSTEM
from audit.models import Entry
from customers.models import Customer
from equipment import availability, giving_up, lending, locking, returning
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer, make_pool

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 16


@pytest.fixture(autouse=True)
def patient_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not turn a race into refusals; how long to wait is tested by itself."""
    monkeypatch.setattr(locking, "LOCK_TIMEOUT_MS", 60_000)


def race(calls: Sequence[Callable[[], Any]], *, at_once: int = RACERS) -> list[Any]:
    """Run `calls` in threads that start together, `at_once` at a time. Answers results, or the exceptions, in order."""
    start = Barrier(min(at_once, len(calls)))

    def run(number: int) -> Any:
        try:
            if number < start.parties:
                start.wait(30)
            return calls[number]()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(run, range(len(calls))))


def holds(pool: Pool, number: int) -> list[Callable[[], Loan]]:
    people = [make_customer(f"Ben{n} Frost") for n in range(number)]

    def ask(borrower: Customer) -> Callable[[], Loan]:
        return lambda: walk.hold(pool, borrower, purpose=f"race:{borrower.reference}")

    return [ask(borrower) for borrower in people]


def test_without_the_lock_far_more_is_promised_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real: the same verb, with its lock and its transaction taken away, oversells."""
    pool = make_pool(units=3)
    all_have_looked = Barrier(RACERS)
    read = availability.books

    def look_and_wait(*args: Any, **rest: Any) -> Any:
        seen = read(*args, **rest)
        all_have_looked.wait(60)
        return seen

    def record(*args: Any, **rest: Any) -> Any:
        with transaction.atomic():
            return trail.record(*args, **rest)

    monkeypatch.setattr(lending, "lock_pools", lambda ids: list(Pool.objects.filter(pk__in=list(ids)).select_related("model")))
    monkeypatch.setattr(lending, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(lending, "trail", SimpleNamespace(record=record))
    monkeypatch.setattr(availability, "books", look_and_wait)
    results = race(holds(pool, RACERS))
    monkeypatch.undo()
    assert [error for error in results if isinstance(error, Exception)] == []
    assert Loan.objects.filter(state=S.HELD).count() > 3
    assert availability.free_now([pool], at=AT)[pool.pk].free < 0


@pytest.mark.parametrize("number", [RACERS, 50])
def test_with_the_lock_three_units_are_held_three_times_and_the_others_queue(number: int) -> None:
    pool = make_pool(units=3)
    results = race(holds(pool, number))
    assert [error for error in results if isinstance(error, Exception)] == []
    held = [loan for loan in results if loan.state == S.HELD]
    places = sorted(loan.place_at_joining for loan in results if loan.state == S.WAITLISTED)
    assert len(held) == 3
    assert places == list(range(1, number - 2))
    assert availability.free_now([pool], at=AT)[pool.pk].free == 0
    assert Entry.objects.filter(event__in=["loan.held", "loan.waitlisted"]).count() == number


def test_the_same_purpose_asked_at_once_gets_one_loan() -> None:
    pool, ben = make_pool(units=3), make_customer("Ben Frost")
    results = race([lambda: walk.hold(pool, ben, purpose="ref_1:referee")] * RACERS)
    assert {loan.reference for loan in results} == {Loan.objects.get().reference}
    assert Entry.objects.filter(event="loan.held").count() == 1


def test_the_same_purpose_over_two_pools_gets_one_loan() -> None:
    pools, ben = [make_pool(units=1), make_pool(units=1)], make_customer("Ben Frost")
    calls = [lambda pool=pools[n % 2]: walk.hold(pool, ben, purpose="ref_1:referee") for n in range(RACERS)]
    results = race(calls)
    assert {loan.reference for loan in results} == {Loan.objects.get().reference}


def test_two_desks_checking_in_the_same_unit_record_one_return() -> None:
    loan = walk.to(S.ON_LOAN, make_pool(units=1))
    results = race([lambda: walk.check_in(Loan.objects.get(pk=loan.pk))] * 8)
    assert [error for error in results if error is not None] == []
    loan.refresh_from_db()
    assert loan.state == S.RETURNED
    assert loan.condition_reports.filter(direction="in").count() == 1
    assert walk.events(loan.reference).count("loan.checked_in") == 1


def test_two_desks_picking_the_same_unit_give_it_once() -> None:
    pool = make_pool(units=2)
    loans = [walk.to(S.UNLOCKED, pool) for _ in range(2)]
    unit = pool.units.first()
    calls = [lambda loan=loan: lending.prepare(loan=Loan.objects.get(pk=loan.pk), unit=unit, at=AT, by=SYSTEM) for loan in loans]
    results = race(calls)
    assert sorted(getattr(result, "code", "picked") for result in results) == ["picked", "unit_is_taken"]


def test_a_returned_unit_goes_to_one_of_those_who_wait() -> None:
    pool = make_pool(units=2)
    back = [walk.to(S.RETURNED, pool) for _ in range(2)]
    waiting = [walk.to(S.WAITLISTED, pool) for _ in range(5)]
    close = [lambda pk=loan.pk: returning.close(loan=Loan.objects.get(pk=pk), at=AT, by=SYSTEM) for loan in back]
    newcomers = holds(pool, 6)
    results = race([*close, *newcomers])
    assert [error for error in results if isinstance(error, Exception)] == []
    for loan in waiting:
        loan.refresh_from_db()
    assert [loan.state for loan in waiting] == [S.HELD, S.HELD, S.WAITLISTED, S.WAITLISTED, S.WAITLISTED]
    assert Loan.objects.filter(state=S.HELD).count() == 2


def test_a_hold_is_unlocked_or_expires_and_never_both() -> None:
    for _ in range(4):
        loan = walk.hold(make_pool(units=1))
        end = loan.hold_expires_at
        race(
            [
                lambda pk=loan.pk, end=end: lending.unlock(loan=Loan.objects.get(pk=pk), at=end, by=SYSTEM),
                lambda pk=loan.pk, end=end: giving_up.expire(loan=Loan.objects.get(pk=pk), at=end, by=SYSTEM),
            ]
        )
        told = walk.events(loan.reference)
        assert told in (["loan.held", "loan.unlocked"], ["loan.held", "loan.expired"])


def test_holds_over_the_same_pools_in_any_order_never_block_each_other_for_ever() -> None:
    pools = [make_pool(units=2) for _ in range(3)]
    people = [make_customer(f"Ben{n} Frost") for n in range(RACERS)]

    def ask(number: int) -> Callable[[], Loan]:
        mixed = [pools[(number + step) % 3] for step in range(3)]
        return lambda: walk.hold(mixed[0], people[number], pools=mixed, purpose=f"race:{number}")

    results = race([ask(number) for number in range(RACERS)])
    assert [error for error in results if isinstance(error, Exception)] == []
    assert sum(loan.state == S.HELD for loan in results) == 6


def test_who_waits_too_long_for_the_lock_gets_nothing_rather_than_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "LOCK_TIMEOUT_MS", 50)
    pool = make_pool(units=1)
    is_locked, may_go = Event(), Event()

    def sit_on_the_lock() -> None:
        with transaction.atomic():
            locking.lock_pools([pool.pk])
            is_locked.set()
            may_go.wait(30)

    def ask() -> Loan:
        is_locked.wait(30)
        try:
            if connection.vendor == "sqlite":
                # There the transaction itself is the lock, and its patience is the connection's.
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA busy_timeout = 50")
            return walk.hold(pool)
        finally:
            may_go.set()

    _, refused = race([sit_on_the_lock, ask])
    assert isinstance(refused, OperationalError if connection.vendor == "sqlite" else LoanRefused), refused
    assert getattr(refused, "code", "busy") == "busy"
    assert Loan.objects.count() == 0
    assert walk.hold(pool).state == S.HELD


def test_a_pool_is_locked_only_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        locking.lock_pools([make_pool().pk])
