"""Named reads of loans; the instant is an argument."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from equipment.states import CONSUMING, PRESENT, LoanState, Service

if TYPE_CHECKING:
    from equipment.models import Loan  # noqa: F401 (ruff does not read the quoted name below)


class LoanQuerySet(QuerySet["Loan"]):
    """Loans by what can be said about them at an instant."""

    def blocking(self) -> "LoanQuerySet":
        """Loans that take a unit out of the free capacity.

        One whose unit is out of service is left out: that unit has left the capacity already and counts once only.
        """
        return self.filter(Q(unit__isnull=True) | Q(unit__service=Service.IN_SERVICE), state__in=CONSUMING)

    def present(self) -> "LoanQuerySet":
        """Loans that have a named unit: picked, out, or back and not yet settled."""
        return self.filter(state__in=PRESENT)

    def queue(self) -> "LoanQuerySet":
        """Waiting loans, whoever came first first."""
        return self.filter(state=LoanState.WAITLISTED).order_by("queued_at", "id")

    def overdue(self, at: datetime) -> "LoanQuerySet":
        """Units that are out and should have been back by `at`."""
        return self.filter(state=LoanState.ON_LOAN, due_at__lt=at)

    def holds_ended(self, at: datetime) -> "LoanQuerySet":
        """Holds whose time is over at `at`."""
        return self.filter(state=LoanState.HELD, hold_expires_at__lte=at)

    def uncollected(self, at: datetime) -> "LoanQuerySet":
        """Units that were ready and not collected by `at`: proposed to the custodian as not collected."""
        return self.filter(state=LoanState.READY, collect_by__lte=at)
