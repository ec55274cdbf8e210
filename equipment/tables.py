"""What lists of models, pools, units and loans show."""

from django.utils.html import format_html

from desk.badges import badge, state_badge
from desk.lists.tables import Instant, ListColumn, ListTable, Made, Money, Number, Related, RowLink, RowOf, State
from equipment.states import LOAN_TONES, SERVICE_TONES


def _loan_state(loan):
    state = state_badge(loan, LOAN_TONES)
    return format_html("{} {}", state, badge("bad", "Overdue")) if loan.is_late else state


class LoanTable(ListTable):
    """A promise of a unit, from the hold to the inspected return. `is_late` is set by the list."""

    borrower = RowOf("Borrower")
    state = Made("State", _loan_state, plain=lambda loan: loan.get_state_display(), kind="state")
    pool = Related("Pool")
    unit = Related("Unit")
    collect_by = Instant("Collect by")
    due_at = Instant("Due back")
    created_at = Instant("Promised", sort="created_at")
    reference = ListColumn("Reference")
    is_late = Made("Overdue", lambda loan: "", plain=lambda loan: loan.is_late, only_exported=True)
    handed_over_at = Instant("Handed over", only_exported=True)
    returned_at = Instant("Returned", only_exported=True)


class UnitTable(ListTable):
    """One thing with a serial number."""

    serial = RowLink("Serial number", sort="serial")
    service = State("Status", SERVICE_TONES, "service")
    pool = Related("Pool")
    service_since = Instant("Since", sort="service_since")
    note = ListColumn("Note")


class PoolTable(ListTable):
    """A place and what is there. `units_in_service`, `free` and `reason` are set by the list."""

    pool = RowLink("Pool", "__str__", sort="model__name")
    country = ListColumn("Country")
    units = Number("Units in service", "units_in_service")
    free = Made("Free now", lambda pool: pool.free, kind="number")
    reason = ListColumn("Why not more")
    reserve = Number("Kept in reserve")
    place = ListColumn("Place", only_exported=True)


class ModelTable(ListTable):
    """A kind of thing that is lent. `in_service` and `out` are set by the list."""

    name = RowLink("Model", sort="name")
    sku = ListColumn("SKU", sort="sku")
    in_service = Number("Units in service")
    out = Number("On loan")
    loan_days = Number("Lent for", unit=("day", "days"))
    turnaround_days = Number("Turnaround", unit=("day", "days"))
    replacement_value = Money("Replacement value", currency="currency")
    currency = ListColumn("Currency", only_exported=True)
