"""What becomes of notices when a customer is erased."""

from django.db.models import Q

from customers.models import Customer
from notices.models import Notice, ProviderEvent
from notices.sending import BLANK


def blank_notices(customer: Customer) -> None:
    """Empty the address, subject, bodies and the server's words of all notices to `customer`; the rows stay as proof of sending.

    Called inside the erasure's transaction. What still waits is not sent: its next claim finds the customer erased.
    """
    Notice.objects.filter(customer=customer).update(reason="", **BLANK)
    ProviderEvent.objects.filter(Q(customer=customer) | Q(notice__customer=customer)).update(detail="", words="")
