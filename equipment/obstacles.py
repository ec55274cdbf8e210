"""What speaks against forgetting a customer: equipment that is promised to them or still with them."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers import erasing
from customers.models import Customer
from equipment.models import Loan
from equipment.states import LOAN_TERMINAL, LoanState, Service

_STANDS = {
    LoanState.WAITLISTED: gettext_lazy("it waits in the queue"),
    LoanState.HELD: gettext_lazy("a unit is kept"),
    LoanState.UNLOCKED: gettext_lazy("it is ready to collect"),
    LoanState.READY: gettext_lazy("it is packed"),
    LoanState.RETURNED: gettext_lazy("it came back and is inspected next"),
    LoanState.UNRESOLVED: gettext_lazy("something about it is being looked at"),
    LoanState.LOST: gettext_lazy("it was reported lost"),
}
"""How an open loan without a day of return stands."""


def open_loan_of(customer: Customer) -> str:
    """A sentence naming an open loan of `customer`, or "". A lost unit counts until it is given up, that is retired."""
    is_settled_loss = {"state": LoanState.LOST, "unit__service": Service.RETIRED}
    open_loans = Loan.objects.filter(borrower=customer).exclude(state__in=LOAN_TERMINAL).exclude(**is_settled_loss)
    loan = open_loans.select_related("pool__model").first()
    if loan is None:
        return ""
    facts = {
        "item": loan.pool.model.called(),
        "loan": loan.reference,
        "state": _STANDS.get(LoanState(loan.state), loan.state),
        "day": _due(loan),
    }
    if loan.due_at:
        sentence = _("The loan of %(item)s is still open: it is due back on %(day)s. It has to be finished first (%(loan)s).")
    else:
        sentence = _("The loan of %(item)s is still open: %(state)s. It has to be finished or cancelled first (%(loan)s).")
    return sentence % facts


def _due(loan: Loan) -> str:
    return (
        date_format(loan.pool.opening().last_day(loan.due_at), pgettext("a day, as Django's date filter writes it", "j F Y"))
        if loan.due_at
        else ""
    )


def register() -> None:
    """Speak against erasing from now on."""
    erasing.register_obstacle(open_loan_of)
