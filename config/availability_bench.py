"""What availability costs with a long history: 200 pools over 90 days, with few and with many loans that have ended.

Made up inside a transaction that is rolled back. Both sizes are measured in turns of one run, so that a busy machine slows both.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from equipment import availability
from equipment.models import EquipmentModel, Loan, Pool, Unit
from equipment.states import LoanState

POOLS, DAYS = 200, 90
OPEN = 2_000
"""Loans that are open, in both sizes."""
SMALL, LARGE = 10_000, 100_000
"""Loans in all."""
ROUNDS = 2
_LOOKS = 5
_BATCH = 5_000


@dataclass(frozen=True)
class Cost:
    """Seconds of the fastest look (what slows it is the neighbours), and queries, at so many loans."""

    loans: int
    open: int
    seconds: float
    queries: int


def availability_costs(*, at: datetime, progress: Callable[[int], object]) -> tuple[Cost, Cost]:
    """The cost with `SMALL` and with `LARGE` loans in all; nothing stays in the database."""
    small: list[tuple[float, int]] = []
    large: list[tuple[float, int]] = []
    with transaction.atomic():
        pools = _world(at)
        _add_closed(pools, SMALL - OPEN, at, "small")
        for turn in range(ROUNDS):
            small += _looks(pools, at)
            point = transaction.savepoint()
            _add_closed(pools, LARGE - SMALL, at, f"large_{turn}")
            large += _looks(pools, at)
            transaction.savepoint_rollback(point)
            progress(1)
        transaction.set_rollback(True)
    return _cost(SMALL, small), _cost(LARGE, large)


def _cost(loans: int, looks: list[tuple[float, int]]) -> Cost:
    return Cost(loans, OPEN, min(seconds for seconds, _ in looks), max(queries for _, queries in looks))


def _looks(pools: list[Pool], at: datetime) -> list[tuple[float, int]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE equipment_loan")
    return [_look(pools, at) for _ in range(_LOOKS)]


def _look(pools: list[Pool], at: datetime) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as seen:
        start = time.perf_counter()
        availability.steps(pools, start=at, end=at + timedelta(days=DAYS), at=at)
        seconds = time.perf_counter() - start
    return seconds, len(seen)


def _world(at: datetime) -> list[Pool]:
    """The pools, twenty units in each, and the open loans."""
    model = EquipmentModel.objects.create(sku=f"bench-{at:%Y%m%d%H%M%S}", name="Bench")
    pools = Pool.objects.bulk_create([Pool(model=model, place=f"Place {n}") for n in range(POOLS)])
    Unit.objects.bulk_create(
        [Unit(pool=pool, serial=f"{model.sku}-{pool.pk}-{n}", service_since=at, created_at=at) for pool in pools for n in range(20)]
    )
    person = Customer.objects.create(name="Bench", origin="import", created_at=at)
    _add(
        Loan(
            pool=pools[n % POOLS], borrower=person, purpose=f"{model.sku}-open-{n}", state=LoanState.HELD, created_at=at, starts_at=at,
            hold_expires_at=at + timedelta(days=n % 60 + 1), blocked_until=at + timedelta(days=n % 60 + 20),
        )
        for n in range(OPEN)
    )  # fmt: skip
    return list(Pool.objects.filter(model=model).select_related("model"))


def _add_closed(pools: list[Pool], number: int, at: datetime, name: str) -> None:
    person = Customer.objects.get(loans__purpose=f"{pools[0].model.sku}-open-0")
    past = at - timedelta(days=400)
    _add(
        Loan(
            pool=pools[n % POOLS], borrower=person, purpose=f"{pools[0].model.sku}-{name}-{n}", state=LoanState.CLOSED,
            created_at=past, starts_at=past, blocked_until=past + timedelta(days=20), ended_at=past + timedelta(days=20),
        )
        for n in range(number)
    )  # fmt: skip


def _add(loans: Iterable[Loan]) -> None:
    Loan.objects.bulk_create(loans, batch_size=_BATCH)
