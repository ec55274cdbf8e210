"""What went along with a unit and did not come back with it: a named row each, until it comes back or is settled.

Rows are written by the check-in, or by whoever inspects. A loan is closed only when none is still missing; settling the loan
settles them with it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from audit import trail
from audit.actors import Actor
from desk.moves import move
from equipment.conditions import accessories_out
from equipment.locking import lock_loan
from equipment.models import Loan, MissingAccessory
from equipment.refusals import LoanRefused
from equipment.states import MISSING_MOVES, LoanState, Missing

_BACK = (LoanState.RETURNED, LoanState.UNRESOLVED)


def still_missing(loan: Loan) -> list[str]:
    """Names of what is still missing, in the order in which it was noted."""
    return [row.name for row in loan.missing.all() if row.state == Missing.MISSING]


def note_missing(*, loan: Loan, names: Sequence[str], at: datetime, by: Actor) -> None:
    """Whoever inspects finds that something is missing that was ticked as back.

    Harmless when all of it is noted. Refuses with `wrong_state`, `nothing_named`, `not_along` (it never went out).
    """
    by.require("equipment.inspect_loan")
    _demand_names(names)
    with transaction.atomic():
        lock_loan(loan)
        _demand_back(loan)
        strange = [name for name in names if name not in accessories_out(loan)]
        if strange:
            raise LoanRefused("not_along", f"This did not go out with the unit: {', '.join(strange)}. Choose what did.")
        new = write_missing(loan=loan, names=names, at=at)
        if new:
            trail.record("loan.accessories_missing", about=loan, by=by, at=at, concerns=loan.parties(), names=", ".join(new))


def bring_back(*, loan: Loan, names: Sequence[str], at: datetime, by: Actor) -> None:
    """Something that was missing came back. Harmless when it did before. Refuses with `wrong_state`, `nothing_named`."""
    by.require("equipment.check_in_loan")
    _demand_names(names)
    with transaction.atomic():
        lock_loan(loan)
        ended = _end(_named(loan, names), Missing.RETURNED, at=at)
        if ended:
            trail.record("loan.accessories_returned", about=loan, by=by, at=at, concerns=loan.parties(), names=", ".join(ended))


def settle_missing(*, loan: Loan, names: Sequence[str], outcome: str, at: datetime, by: Actor) -> None:
    """Something will not come back; `outcome` says in words how that ended: paid, replaced from stock, written off.

    Harmless when it is settled. Refuses with `wrong_state`, `nothing_named`, `reason_missing`.
    """
    by.require("equipment.settle_loan")
    _demand_names(names)
    if not outcome.strip():
        raise LoanRefused("reason_missing", "Say how it ended in a few words; it is kept with the loan.")
    with transaction.atomic():
        lock_loan(loan)
        ended = _end(_named(loan, names), Missing.SETTLED, at=at, outcome=outcome)
        if ended:
            trail.record(
                "loan.accessories_settled",
                about=loan,
                by=by,
                at=at,
                reason=outcome,
                concerns=loan.parties(),
                names=", ".join(ended),
            )


def write_missing(*, loan: Loan, names: Iterable[str], at: datetime) -> list[str]:
    """Write a row for each name that has none open, and answer these names. For a verb that holds the lock and records."""
    known = set(loan.missing.filter(state=Missing.MISSING).values_list("name", flat=True))
    new = [name for name in dict.fromkeys(names) if name not in known]
    MissingAccessory.objects.bulk_create([MissingAccessory(loan=loan, name=name, noted_at=at) for name in new])
    return new


def end_all(*, loan: Loan, state: Missing, at: datetime, outcome: str = "") -> list[str]:
    """End every row that is still open, and answer the names. For a verb that holds the lock and records."""
    return _end(loan.missing.filter(state=Missing.MISSING), state, at=at, outcome=outcome)


def demand_complete(loan: Loan) -> None:
    """Refuse with `accessories_missing` while something is."""
    names = still_missing(loan)
    if names:
        raise LoanRefused(
            "accessories_missing",
            f"Still missing: {', '.join(names)}. Note it as come back, or settle it and say how; then the loan can be closed.",
        )


def _named(loan: Loan, names: Sequence[str]) -> QuerySet[MissingAccessory]:
    _demand_back(loan)
    return loan.missing.filter(state=Missing.MISSING, name__in=names)


def _end(rows: Iterable[MissingAccessory], state: Missing, *, at: datetime, outcome: str = "") -> list[str]:
    ended = list(rows)
    for row in ended:
        move(row, to=state, moves=MISSING_MOVES, refusal=LoanRefused, ended_at=at, outcome=outcome)
    return [row.name for row in ended]


def _demand_back(loan: Loan) -> None:
    if loan.state not in _BACK:
        label = LoanState(loan.state).label.lower()
        raise LoanRefused("wrong_state", f"This loan is “{label}”; this can only be done between the return and the end of a loan.")


def _demand_names(names: Sequence[str]) -> None:
    if not names:
        raise LoanRefused("nothing_named", "Choose at least one thing.")
