"""Equipment at the desk: models, pools, units, loans."""

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.timeline import EditedAdmin, PartAdmin, VerbOnlyAdmin
from customers.models import Customer
from desk import menu, needs, panels
from desk.badges import badge, state_badge
from desk.columns import link, list_of, page_of, state_column
from desk.menu import Item
from desk.needs import Need
from desk.panels import Cell, Panel
from equipment import availability, desk_moves
from equipment.admin import availability_page, board_page  # noqa: F401 (their import adds them to the site)
from equipment.models import ConditionPhoto, ConditionReport, EquipmentModel, Loan, Pool, Unit
from equipment.states import LOAN_TONES, SERVICE_TONES, LoanState


class OverdueFilter(admin.SimpleListFilter):
    """Loans whose day has come: overdue, or waiting to be collected for too long."""

    title = "what is late"
    parameter_name = "late"

    def lookups(self, request, model_admin):
        """The kinds of lateness."""
        return [("overdue", "Overdue"), ("uncollected", "Not collected")]

    def queryset(self, request, queryset):
        """Loans late in this way now."""
        if self.value() == "overdue":
            return queryset.overdue(timezone.now())
        return queryset.uncollected(timezone.now()) if self.value() == "uncollected" else queryset


@admin.register(EquipmentModel)
class EquipmentModelAdmin(EditedAdmin):
    """What is lent, for how long, with which guide."""

    list_display = ["name", "sku", "loan_days", "turnaround_days", "replacement_value"]
    search_fields = ["name", "sku"]

    def get_readonly_fields(self, request, obj=None):
        """The SKU is the name on the trail and stays."""
        return ["sku"] if obj else []


@admin.register(Pool)
class PoolAdmin(EditedAdmin):
    """A place and what is there."""

    list_display = ["__str__", "country", "reserve", "claim_days", "pickup_days", "time_zone"]
    list_filter = ["model", "country"]
    search_fields = ["place", "model__name", "model__sku"]
    list_select_related = ["model"]
    autocomplete_fields = ["model"]
    moves = desk_moves.POOL

    def get_readonly_fields(self, request, obj=None):
        """Model and place are the name on the trail and stay."""
        return ["model", "place"] if obj else []

    def badges(self, row: Pool) -> list[SafeString]:
        """What could be promised now."""
        now = availability.free_now([row], at=timezone.now())[row.pk]
        return [badge("ok" if now.free > 0 else "warn", f"{now.free} free now"), badge("plain", now.reason)]


@admin.register(Unit)
class UnitAdmin(VerbOnlyAdmin):
    """One thing with a serial number."""

    list_display = ["serial", "pool", state_column(SERVICE_TONES, "service"), "service_since"]
    list_filter = ["service", "pool__model", "pool__place"]
    search_fields = ["serial", "note"]
    list_select_related = ["pool__model"]
    moves = desk_moves.UNIT
    list_moves = desk_moves.UNITS

    def badges(self, row: Unit) -> list[SafeString]:
        """Whether it can be lent."""
        return [state_badge(row, SERVICE_TONES, "service")]


@admin.register(Loan)
class LoanAdmin(VerbOnlyAdmin):
    """A promise of a unit, from the hold to the inspected return: what the handover desk works on."""

    list_display = ["reference", state_column(LOAN_TONES), "pool", "unit", "borrower", "due_at", "collect_by"]
    list_filter = ["state", OverdueFilter, "pool__model", "pool__place"]
    search_fields = ["reference", "borrower__name", "borrower__email", "unit__serial", "account"]
    date_hierarchy = "created_at"
    list_select_related = ["pool__model", "unit", "borrower"]
    moves = desk_moves.LOAN
    readonly_fields = ["purpose"]

    def get_queryset(self, request):
        """With everything the page shows."""
        return (
            super()
            .get_queryset(request)
            .select_related("pool__model", "unit", "borrower", "terms", "acceptance__version__agreement")
        )

    def badges(self, row: Loan) -> list[SafeString]:
        """The state, and whether it is late."""
        late = [badge("bad", "Overdue")] if row.is_overdue(timezone.now()) else []
        return [state_badge(row, LOAN_TONES), *late]


@admin.register(ConditionReport)
class ConditionReportAdmin(PartAdmin):
    """How units went out and came in."""

    list_display = ["loan", "direction", "grade", "by", "at"]
    list_filter = ["direction", "grade"]
    search_fields = ["loan__reference", "loan__unit__serial"]
    date_hierarchy = "at"
    list_select_related = ["loan"]


@admin.register(ConditionPhoto)
class ConditionPhotoAdmin(PartAdmin):
    """Photos of units as they went out, came in and were inspected; seen on the page of the loan at the handover desk."""

    list_display = ["loan", "moment", "by", "at"]
    list_filter = ["moment"]
    search_fields = ["loan__reference", "loan__unit__serial"]
    date_hierarchy = "at"
    list_select_related = ["loan"]


