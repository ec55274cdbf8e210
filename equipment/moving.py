"""The one way a loan or a unit changes its state: by the tables in `states`, and never unnoticed by the floors above."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from desk.moves import move
from equipment.events import loan_moved
from equipment.models import Loan, Unit
from equipment.refusals import LoanRefused
from equipment.states import LOAN_MOVES, SERVICE_MOVES, LoanState, Service


def move_loan(loan: Loan, to: LoanState, **changes: Any) -> None:
    """Move `loan` to the state `to` with `changes`, and wake the floors above once it is committed.

    Refuses with `wrong_state` or `changed_meanwhile`.
    """
    move(loan, to=to, moves=LOAN_MOVES, refusal=LoanRefused, **changes)
    announce(loan)


def demand_state(loan: Loan, state: LoanState) -> None:
    """Refuse with `wrong_state` unless the loan is in `state`.

    Asked before other guards, whose answers would mislead, and because several verbs lead into the same state: the table
    of moves alone would let one of them start where only another may.
    """
    if loan.state != state:
        now = LoanState(loan.state).label.lower()
        raise LoanRefused("wrong_state", f"This loan is “{now}”; this can only be done while it is “{state.label.lower()}”.")


def announce(loan: Loan) -> None:
    """After the commit, tell whoever listens that this loan has a new state. Truth never depends on it."""
    transaction.on_commit(_call(loan.reference, str(loan.state)))


def _call(reference: str, state: str) -> Callable[[], Any]:
    return partial(loan_moved.send_robust, sender=Loan, reference=reference, state=state)


def move_unit(unit: Unit, service: Service, *, at: datetime) -> None:
    """Give `unit` another service status; nothing happens when it has it already. Refuses like `move_loan`."""
    if unit.service != service:
        move(unit, to=service, moves=SERVICE_MOVES, refusal=LoanRefused, field="service", service_since=at)
