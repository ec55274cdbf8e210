"""What a promise costs beside a long history of loans: in a database of its own, filled first with few loans, then with ten times as many."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from audit.actors import SYSTEM
from config.simulation import scratch
from customers.models import Acceptance, Agreement, AgreementVersion, Customer
from equipment import availability, lending
from equipment.availability import Window
from equipment.models import EquipmentModel, Loan, Pool, Unit
from equipment.states import LoanState

SIZES = (10_000, 100_000)
POOLS = 200
DAYS = 90
_UNITS, _OUT, _HELD = 10, 5, 2
_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_DAY = timedelta(days=1)
_ROUNDS = 7
_PROMISES = 40
_BATCH = 5_000


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor with so many loans in the database: the best of some rounds, which neighbours disturb least."""

    loans: int
    availability: float
    promise: float


class _Undo(Exception):
    """Takes a promise back."""


def promise_costs(*, sizes: Sequence[int] = SIZES, progress: Callable[[int], object]) -> list[Cost]:
    """The availability of 200 pools over 90 days, and one promise, at each of `sizes` (ascending) loans. `progress` is told of each loan made."""
    with scratch.database():
        pools, accepted = _fleet()
        found, made = [], 0
        for size in sizes:
            made += _history(pools, accepted, first=made, last=size, progress=progress)
            _know_the_tables()
            found.append(Cost(size, _best(lambda: _look(pools)), _best(lambda: _promise(pools, accepted.customer)) / _PROMISES))
        return found


def ratios(costs: Sequence[Cost]) -> tuple[float, float]:
    """How many times the first cost the last one is: of availability, and of a promise."""
    return costs[-1].availability / costs[0].availability, costs[-1].promise / costs[0].promise


def _fleet() -> tuple[list[Pool], Acceptance]:
    model = EquipmentModel.objects.create(sku="bench-camera", name="Camera")
    pools = Pool.objects.bulk_create(Pool(model=model, place=f"Place {n:03}") for n in range(POOLS))
    Unit.objects.bulk_create(
        Unit(pool=pool, serial=f"B-{pool.pk}-{n}", service_since=_AT, created_at=_AT) for pool in pools for n in range(_UNITS)
    )
    person = Customer.objects.create(name="Bench", email="bench@example.com", email_key="bench@example.com", created_at=_AT)
    agreement = Agreement.objects.create(slug="bench-terms", title="Terms")
    version = AgreementVersion.objects.create(
        agreement=agreement, number=1, body="Bring it back.", sha256="a" * 64, published_at=_AT
    )
    accepted = Acceptance.objects.create(
        customer=person, version=version, sha256="a" * 64, about="bench", typed_name="Bench", how="bench", at=_AT
    )
    Loan.objects.bulk_create(_open_loans(pools, accepted))
    return list(Pool.objects.select_related("model").order_by("pk")), accepted


def _open_loans(pools: Sequence[Pool], accepted: Acceptance) -> Iterator[Loan]:
    for pool in pools:
        units = list(pool.units.order_by("pk")[:_OUT])
        for number, unit in enumerate(units):
            since, due = _AT - number * _DAY, _AT + (14 - number) * _DAY
            yield Loan(
                pool=pool, unit=unit, borrower=accepted.customer, purpose=f"out:{unit.pk}", state=LoanState.ON_LOAN, created_at=since,
                starts_at=since, blocked_until=due + 2 * _DAY, unlocked_at=since, collect_by=due, ready_at=since, handed_over_at=since,
                first_due_at=due, due_at=due, acceptance=accepted,
            )  # fmt: skip
        for number in range(_HELD):
            yield Loan(
                pool=pool, borrower=accepted.customer, purpose=f"held:{pool.pk}:{number}", state=LoanState.HELD, created_at=_AT,
                starts_at=_AT, blocked_until=_AT + 40 * _DAY, hold_expires_at=_AT + 14 * _DAY,
            )  # fmt: skip


def _history(pools: Sequence[Pool], accepted: Acceptance, *, first: int, last: int, progress: Callable[[int], object]) -> int:
    """Closed loans of the past years, spread over all pools: numbers `first` to `last`."""
    for begin in range(first, last, _BATCH):
        numbers = range(begin, min(begin + _BATCH, last))
        Loan.objects.bulk_create(_closed(pools[number % POOLS], accepted, number) for number in numbers)
        progress(len(numbers))
    return last - first


def _closed(pool: Pool, accepted: Acceptance, number: int) -> Loan:
    began = _AT - (20 + number % 1000) * _DAY
    back = began + 14 * _DAY
    return Loan(
        pool=pool, borrower=accepted.customer, purpose=f"past:{number}", state=LoanState.CLOSED, created_at=began, starts_at=began,
        blocked_until=back + 2 * _DAY, unlocked_at=began, collect_by=back, handed_over_at=began, first_due_at=back, due_at=back,
        returned_at=back, ended_at=back + _DAY,
    )  # fmt: skip


def _know_the_tables() -> None:
    """What a database in use does by itself from time to time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def _look(pools: Sequence[Pool]) -> list[int]:
    books = availability.books(pools, at=_AT)
    windows = [Window(_AT + n * _DAY, _AT + (n + 1) * _DAY) for n in range(DAYS)]
    return [book.look(window).free for book in books.values() for window in windows]


def _promise(pools: Sequence[Pool], person: Customer) -> None:
    for number in range(_PROMISES):
        try:
            with transaction.atomic():
                lending.hold(
                    pools=[pools[number * 5]], borrower=person, purpose=f"bench:{number}", until=_AT + 14 * _DAY, at=_AT, by=SYSTEM
                )
                raise _Undo
        except _Undo:
            continue
