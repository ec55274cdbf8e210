"""Equipment at the desk: models, pools, units, loans."""

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.timeline import EditedAdmin, PartAdmin, VerbOnlyAdmin
from audit.tables import actor_column
from customers.models import Customer
from desk import menu, needs, panels
from desk.badges import badge, state_badge
from desk.columns import link, list_of, page_of
from desk.menu import Item
from desk.needs import Need, need_of
from desk.panels import Cell, Panel
from equipment import availability, desk_moves, refitting, turnaround
from equipment.admin import (  # noqa: F401 (their import adds them to the site)
    availability_page,
    board_page,
    handover,
    handover_bulk,
    handover_files,
    handover_loan,
    home,
    lists,
    records,
    requests,
    stock_forms,
)
from equipment.models import ConditionPhoto, ConditionReport, EquipmentModel, Loan, Pool, Unit
from equipment.states import LOAN_TONES, SERVICE_TONES, LoanState

_MODEL_LABELS = {
    "sku": "Short name (SKU)",
    "setup_guide": "How it is set up",
    "return_protocol": "How it is brought back",
    "use_value_per_day": "Value of use, per day",
}
_MODEL_HELPS = {
    "sku": "In files and on the trail, for good: letters, digits and hyphens.",
    "loan_days": "Days a loan lasts.",
    "turnaround_days": "Open days between two loans, to inspect and charge it.",
    "replacement_value": "What a new one costs. Borrowers read it on the handover receipt.",
    "currency": "Of both values: three capital letters, such as EUR.",
    "setup_guide": "Borrowers read it.",
    "return_protocol": "Borrowers read it.",
}
_POOL_LABELS = {"reserve": "Kept in reserve", "claim_days": "Days to claim", "pickup_days": "Days to collect"}
_POOL_HELPS = {
    "country": "Two letters, such as DE or FR. Customers who live there are served from here first.",
    "reserve": "Units that are never promised.",
}


@admin.register(EquipmentModel)
class EquipmentModelAdmin(EditedAdmin):
    """What is lent, for how long, with which guide."""

    help = "equipment"
    form = stock_forms.ModelForm
    labels = _MODEL_LABELS
    helps = _MODEL_HELPS
    list_page = lists.ModelList
    search_fields = ["name", "sku"]  # for choosing a model on other pages

    def get_fields(self, request, obj=None):
        """Each text with what it reads in other languages behind it; whoever may only read sees the originals."""
        is_written = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return stock_forms.in_order([str(name) for name in super().get_fields(request, obj)], is_written=is_written)

    def get_readonly_fields(self, request, obj=None):
        """The SKU is the name on the trail and stays."""
        return ["sku"] if obj else []


@admin.register(Pool)
class PoolAdmin(EditedAdmin):
    """A place and what is there."""

    help = "equipment"
    form = stock_forms.PoolForm
    labels = _POOL_LABELS
    helps = _POOL_HELPS
    list_page = lists.PoolList
    moves = desk_moves.POOL

    def get_readonly_fields(self, request, obj=None):
        """Model and place are the name on the trail and stay."""
        return ["model", "place"] if obj else []

    def save_model(self, request, obj, form, change):
        """Save, and fit the open loans to the new days at once; the hourly job would do it too."""
        super().save_model(request, obj, form, change)
        refitting.refit(pool=obj, at=timezone.now(), by=self.actor(request))

    def badges(self, row: Pool) -> list[SafeString]:
        """What could be promised now."""
        now = availability.free_now([row], at=timezone.now())[row.pk]
        return [badge("ok" if now.free > 0 else "warn", f"{now.free} free now"), badge("plain", now.reason)]


@admin.register(Unit)
class UnitAdmin(VerbOnlyAdmin):
    """One thing with a serial number."""

    help = "equipment"
    list_page = lists.UnitList
    moves = desk_moves.UNIT
    list_moves = desk_moves.UNITS

    def badges(self, row: Unit) -> list[SafeString]:
        """Whether it can be lent."""
        return [state_badge(row, SERVICE_TONES, "service")]


@admin.register(Loan)
class LoanAdmin(VerbOnlyAdmin):
    """A promise of a unit, from the hold to the inspected return: what the handover desk works on."""

    help = "equipment"
    list_page = lists.LoanList
    moves = desk_moves.LOAN
    fieldsets = [
        ("What and to whom", {"fields": ["pool", "unit", "borrower", "state", "reason", "reference"]}),
        ("When", {"fields": ["created_at", "queued_at", "place_at_joining", "starts_at", "hold_expires_at", "unlocked_at", "collect_by",
                             "ready_at", "handed_over_at", "first_due_at", "due_at", "blocked_until", "returned_at",
                             "fault_found_at", "ended_at"]}),
        ("What was agreed", {"fields": ["terms", "acceptance", "checklist_done"]}),
    ]  # fmt: skip

    def get_queryset(self, request):
        """With everything the page shows."""
        return (
            super()
            .get_queryset(request)
            .select_related("pool__model", "unit", "borrower", "terms", "acceptance__version__agreement")
        )

    def heading(self, row: Loan) -> str:
        """What is lent, and where."""
        return str(row.pool)

    def lead(self, row: Loan) -> str:
        """Who borrows it."""
        return f"For {row.borrower}."

    def badges(self, row: Loan) -> list[SafeString]:
        """The state, and whether it is late."""
        late = [badge("bad", "Overdue")] if row.is_overdue(timezone.now()) else []
        return [state_badge(row, LOAN_TONES), *late]


