"""The loans that somebody works on, by state: what waits for the desk, what is out, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from equipment.models import Loan
from equipment.states import LoanState

SHOWN = 12
"""Cards in a column; the rest is behind its link."""


@dataclass(frozen=True)
class Column:
    """Loans of one state, those whose day comes first on top."""

    state: LoanState
    count: int
    late: int
    loans: Sequence[Loan]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.loans)


_ORDER = {
    LoanState.WAITLISTED: "queued_at",
    LoanState.HELD: "hold_expires_at",
    LoanState.UNLOCKED: "collect_by",
    LoanState.READY: "collect_by",
    LoanState.ON_LOAN: "due_at",
    LoanState.RETURNED: "returned_at",
    LoanState.UNRESOLVED: "returned_at",
}
"""Columns from left to right, and what decides who is on top."""


def columns(*, at: datetime, model: int | None = None, place: str = "") -> list[Column]:
    """All columns for all loans, or those of one model or place. As many queries as there are columns, and one."""
    loans = Loan.objects.filter(state__in=_ORDER)
    if model is not None:
        loans = loans.filter(pool__model=model)
    if place:
        loans = loans.filter(pool__place=place)
    late = Q(state=LoanState.ON_LOAN, due_at__lt=at) | Q(state=LoanState.READY, collect_by__lte=at)
    counted = loans.order_by().values("state").annotate(number=Count("pk"), late=Count("pk", filter=late))
    counts = {row["state"]: (row["number"], row["late"]) for row in counted}
    shown = loans.select_related("pool__model", "unit", "borrower")
    return [
        Column(
            state, *counts.get(state, (0, 0)), list(shown.filter(state=state).order_by(F(field).asc(nulls_last=True), "pk")[:SHOWN])
        )
        for state, field in _ORDER.items()
    ]
