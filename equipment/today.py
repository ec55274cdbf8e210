"""What the handover desk has to do now, as short lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from equipment import requesting
from equipment.models import Loan
from equipment.querysets import LoanQuerySet
from equipment.states import LoanState

SHOWN = 6
"""Loans of a list on the first page; the rest is behind its link."""
_LONGEST_DAY = timedelta(hours=25)


@dataclass(frozen=True)
class Kind:
    """A list: its name in addresses, its title, what it is empty of, its tone, and the loans at an instant, most urgent first."""

    name: str
    title: str
    empty: str
    tone: str
    find: Callable[[datetime], LoanQuerySet]


def _in_state(state: LoanState, *order: str) -> Callable[[datetime], LoanQuerySet]:
    return lambda at: Loan.objects.filter(state=state).order_by(*order)


def _due_today(at: datetime) -> LoanQuerySet:
    """Out, and due at the end of the day that it is now at the pool's place."""
    soon = Loan.objects.filter(state=LoanState.ON_LOAN, due_at__gt=at, due_at__lte=at + _LONGEST_DAY).select_related("pool")
    today = [loan.pk for loan in soon if loan.due_at and loan.pool.opening().last_day(loan.due_at) == loan.pool.opening().day(at)]
    return Loan.objects.filter(pk__in=today).order_by("due_at", "id")


def _overdue(at: datetime) -> LoanQuerySet:
    return Loan.objects.overdue(at).order_by("due_at", "id")


def _asked(at: datetime) -> LoanQuerySet:
    """Loans whose borrowers wait for an answer."""
    return Loan.objects.filter(pk__in=requesting.waiting().order_by().values("loan")).order_by("due_at", "id")


def _booked_today(at: datetime) -> LoanQuerySet:
    """Out, and to be brought back by booking on the day that it is now at the pool's place, or on one before."""
    soon = requesting.booked().filter(on__lte=(at + _LONGEST_DAY).date()).select_related("loan__pool")
    today = [one.loan_id for one in soon if one.on and one.on <= one.loan.pool.opening().day(at)]
    return Loan.objects.filter(pk__in=today).order_by("due_at", "id")


KINDS = (
    Kind("hand-over", "To hand over", "No unit stands ready.", "ok", _in_state(LoanState.READY, "collect_by", "id")),
    Kind("due", "Due back today", "Nothing is due back today.", "info", _due_today),
    Kind("booked", "Booked to come back today", "No return is booked for today.", "info", _booked_today),
    Kind("overdue", "Overdue", "Nothing is overdue.", "bad", _overdue),
    Kind("prepare", "To prepare", "No unit has to be picked.", "info", _in_state(LoanState.UNLOCKED, "collect_by", "id")),
    Kind("asked", "Borrowers who ask", "No borrower waits for an answer.", "warn", _asked),
    Kind("inspect", "To inspect", "Nothing waits for inspection.", "warn", _in_state(LoanState.RETURNED, "returned_at", "id")),
)


@dataclass(frozen=True)
class Work:
    """One list now: how many loans, and those that are shown."""

    kind: Kind
    count: int
    loans: Sequence[Loan]

    @property
    def left_out(self) -> int:
        """Loans that are not shown."""
        return self.count - len(self.loans)


def work(at: datetime, *, name: str = "") -> list[Work]:
    """All lists at `at`, cut to what fits on a page; only the one called `name`, and whole, when a name is given."""
    kinds = [kind for kind in KINDS if not name or kind.name == name]
    return [_look(kind, at, None if name else SHOWN) for kind in kinds]


def _look(kind: Kind, at: datetime, most: int | None) -> Work:
    rows = kind.find(at)
    shown = list(rows.select_related("pool__model", "unit", "borrower")[:most])
    return Work(kind, rows.count() if most and len(shown) == most else len(shown), shown)