@admin.register(ConditionReport)
class ConditionReportAdmin(PartAdmin):
    """How units went out and came in."""

    list_display = ["loan", "direction", "grade", "by", "at"]
    instead = {"by": actor_column()}
    list_filter = ["direction", "grade"]
    search_fields = ["loan__reference", "loan__unit__serial"]
    date_hierarchy = "at"
    list_select_related = ["loan"]


@admin.register(ConditionPhoto)
class ConditionPhotoAdmin(PartAdmin):
    """Photos of units as they went out, came in and were inspected; seen on the page of the loan at the handover desk."""

    list_display = ["loan", "moment", "by", "at"]
    instead = {"by": actor_column()}
    list_filter = ["moment"]
    search_fields = ["loan__reference", "loan__unit__serial"]
    date_hierarchy = "at"
    list_select_related = ["loan"]


def _loan_panel(title: str, loans, more_url: str, *, without: str) -> Panel:
    """Loans in a table; the column that would say the same in every row is left out."""
    head = ["Loan", "State", "Pool", "Unit", "Borrower", "Due"]
    left_out = head.index(without)
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
    kept = [[cell for place, cell in enumerate(row) if place != left_out] for row in rows]
    return Panel(title, [name for name in head if name != without], kept, "No loans yet.", more_url)


def _day(instant) -> str:
    return f"{instant:%-d %b %Y}" if instant else "–"


def loans_of_customer(customer: Customer) -> Panel:
    """What this customer has, waits for and had."""
    return _loan_panel("Loans", customer.loans.all(), list_of(Loan, borrower=customer.pk), without="Borrower")


def loans_of_unit(unit: Unit) -> Panel:
    """Who had this unit."""
    loans = Loan.objects.filter(Q(unit=unit) | Q(exchanges__came_back=unit)).distinct()
    return _loan_panel("Loans of this unit", loans, list_of(Loan, unit=unit.pk), without="Unit")


def open_loans_of_pool(pool: Pool) -> Panel:
    """What is promised, out or back here, and who waits."""
    done = [LoanState.CLOSED, LoanState.EXPIRED, LoanState.DECLINED, LoanState.NO_SHOW, LoanState.CANCELLED]
    return _loan_panel("Open loans", pool.loans.exclude(state__in=done), "", without="Pool")


def days_of_pool(pool: Pool) -> Panel:
    """Which turnaround counts here and why, and when the place is closed."""
    found = turnaround.measure(pool, at=timezone.now())
    rows = [[Cell("Turnaround"), Cell(turnaround.in_words(pool, found))]]
    rows += [[Cell(f"Closed: {closure}"), Cell(closure.reason)] for closure in refitting.closures_of(pool.place)]
    return Panel("Turnaround and closed days", ["What", "Why"], rows, "")


def units_of_pool(pool: Pool) -> Panel:
    """The units that belong here."""
    rows = [
        [link(unit), Cell(state_badge(unit, SERVICE_TONES, "service")), Cell(_day(unit.service_since))]
        for unit in pool.units.all()[: panels.LIMIT]
    ]
    return Panel("Units", ["Serial number", "Status", "Since"], rows, "No units yet. Add one above.", list_of(Unit, pool=pool.pk))


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
panels.register("equipment.pool", days_of_pool, permission="equipment.view_pool")
panels.register("equipment.pool", units_of_pool, permission="equipment.view_unit")
panels.register("equipment.equipmentmodel", pools_of_model, permission="equipment.view_pool")
panels.register("equipment.loan", reports_of_loan, permission="equipment.view_loan")


def _loans_in(state: LoanState, label: str, tone: str = "info", *, since: str):
    def find(at) -> Need:
        return need_of(Loan.objects.filter(state=state), label, list_of(Loan, state=state), tone, since=since)

    return find


def _overdue(at) -> Need:
    late = Loan.objects.overdue(at)
    return need_of(late, "Units overdue", list_of(Loan, late="overdue"), "bad", since="due_at", words="the longest by {age}")


def _uncollected(at) -> Need:
    late, url = Loan.objects.uncollected(at), list_of(Loan, late="uncollected")
    return need_of(late, "Units not collected in time", url, since="collect_by", words="the longest by {age}")


needs.register("loans.overdue", _overdue, permission="equipment.check_in_loan")
needs.register(
    "loans.to_inspect",
    _loans_in(LoanState.RETURNED, "Units to inspect", "warn", since="returned_at"),
    permission="equipment.inspect_loan",
)
needs.register(
    "loans.to_prepare",
    _loans_in(LoanState.UNLOCKED, "Units to pick for collection", since="unlocked_at"),
    permission="equipment.prepare_loan",
)
needs.register(
    "loans.to_hand_over",
    _loans_in(LoanState.READY, "Units ready for hand-over", since="ready_at"),
    permission="equipment.check_out_loan",
)
needs.register("loans.uncollected", _uncollected, permission="equipment.cancel_loan")
needs.register(
    "loans.unresolved",
    _loans_in(LoanState.UNRESOLVED, "Loans to settle", "warn", since="returned_at"),
    permission="equipment.settle_loan",
)


for _item in (
    Item("loans", "Equipment", "Loans", "admin:equipment_loan_changelist", "board", "equipment.view_loan", 20, 4),
    Item("units", "Equipment", "Units", "admin:equipment_unit_changelist", "box", "equipment.view_unit", 30),
    Item("models", "Equipment", "Models", "admin:equipment_equipmentmodel_changelist", "box", "equipment.view_equipmentmodel", 40),
    Item("pools", "Equipment", "Pools", "admin:equipment_pool_changelist", "box", "equipment.view_pool", 50),
):
    menu.register(_item)
