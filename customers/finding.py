"""Finding customers by what a person typed: their reference, their address, or how their name or surname begins."""

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

from customers.identity import email_key, tidy
from customers.models import Customer
from customers.surnames import Surname
from desk.beginnings import Begins
from desk.lists.ways import found_by

MOST = 200
"""People a search by somebody's name looks further for."""


def people(text: str) -> QuerySet[Customer]:
    """Customers with this reference, CRM id, phone number or address, or whose name or surname begins so, in any case.

    Each way is looked up for itself by an index of its own: beside one that has none, the database would read all customers.
    """
    ways = _ways(tidy(text))
    return found_by(Customer.objects.all(), *ways) if ways else Customer.objects.none()


def _ways(wanted: str) -> list[Q | Begins]:
    """What is not empty is said of each key, because their indexes hold no other."""
    if not wanted:
        return []
    key = email_key(wanted)
    address = Q(email_key=key, erased_at__isnull=True) & ~Q(email_key="")
    if "@" in wanted:
        return [address]
    exact = [Q(reference=wanted), Q(external_id=wanted), Q(phone=wanted.replace(" ", "")) & ~Q(phone="")]
    return [*exact, address, Begins(Upper("name"), wanted), Begins(Surname("name"), wanted)]


def bearers_of(text: str) -> list[str]:
    """References of the customers who bear this name, the whole of it, in any case."""
    name = tidy(text)
    named = Customer.objects.alias(capitals=Upper("name")).filter(capitals=Upper(Value(name))) if name else Customer.objects.none()
    return list(named.order_by("pk").values_list("reference", flat=True)[:MOST])


def keys(text: str) -> list[int]:
    """Keys of the first of them, for lists of something that belongs to people. No way is followed further than it is needed."""
    found = [Customer.objects.filter(way).order_by().values("pk")[:MOST] for way in _ways(tidy(text))]
    if not found:
        return []
    near = found_by(Customer.objects.all(), *(Q(pk__in=one) for one in found))
    return list(near.order_by().values_list("pk", flat=True)[:MOST])