def _loan_panel(title: str, loans, more_url: str) -> Panel:
    rows = [
        [
            link(loan),
            Cell(state_badge(loan, LOAN_TONES)),
            link(loan.pool),
            Cell(loan.unit or "–"),
            link(loan.borrower),
            Cell(_day(loan.due_at)),
        ]
        for loan in loans.select_related("pool__model", "unit", "borrower")[: panels.LIMIT]
    ]
    return Panel(title, ["Loan", "State", "Pool", "Unit", "Borrower", "Due"], rows, "No loans yet.", more_url)


def _day(instant) -> str:
    return f"{instant:%-d %b %Y}" if instant else "–"


def loans_of_customer(customer: Customer) -> Panel:
    """What this customer has, waits for and had."""
    return _loan_panel("Loans", customer.loans.all(), list_of(Loan, q=customer.email or customer.name) if customer.email else "")


def loans_of_unit(unit: Unit) -> Panel:
    """Who had this unit."""
    return _loan_panel("Loans of this unit", unit.loans.all(), list_of(Loan, q=unit.serial))


def open_loans_of_pool(pool: Pool) -> Panel:
    """What is promised, out or back here, and who waits."""
    done = [LoanState.CLOSED, LoanState.EXPIRED, LoanState.DECLINED, LoanState.NO_SHOW, LoanState.CANCELLED]
    return _loan_panel("Open loans", pool.loans.exclude(state__in=done), "")


def units_of_pool(pool: Pool) -> Panel:
    """The units that belong here."""
    rows = [
        [link(unit), Cell(state_badge(unit, SERVICE_TONES, "service")), Cell(_day(unit.service_since))]
        for unit in pool.units.all()[: panels.LIMIT]
    ]
    return Panel(
        "Units", ["Serial number", "Status", "Since"], rows, "No units yet. Add one above.", list_of(Unit, pool__id__exact=pool.pk)
    )


def pools_of_model(model: EquipmentModel) -> Panel:
    """Where this model is lent, and what is free there now."""
    pools = list(model.pools.select_related("model"))
    now = availability.free_now(pools, at=timezone.now()) if pools else {}
    rows = [[link(pool), Cell(now[pool.pk].free), Cell(now[pool.pk].reason)] for pool in pools]
    return Panel("Pools", ["Pool", "Free now", "Why not more"], rows, "No place lends this model yet.")


def reports_of_loan(loan: Loan) -> Panel:
    """How the unit went out and came in."""
    rows = [
        [Cell(report.get_direction_display(), page_of(report)), Cell(report.get_grade_display()), Cell(", ".join(report.accessories) or "–"),
         Cell(report.note or "–"), Cell(_day(report.at))]
        for report in loan.condition_reports.all()
    ]  # fmt: skip
    return Panel("Condition", ["When", "Condition", "Accessories", "Note", "On"], rows, "Recorded at hand-over and at return.")


panels.register("customers.customer", loans_of_customer, permission="equipment.view_loan")
panels.register("equipment.unit", loans_of_unit, permission="equipment.view_loan")
panels.register("equipment.pool", open_loans_of_pool, permission="equipment.view_loan")
panels.register("equipment.pool", units_of_pool, permission="equipment.view_unit")
panels.register("equipment.equipmentmodel", pools_of_model, permission="equipment.view_pool")
panels.register("equipment.loan", reports_of_loan, permission="equipment.view_loan")


def _loans_in(state: LoanState, label: str, tone: str = "info"):
    def find(at) -> Need:
        return Need(Loan.objects.filter(state=state).count(), label, list_of(Loan, state__exact=state), tone)

    return find


def _overdue(at) -> Need:
    return Need(Loan.objects.overdue(at).count(), "Units overdue", list_of(Loan, late="overdue"), "bad")


def _uncollected(at) -> Need:
    return Need(Loan.objects.uncollected(at).count(), "Units not collected in time", list_of(Loan, late="uncollected"))


needs.register("loans.overdue", _overdue, permission="equipment.check_in_loan")
needs.register("loans.to_inspect", _loans_in(LoanState.RETURNED, "Units to inspect", "warn"), permission="equipment.inspect_loan")
needs.register(
    "loans.to_prepare", _loans_in(LoanState.UNLOCKED, "Units to pick for collection"), permission="equipment.prepare_loan"
)
needs.register("loans.to_hand_over", _loans_in(LoanState.READY, "Units ready for hand-over"), permission="equipment.check_out_loan")
needs.register("loans.uncollected", _uncollected, permission="equipment.cancel_loan")
needs.register("loans.unresolved", _loans_in(LoanState.UNRESOLVED, "Loans to settle", "warn"), permission="equipment.settle_loan")


for _item in (
    Item("loans", "Equipment", "Loans", "admin:equipment_loan_changelist", "board", "equipment.view_loan", 20, 4),
    Item("units", "Equipment", "Units", "admin:equipment_unit_changelist", "box", "equipment.view_unit", 30),
    Item("models", "Equipment", "Models", "admin:equipment_equipmentmodel_changelist", "box", "equipment.view_equipmentmodel", 40),
    Item("pools", "Equipment", "Pools", "admin:equipment_pool_changelist", "box", "equipment.view_pool", 50),
):
    menu.register(_item)
