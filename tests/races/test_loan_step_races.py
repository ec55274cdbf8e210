"""Two desks at one loan, one unit, or one pool in the same instant: first without what keeps it right, then with it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from audit import trail
from audit.actors import SYSTEM
from desk import triggers
from equipment import availability, lending, locking, protection, returning, swapping
from equipment.availability import Window
from equipment.models import Loan, Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer, make_pool
from tests.races.test_lending_races import patient_locks, race  # noqa: F401 (a fixture is used by name)

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
DESKS = 8


def without_lock(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Take the lock and the transaction of a verb away; everything else stays."""

    def read_only(loan: Loan) -> Pool:
        loan.refresh_from_db()
        return loan.pool

    def record(*args: Any, **rest: Any) -> Any:
        with transaction.atomic():
            return trail.record(*args, **rest)

    for module in modules:
        monkeypatch.setattr(module, "lock_loan", read_only)
        monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))
        monkeypatch.setattr(module, "trail", SimpleNamespace(record=record))


def meet(racers: int) -> Callable[[], None]:
    """Lets all go on together; whoever comes late or alone goes on, too."""
    gate = Barrier(racers)

    def wait() -> None:
        try:
            gate.wait(20)
        except BrokenBarrierError:
            return

    return wait


# Double return


def take_back(loan: Loan) -> list[Any]:
    return race([lambda: walk.check_in(Loan.objects.get(pk=loan.pk)) for _ in range(DESKS)], at_once=DESKS)


def test_without_lock_and_conditional_move_one_return_is_recorded_by_every_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    loan = walk.to(S.ON_LOAN, make_pool(units=1))
    all_have_looked = meet(DESKS)

    def write_without_looking(loan: Loan, to: S, **changes: Any) -> None:
        all_have_looked()
        Loan.objects.filter(pk=loan.pk).update(state=to, **changes)

    without_lock(monkeypatch, returning)
    monkeypatch.setattr(returning, "move_loan", write_without_looking)
    take_back(loan)
    monkeypatch.undo()
    assert loan.condition_reports.filter(direction="in").count() > 1
    assert walk.events(loan.reference).count("loan.checked_in") > 1


def test_one_return_taken_in_by_eight_desks_is_one_return() -> None:
    loan = walk.to(S.ON_LOAN, make_pool(units=1))
    assert take_back(loan) == [None] * DESKS
    assert loan.condition_reports.filter(direction="in").count() == 1
    assert walk.events(loan.reference).count("loan.checked_in") == 1


# Extend against hold


def hold_from(pool: Pool, start: datetime, *, lock: Callable[..., Any], look: Callable[[], None] = lambda: None) -> Loan | None:
    """A promise that begins on a later day, made as every verb makes one: lock, look, write. No screen makes such ones today."""
    with transaction.atomic() if lock is locking.lock_pools else nullcontext():
        (pool,) = lock([pool.pk])
        window = Window(start, start + 30 * DAY)
        free = availability.over({pool.pk: window}, pools=[pool], at=AT)[pool.pk].free
        look()
        if free < 1:
            return None
        return Loan.objects.create(
            pool=pool, borrower=make_customer(), purpose=f"later:{pool.pk}", state=S.HELD, created_at=AT, starts_at=start,
            hold_expires_at=start + DAY, blocked_until=window.end,
        )  # fmt: skip


def extend(loan: Loan) -> None:
    lending.extend(loan=Loan.objects.get(pk=loan.pk), until=AT + 40 * DAY, at=AT, by=SYSTEM)


def least_free(pool: Pool) -> int:
    return min(step.free for step in availability.steps([pool], start=AT, end=AT + 100 * DAY, at=AT)[pool.pk])


def test_without_the_lock_an_extension_and_a_hold_take_the_same_days(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make_pool(units=1, open_days="1111111")
    loan = walk.to(S.ON_LOAN, pool)
    both_have_looked = meet(2)
    read = availability.over

    def look_and_wait(*args: Any, **rest: Any) -> Any:
        seen = read(*args, **rest)
        both_have_looked()
        return seen

    without_lock(monkeypatch, lending)
    monkeypatch.setattr(availability, "over", look_and_wait)
    start = loan.blocked_until

    def unlocked(ids: list[int]) -> list[Pool]:
        return list(Pool.objects.filter(pk__in=ids).select_related("model"))

    results = race([lambda: extend(loan), lambda: hold_from(pool, start, lock=unlocked)])
    monkeypatch.undo()
    assert [result for result in results if isinstance(result, Exception)] == []
    assert least_free(pool) == -1


def test_an_extension_and_a_hold_of_the_same_days_never_both_succeed() -> None:
    for _ in range(3):
        pool = make_pool(units=1, open_days="1111111")
        loan = walk.to(S.ON_LOAN, pool)
        start = loan.blocked_until
        extended, held = race(
            [lambda loan=loan: extend(loan), lambda pool=pool, start=start: hold_from(pool, start, lock=locking.lock_pools)]
        )
        assert least_free(pool) == 0
        assert (extended is None) != isinstance(held, Loan)
        assert extended is None or extended.code == "no_capacity"


# Swap against prepare


@pytest.fixture
def without_witness() -> Iterator[None]:
    """The database itself refuses a unit in two loans; here it is asked not to, and afterwards it is again."""
    (unique,) = (one for one in Loan._meta.constraints if one.name == "loan_one_present_per_unit")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX loan_one_present_per_unit")
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {protection.TABLE} DROP CONSTRAINT {protection.CONSTRAINT}")
    triggers.remove(connection)
    yield
    Loan.objects.update(state=S.CANCELLED, reason="The race is over.", unit=None, ended_at=AT)
    with connection.schema_editor() as editor:
        editor.add_constraint(Loan, unique)
    protection.install_constraint()
    triggers.install()


def pick_the_same(pool: Pool) -> tuple[list[Any], Unit]:
    """One desk swaps to a unit that another desk picks for somebody else."""
    ready, unlocked = walk.to(S.READY, pool), walk.to(S.UNLOCKED, pool)
    unit = pool.units.exclude(pk=ready.unit_id).get()
    calls = [
        lambda: swapping.pick_another(loan=Loan.objects.get(pk=ready.pk), unit=unit, reason="A scratch.", at=AT, by=SYSTEM),
        lambda: lending.prepare(loan=Loan.objects.get(pk=unlocked.pk), unit=Unit.objects.get(pk=unit.pk), at=AT, by=SYSTEM),
    ]
    return race(calls), unit


@pytest.mark.usefixtures("without_witness")
def test_without_the_witness_a_unit_is_swapped_in_and_picked_at_once() -> None:
    """Counting cannot see it: both loans take one unit each, and there are two. Only the unit itself is named twice."""
    results, unit = pick_the_same(make_pool(units=2))
    assert results == [None, None]
    assert unit.loans.filter(state=S.READY).count() == 2


def test_a_unit_swapped_in_and_picked_at_once_goes_to_one_of_them() -> None:
    for _ in range(3):
        results, unit = pick_the_same(make_pool(units=2))
        assert sorted(getattr(result, "code", "done") for result in results) == ["done", "unit_is_taken"]
        assert all(result is None or isinstance(result, LoanRefused) for result in results)
        assert unit.loans.filter(state=S.READY).count() == 1
