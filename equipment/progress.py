"""How far a loan is, and who brought it there: what two people at two desks have to be told."""

from collections.abc import Sequence
from datetime import datetime

from audit.models import Entry
from audit.naming import called
from desk.clock import moment
from equipment.models import Loan

QUIET = frozenset(
    {
        "loan.receipt_printed",
        "loan.problem_reported",
        "loan.problem_told",
        "loan.return_booked",
        "loan.extension_asked",
        "loan.request_withdrawn",
        "loan.request_agreed",
        "loan.request_declined",
    }
)
"""Events that move nothing."""


def stamp(loan: Loan) -> str:
    """What a page saw of a loan. When it differs later, somebody has moved the loan on meanwhile."""
    return f"{loan.state}.{loan.unit_id or 0}.{loan.due_at.isoformat() if loan.due_at else ''}"


def last(loan: Loan, events: Sequence[str] = ()) -> Entry | None:
    """The last entry that moved the loan, or the last one of these events."""
    entries = Entry.objects.filter(subject_type=loan.subject_type, subject_reference=loan.reference)
    chosen = entries.filter(event__in=events) if events else entries.filter(event__startswith="loan.").exclude(event__in=QUIET)
    return chosen.order_by("-n").first()


def told(entry: Entry) -> str:
    """An entry as news: what, who, when."""
    return f"{entry.sentence} That was {called(entry.actor)}, {on(entry.at)}."


def on(instant: datetime) -> str:
    """An instant in words."""
    return moment(instant)
