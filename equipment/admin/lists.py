"""The lists of models, pools, units and loans."""

from collections import Counter

from django.db.models import Count, Q

from customers import finding
from desk.lists import BulkMove, ListPage, WayIn
from desk.lists.ways import found_by
from equipment import availability, desk_moves
from equipment.filters import LoanFilters, PoolFilters, UnitFilters
from equipment.models import Loan, Unit
from equipment.states import LoanState, Service
from equipment.tables import LoanTable, ModelTable, PoolTable, UnitTable


def _how_late(loans, at):
    """How many of them are overdue."""
    return [("Overdue among them", str(sum(loan.is_overdue(at) for loan in loans)))]


def _free_where_picked(loans, at):
    """What can be picked in each pool, beside what is asked."""
    asked = Counter(loan.pool for loan in loans)
    return [(str(pool), f"{number} to pick, {len(availability.units_to_pick(_loan_of(loans, pool), at=at))} free on the shelf")
            for pool, number in asked.items()]  # fmt: skip


def _loan_of(loans, pool):
    """One of the loans from this pool."""
    return next(loan for loan in loans if loan.pool_id == pool.pk)


def _refused_units(units, at):
    """Units that a loan decides about, and retired ones."""
    known = {loan.unit_id: loan for loan in Loan.objects.present().filter(unit__in=units)}
    decided = {unit.pk: f"It belongs to loan {known[unit.pk]}." for unit in units if unit.pk in known}
    return {unit.pk: "It is retired." for unit in units if unit.service == Service.RETIRED} | decided


def _free_where_they_are(units, at):
    """What can be promised where these units belong, so that one sees what taking them away means."""
    pools = {unit.pool_id: unit.pool for unit in units}
    now = availability.free_now(pools.values(), at=at) if pools else {}
    return [
        (str(pool), f"{now[pk].free} free now, {sum(unit.pool_id == pk for unit in units)} chosen") for pk, pool in pools.items()
    ]


class LoanList(ListPage):
    """Who has, gets or had what, newest promise first."""

    table = LoanTable
    filters = LoanFilters
    order = "-created_at"
    related = ("pool__model", "unit", "borrower")
    search_help = "A loan, a serial number, or an e-mail or the beginning of a name."
    phone = ("borrower", "state", "pool", "due_at")
    nothing_yet = "Nothing is promised yet. Loans appear when a friend signs up for a reward that is lent."
    bulk = (
        BulkMove(desk_moves.PICK_MANY, "ready", facts=_free_where_picked),
        BulkMove(desk_moves.EXTEND_MANY, "extended", facts=_how_late),
        BulkMove(desk_moves.CANCEL_MANY, "cancelled"),
    )

    def find(self, rows, text):
        """By the loan, the unit, or whose it is."""
        units = list(Unit.objects.filter(serial=text).values_list("pk", flat=True))
        return found_by(rows, Q(reference=text), Q(unit__in=units), Q(borrower__in=finding.keys(text)))

    def prepare(self, rows, at):
        """Which are overdue."""
        for loan in rows:
            loan.is_late = loan.is_overdue(at)


class UnitList(ListPage):
    """Every thing with a serial number."""

    table = UnitTable
    filters = UnitFilters
    order = "serial"
    related = ("pool__model",)
    search_help = "How a serial number begins."
    phone = ("serial", "service", "pool", "service_since")
    nothing_yet = "There are no units yet. They come from a file or are added here one by one, each to a pool."
    way_in = WayIn("Import units", "admin:import_upload", "units", "equipment.import_units")
    bulk = (BulkMove(desk_moves.SERVICE_MANY, "changed", look=_refused_units, facts=_free_where_they_are),)

    def find(self, rows, text):
        """By how the serial number begins."""
        return rows.filter(serial__startswith=text)


class PoolList(ListPage):
    """What is free where, and why not more."""

    table = PoolTable
    filters = PoolFilters
    order = "model__name"
    related = ("model",)
    search_help = "How the name of a model or place begins, or an SKU."
    phone = ("pool", "free", "reason", "units")
    nothing_yet = "No place lends anything yet. Add a model first, then a pool of it."

    def find(self, rows, text):
        """By place or model."""
        return rows.filter(Q(place__istartswith=text) | Q(model__name__istartswith=text) | Q(model__sku=text))

    def prepare(self, rows, at):
        """What is there and what could be promised now."""
        now = availability.free_now(rows, at=at) if rows else {}
        units = _units_by("pool", rows)
        for pool in rows:
            pool.units_in_service = units.get(pool.pk, 0)
            pool.free, pool.reason = now[pool.pk].free, now[pool.pk].reason


class ModelList(ListPage):
    """What is lent, and how much of it is out."""

    table = ModelTable
    order = "name"
    search_help = "How a name begins, or an SKU."
    phone = ("name", "out", "sku", "in_service")
    nothing_yet = "Nothing can be lent yet. Add the first equipment model: what it is, and for how long it is lent."

    def find(self, rows, text):
        """By name or SKU."""
        return rows.filter(Q(name__istartswith=text) | Q(sku=text))

    def prepare(self, rows, at):
        """How many there are, and how many are out."""
        units = _units_by("pool__model", rows)
        loans = Loan.objects.filter(state=LoanState.ON_LOAN, pool__model__in=rows).order_by()
        out = dict(loans.values("pool__model").annotate(number=Count("pk")).values_list("pool__model", "number"))
        for model in rows:
            model.in_service, model.out = units.get(model.pk, 0), out.get(model.pk, 0)


def _units_by(path, rows):
    """Units in service, counted by what stands at `path`."""
    units = Unit.objects.filter(service=Service.IN_SERVICE, **{f"{path}__in": rows}).order_by()
    return dict(units.values(path).annotate(number=Count("pk")).values_list(path, "number"))
