"""Finding customers by what a person typed: their reference, their address, or how their name or surname begins."""

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr, Upper

from customers.identity import email_key, tidy
from customers.models import Customer

MOST = 200
"""People a search by somebody's name looks further for."""


def people(text: str) -> QuerySet[Customer]:
    """Customers with this reference, CRM id, phone number or address, or whose name or surname begins so, in any case.

    Each way is carried by an index of its own (`customers/migrations`), so that many customers are searched at once.
    """
    wanted = tidy(text)
    if not wanted:
        return Customer.objects.none()
    exact = Q(reference=wanted) | Q(external_id=wanted) | Q(phone=wanted.replace(" ", ""))
    address = Q(email_key=email_key(wanted), erased_at__isnull=True)
    named = Q(name__istartswith=wanted) | Q(surname__startswith=wanted.upper())
    return Customer.objects.alias(surname=surname()).filter(exact | address | named if "@" not in wanted else address)


def surname() -> Upper:
    """What stands behind the first space of a name, in capitals."""
    return Upper(Substr(F("name"), StrIndex(F("name"), Value(" ")) + 1))


def keys(text: str) -> list[int]:
    """Keys of the first of them, for lists of something that belongs to people."""
    return list(people(text).order_by().values_list("pk", flat=True)[:MOST])
