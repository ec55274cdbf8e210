"""Who had which unit and when: follows from the loans and the exchanges within them, and is never stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from equipment.models import Exchange, Loan


@dataclass(frozen=True)
class Custody:
    """One unit with one borrower, from `since` until just before `until` (None: still)."""

    unit: int
    loan: int
    since: datetime
    until: datetime | None


def stays(loans: Iterable[Loan]) -> list[Custody]:
    """Each stay of a unit with a borrower in these loans, by loan and in order. One query, however many loans."""
    known = [loan for loan in loans if loan.handed_over_at is not None]
    exchanges: dict[int, list[Exchange]] = defaultdict(list)
    for exchange in Exchange.objects.filter(loan__in=known).order_by("at", "id"):
        exchanges[exchange.loan_id].append(exchange)
    return [stay for loan in known for stay in _stays(loan, exchanges[loan.pk])]


def _stays(loan: Loan, exchanges: Iterable[Exchange]) -> list[Custody]:
    assert loan.handed_over_at is not None and loan.unit_id is not None, "a constraint gives every loan handed over a unit"
    found, since = [], loan.handed_over_at
    for exchange in exchanges:
        found.append(Custody(exchange.came_back_id, loan.pk, since, exchange.at))
        since = exchange.at
    found.append(Custody(loan.unit_id, loan.pk, since, loan.returned_at or loan.ended_at))
    return found
