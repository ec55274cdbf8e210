"""Taking a loan to any state by the verbs themselves."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from audit.actors import SYSTEM
from audit.models import Entry
from customers.models import Acceptance, Customer
from equipment import giving_up, lending, returning
from equipment.availability import units_to_pick
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from tests.make import AT, make_acceptance, make_customer, make_terms

WEEK = timedelta(days=7)
_count = itertools.count(100_000)


def hold(pool: Pool, borrower: Customer | None = None, *, at: datetime = AT, **changes: Any) -> Loan:
    values: dict[str, Any] = {"pools": [pool], "purpose": f"test_{next(_count)}", "until": at + WEEK, "by": SYSTEM}
    return lending.hold(borrower=borrower or make_customer(), at=at, **{**values, **changes})


def accept(loan: Loan) -> Acceptance:
    terms = loan.terms or make_terms("loan-terms")
    known = Acceptance.objects.filter(customer=loan.borrower, version=terms.current(), about=loan.reference).first()
    return known or make_acceptance(loan.borrower, terms, loan.reference)


def prepare(loan: Loan, *, at: datetime = AT) -> None:
    lending.prepare(loan=loan, unit=units_to_pick(loan, at=at)[0], at=at, by=SYSTEM)


def check_out(loan: Loan, *, at: datetime = AT, **changes: Any) -> None:
    values: dict[str, Any] = {"checklist_done": loan.pool.model.checklist, "grade": "good", "by": SYSTEM}
    if "acceptance" not in changes:
        changes["acceptance"] = accept(loan)
    lending.check_out(loan=loan, at=at, **{**values, **changes})


def check_in(loan: Loan, *, at: datetime = AT) -> None:
    returning.check_in(loan=loan, grade="good", at=at, by=SYSTEM)


def to(state: S, pool: Pool, *, at: datetime = AT) -> Loan:
    """A loan in `state`, taken there by the verbs. For WAITLISTED the pool must have nothing free."""
    loan = hold(pool, at=at)
    _STEPS[state](loan, at)
    assert loan.state == state
    return loan


def _unlocked(loan: Loan, at: datetime) -> None:
    lending.unlock(loan=loan, at=at, by=SYSTEM)


def _ready(loan: Loan, at: datetime) -> None:
    _unlocked(loan, at)
    prepare(loan, at=at)


def _on_loan(loan: Loan, at: datetime) -> None:
    _ready(loan, at)
    check_out(loan, at=at)


def _returned(loan: Loan, at: datetime) -> None:
    _on_loan(loan, at)
    check_in(loan, at=at)


def _unresolved(loan: Loan, at: datetime) -> None:
    _returned(loan, at)
    returning.find_fault(loan=loan, service="repair", reason="The lens is cracked.", at=at, by=SYSTEM)


def _closed(loan: Loan, at: datetime) -> None:
    _returned(loan, at)
    returning.close(loan=loan, at=at, by=SYSTEM)


def _lost(loan: Loan, at: datetime) -> None:
    _on_loan(loan, at)
    returning.report_lost(loan=loan, reason="Stolen, as the police report says.", at=at, by=SYSTEM)


def _no_show(loan: Loan, at: datetime) -> None:
    _ready(loan, at)
    assert loan.collect_by is not None
    giving_up.mark_no_show(loan=loan, at=loan.collect_by, by=SYSTEM)


def _declined(loan: Loan, at: datetime) -> None:
    _unlocked(loan, at)
    giving_up.decline(loan=loan, reason="No need any more.", at=at, by=SYSTEM)


_STEPS: dict[S, Any] = {
    S.WAITLISTED: lambda loan, at: None,
    S.HELD: lambda loan, at: None,
    S.UNLOCKED: _unlocked,
    S.READY: _ready,
    S.ON_LOAN: _on_loan,
    S.RETURNED: _returned,
    S.UNRESOLVED: _unresolved,
    S.CLOSED: _closed,
    S.LOST: _lost,
    S.NO_SHOW: _no_show,
    S.DECLINED: _declined,
    S.CANCELLED: lambda loan, at: giving_up.cancel(loan=loan, reason="A mistake.", at=at, by=SYSTEM),
    S.EXPIRED: lambda loan, at: giving_up.expire(loan=loan, at=loan.hold_expires_at, by=SYSTEM),
}


def events(reference: str) -> list[str]:
    """What the trail says about a subject, oldest first."""
    return list(Entry.objects.filter(subject_reference=reference).order_by("n").values_list("event", flat=True))
