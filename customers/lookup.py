"""Finding one customer."""

from customers.identity import email_key
from customers.models import Customer


def by_email(email: str) -> Customer | None:
    """The live customer with this address, however it is spelled; None when nobody has it."""
    key = email_key(email)
    return Customer.objects.filter(email_key=key, erased_at__isnull=True).first() if key else None


def by_reference(reference: str) -> Customer | None:
    """The customer with this public name, erased or not; None when there is none."""
    return Customer.objects.filter(reference=reference.strip()).first()
