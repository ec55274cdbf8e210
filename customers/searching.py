"""Finding customers by what a person at the desk has at hand: a name, an address, a reference, the id in the CRM."""

from django.db.models import Q, QuerySet

from customers.identity import email_key, tidy
from customers.models import Customer

FEWEST = 2
"""Characters a search needs at least."""


def matching(words: str) -> QuerySet[Customer]:
    """Customers who fit `words`: a part of the name, or the whole address, reference or external id. Never the erased.

    Fewer than two characters find nobody. Ordered by name.
    """
    wanted = tidy(words)
    if len(wanted) < FEWEST:
        return Customer.objects.none()
    fits = Q(name__icontains=wanted) | Q(reference=wanted) | Q(external_id__iexact=wanted)
    if key := email_key(wanted):
        fits |= Q(email_key=key)
    return Customer.objects.filter(fits, erased_at__isnull=True).order_by("name", "id")
