"""By what models, pools, units and loans are picked out on lists."""

from django.db.models import Q

from customers.models import Customer
from desk.lists.filters import Asked, Choice, FromDay, ListFilters, Of, Row, ToDay
from equipment.models import EquipmentModel, Loan, Pool, Unit
from equipment.states import LoanState, Service


def models(request=None):
    """Models to choose from, by name."""
    return EquipmentModel.objects.order_by("name").only("name", "sku")


def pools(request=None):
    """Pools to choose from, by model and place."""
    return Pool.objects.select_related("model")


def places(request=None):
    """Places where something is lent."""
    return [(place, place) for place in Pool.objects.order_by("place").values_list("place", flat=True).distinct()]


def _overdue(at):
    return Q(pk__in=Loan.objects.overdue(at).values("pk"))


def _uncollected(at):
    return Q(pk__in=Loan.objects.uncollected(at).values("pk"))


class LoanFilters(ListFilters):
    """What stage they are at, what is late, of what and where."""

    state = Choice("state", "State", LoanState.choices)
    late = Asked("Late", {"overdue": ("Overdue", _overdue), "uncollected": ("Not collected", _uncollected)})
    model = Row("pool__model", "Model", models)
    place = Choice("pool__place", "Place", places)
    created_from = FromDay("created_at", "Promised from")
    created_to = ToDay("created_at", "Promised to")
    due_from = FromDay("due_at", "Due from")
    due_to = ToDay("due_at", "Due to")
    pool = Of("pool", "Pool", pools)
    unit = Of("unit", "Unit", lambda request: Unit.objects.all())
    borrower = Of("borrower", "Borrower", lambda request: Customer.objects.all())
    more = ("created_from", "created_to", "due_from", "due_to")


class UnitFilters(ListFilters):
    """Whether they can be lent, of what and where."""

    service = Choice("service", "Status", Service.choices)
    model = Row("pool__model", "Model", models)
    place = Choice("pool__place", "Place", places)
    pool = Of("pool", "Pool", pools)


class PoolFilters(ListFilters):
    """Of what, and where."""

    model = Row("model", "Model", models)
    place = Choice("place", "Place", places)
