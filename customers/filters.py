"""By what customers are picked out on their list."""

from django.db.models import Q

from customers.models import Customer
from customers.states import Membership, Origin
from desk.lists.filters import Asked, Choice, FromDay, ListFilters, ToDay


def countries():
    """Countries that customers live in."""
    held = Customer.objects.exclude(country="").order_by("country").values_list("country", flat=True).distinct()
    return [(code, code) for code in held]


class CustomerFilters(ListFilters):
    """Where they stand, how they came, whether they are known to be real."""

    membership = Choice("membership", "Membership", Membership.choices)
    origin = Choice("origin", "Came by", Origin.choices)
    country = Choice("country", "Country", countries)
    verified = Asked("Verified", {"yes": ("Yes", Q(verified_at__isnull=False)), "no": ("No", Q(verified_at__isnull=True))})
    created_from = FromDay("created_at", "Known from")
    created_to = ToDay("created_at", "Known to")
    erased = Asked("Erased", {"no": ("No", Q(erased_at__isnull=True)), "yes": ("Yes", Q(erased_at__isnull=False))})
    more = ("verified", "created_from", "created_to", "erased")
