"""What speaks against forgetting a customer: equipment that is promised to them or still with them."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers import erasing
from customers.models import Customer
from equipment.models import Loan
from equipment.states import LOAN_TERMINAL, LoanState, Service


def open_loan_of(customer: Customer) -> str:
    """A sentence naming an open loan of `customer`, or "". A lost unit counts until it is given up, that is retired."""
    is_settled_loss = {"state": LoanState.LOST, "unit__service": Service.RETIRED}
    open_loans = Loan.objects.filter(borrower=customer).exclude(state__in=LOAN_TERMINAL).exclude(**is_settled_loss)
    loan = open_loans.select_related("pool__model").first()
    if loan is None:
        return ""
    facts = {"item": loan.pool.model.name, "loan": loan.reference, "state": LoanState(loan.state).label.lower(), "day": _due(loan)}
    if loan.due_at:
        sentence = _("The loan of %(item)s is still open: it is due back on %(day)s. It has to be finished first (%(loan)s).")
    else:
        sentence = _("The loan of %(item)s is still open: %(state)s. It has to be finished or cancelled first (%(loan)s).")
    return sentence % facts


def _due(loan: Loan) -> str:
    return date_format(loan.pool.opening().last_day(loan.due_at), "j F Y") if loan.due_at else ""


def register() -> None:
    """Speak against erasing from now on."""
    erasing.register_obstacle(open_loan_of)
