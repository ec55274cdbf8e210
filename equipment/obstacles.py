"""What speaks against forgetting a customer: equipment that is promised to them or still with them."""

from customers import erasing
from customers.models import Customer
from equipment.models import Loan
from equipment.states import LOAN_TERMINAL, LoanState, Service


def open_loan_of(customer: Customer) -> str:
    """A sentence naming an open loan of `customer`, or "". A lost unit counts until it is given up, that is retired."""
    is_settled_loss = {"state": LoanState.LOST, "unit__service": Service.RETIRED}
    loan = Loan.objects.filter(borrower=customer).exclude(state__in=LOAN_TERMINAL).exclude(**is_settled_loss).first()
    if loan is None:
        return ""
    return f"Loan {loan.reference} is still open ({LoanState(loan.state).label.lower()}). Finish or cancel it first."


def register() -> None:
    """Speak against erasing from now on."""
    erasing.register_obstacle(open_loan_of)
