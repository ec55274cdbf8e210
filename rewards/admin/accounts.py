"""Accounts of customers, objections, payments and what was taken back, among the records of the desk."""

from django.contrib import admin

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from audit.tables import actor_column
from customers.models import Customer
from desk import panels
from desk.amounts import money
from desk.clock import day
from desk.columns import link
from desk.panels import Cell, Panel
from referrals.models import Referral
from rewards.admin.statement import address_of
from rewards.models import Account, Appeal, Batch, Clawback, Line, Lot, Reward, StepAccrual
from rewards.statements import plain, statements_of


@admin.register(Account)
class AccountAdmin(PartAdmin):
    """What customers have, and what they owe of it."""

    list_display = ["customer", "kind", "balance", "owed", "unit"]
    list_filter = ["kind", "unit"]
    search_fields = ["=customer__reference"]
    list_select_related = ["customer"]


@admin.register(Lot)
class LotAdmin(PartAdmin):
    """What is left of each grant, and when it expires."""

    list_display = ["entry", "account", "left", "amount", "expires_at"]
    search_fields = ["=entry__reference"]
    list_select_related = ["entry", "account"]


@admin.register(Appeal)
class AppealAdmin(PartAdmin):
    """Objections of customers, and the answers."""

    list_display = ["reward", "state", "at", "answer_by", "answered_by"]
    instead = {"answered_by": actor_column("answered_by")}
    list_filter = ["state"]
    search_fields = ["=reference", "=reward__reference"]
    date_hierarchy = "at"
    list_select_related = ["reward"]


@admin.register(Clawback)
class ClawbackAdmin(PartAdmin):
    """What took rewards back by itself."""

    list_display = ["referral", "cause", "taken", "reason", "at"]
    list_filter = ["cause"]
    search_fields = ["=referral__reference"]
    date_hierarchy = "at"
    list_select_related = ["referral"]


@admin.register(Batch)
class BatchAdmin(VerbOnlyAdmin):
    """Payments that left together."""

    list_display = ["reference", "state", "count", "total", "currency", "created_at", "settled_at"]
    instead = {"created_by": actor_column("created_by")}
    list_filter = ["state", "currency"]
    search_fields = ["=reference"]
    date_hierarchy = "created_at"


@admin.register(Line)
class LineAdmin(PartAdmin):
    """Single payments."""

    list_display = ["reference", "batch", "reward", "amount", "state", "reason"]
    list_filter = ["state"]
    search_fields = ["=reference", "=reward__reference", "=batch__reference"]
    list_select_related = ["batch", "reward"]


@admin.register(StepAccrual)
class StepAccrualAdmin(PartAdmin):
    """That the rewards of a step were worked out."""

    list_display = ["step_done", "count", "at"]
    search_fields = ["=step_done__referral__reference"]
    date_hierarchy = "at"
    list_select_related = ["step_done__step", "step_done__referral"]


def balances_of_customer(customer: Customer) -> Panel:
    """What stands on this customer's accounts, and what is owed."""
    rows = [
        [
            Cell(one.label),
            Cell(plain(one.balance, one.unit)),
            Cell(plain(one.owed, one.unit) if one.owed else "–"),
            Cell(_ends(one)),
        ]
        for one in statements_of(customer)
    ]
    head = ["Account", "Balance", "Owed", "Expires next"]
    return Panel("Balances", head, rows, "This customer has no account yet.", more_url=address_of(customer))


def appeals_of_reward(reward: Reward) -> Panel:
    """What the customer said against decisions, and what was answered."""
    rows = [
        [
            Cell(one.get_state_display()),
            Cell(one.words),
            Cell(day(one.at)),
            Cell(one.note or f"by {one.answer_by:%-d %b %Y}"),
        ]
        for one in reward.appeals.all()
    ]
    return Panel("Objections", ["State", "The customer wrote", "On", "Answer"], rows, "The customer has not objected.")


def clawbacks_of_referral(referral: Referral) -> Panel | None:
    """What took rewards of this referral back; nothing where nothing did."""
    rows = [
        [Cell(one.get_cause_display()), Cell(one.taken), Cell(one.reason), Cell(day(one.at))] for one in referral.clawbacks.all()
    ]
    return Panel("Taken back", ["What happened", "Rewards", "Why", "On"], rows, "") if rows else None


def payments_of_batch(batch: Batch) -> Panel:
    """The payments, and how each went."""
    lines = batch.lines.select_related("reward__beneficiary", "reward__tier")[: panels.LIMIT]
    rows = [
        [link(line.reward, line.reference), link(line.reward.beneficiary), Cell(money(line.amount, batch.currency)),
         Cell(line.get_state_display()), Cell(line.reason or "–")]
        for line in lines
    ]  # fmt: skip
    return Panel("Payments", ["Payment", "To", "Amount", "State", "Why not"], rows, "This batch pays nobody.")


def _ends(statement) -> str:
    if not statement.expiring:
        return "–"
    first = statement.expiring[0]
    return f"{plain(first.amount, statement.unit)} on {day(first.at)}"


for _label, _make, _permission, _order in (
    ("customers.customer", balances_of_customer, "rewards.view_account", 55),
    ("rewards.reward", appeals_of_reward, "rewards.view_appeal", 55),
    ("referrals.referral", clawbacks_of_referral, "rewards.view_clawback", 60),
    ("rewards.batch", payments_of_batch, "rewards.view_line", 10),
):
    panels.register(_label, _make, permission=_permission, order=_order)
