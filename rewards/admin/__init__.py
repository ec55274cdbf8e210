"""Rewards and accounts at the desk."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from audit.naming import called, titled
from audit.tables import actor_column
from campaigns.models import Campaign
from customers.models import Customer
from desk import menu, panels, plurals
from desk.amounts import in_short, money
from desk.badges import badge, state_badge
from desk.clock import day, moment
from desk.columns import link
from desk.menu import Item
from desk.panels import Cell, Panel
from equipment.models import Loan
from referrals.models import Referral
from rewards import desk_moves, messages
from rewards.admin import lists
from rewards.models import Accrual, Approval, Budget, Entry, Posting, Reward
from rewards.states import REWARD_TONES


@admin.register(Reward)
class RewardAdmin(VerbOnlyAdmin):
    """One reward for one side of one referral: what waits for a decision, and why each was decided as it was."""

    help = "approvals"
    list_page = lists.RewardList
    moves = desk_moves.REWARD

    def get_queryset(self, request):
        """With everything the page shows."""
        related = (
            "tier",
            "beneficiary",
            "referral__campaign",
            "referral__referrer",
            "referral__referee",
            "equipment_model",
            "loan",
        )
        return super().get_queryset(request).select_related(*related)

    fieldsets = [
        ("What", {"fields": ["campaign", "referral", "tier", "beneficiary", "side", "kind", "given", "voucher"]}),
        ("How it stands", {"fields": ["state", "reason", "promised_by", "asked_at", "created_at", "approved_at", "fulfilled_at",
                                      "loan", "costs", "counted", "reference"]}),
    ]  # fmt: skip
    readonly_fields = ["campaign", "given", "costs", "counted"]

    @admin.display(description="Campaign")
    def campaign(self, row: Reward) -> SafeString | str:
        """Where it was promised, as a link for whoever opens rewards: all of them see campaigns."""
        cell = link(row.referral.campaign)
        return format_html('<a href="{}">{}</a>', cell.url, cell.text)

    @admin.display(description="What is given")
    def given(self, row: Reward) -> str:
        """An amount with its unit, or the equipment with its days."""
        words = messages.what(row)
        if row.equipment_model is None:
            return capfirst(words)
        return f"{words}, {plurals.days(row.equipment_model.loan_days)}"

    @admin.display(description="What it costs us")
    def costs(self, row: Reward) -> str:
        """In the currency of the campaign."""
        return money(row.cost, row.referral.campaign.currency)

    @admin.display(description="In the budget")
    def counted(self, row: Reward) -> str:
        """Whether its cost is committed."""
        return "Committed" if row.is_budgeted else "Not committed"

    def heading(self, row: Reward) -> str:
        """What it is, for whom."""
        return f"{row.tier} for {row.beneficiary}"

    def lead(self, row: Reward) -> str:
        """How it stands and why."""
        return row.reason

    def badges(self, row: Reward) -> list[SafeString]:
        """The state, and how doubtful the referral is."""
        return [state_badge(row, REWARD_TONES), badge("plain", f"Risk {row.referral.risk} of 100")]


@admin.register(Accrual)
class AccrualAdmin(PartAdmin):
    """That the rewards of a qualified referral were worked out."""

    list_display = ["referral", "count", "at"]
    search_fields = ["=referral__reference"]
    date_hierarchy = "at"
    list_select_related = ["referral"]


@admin.register(Approval)
class ApprovalAdmin(PartAdmin):
    """What people decided, with the note the customer read."""

    list_display = ["reward", "decision", "note", "by", "at"]
    instead = {"by": actor_column()}
    list_filter = ["decision"]
    search_fields = ["=reward__reference", "by"]
    date_hierarchy = "at"
    list_select_related = ["reward"]

    def heading(self, row: Approval) -> str:
        """What was decided, and by whom."""
        return f"{row.get_decision_display()} by {called(row.by)}"


@admin.register(Budget)
class BudgetAdmin(PartAdmin):
    """What campaigns have committed, beside their limits."""

    list_display = ["campaign", "spent", "limit", "rewards", "rewards_limit"]
    list_select_related = ["campaign"]


@admin.register(Entry)
class EntryAdmin(VerbOnlyAdmin):
    """Movements in the accounts; never changed."""

    list_display = ["reference", "kind", "reward", "memo", "at"]
    list_filter = ["kind"]
    search_fields = ["=reference", "=reward__reference"]
    date_hierarchy = "at"
    list_select_related = ["reward"]

    def timeline_references(self, row: Entry) -> list[str]:
        """A movement is part of its reward's story."""
        return [row.reference, *([row.reward.reference] if row.reward else [])]


@admin.register(Posting)
class PostingAdmin(PartAdmin):
    """The sides of movements."""

    list_display = ["entry", "account", "amount", "unit", "customer"]
    list_filter = ["unit"]
    search_fields = ["=entry__reference", "account"]
    list_select_related = ["entry", "customer"]


def _rewards(rewards, empty: str) -> Panel:
    rows = [
        [link(row, row.tier), Cell(state_badge(row, REWARD_TONES)), link(row.beneficiary), Cell(row.reason),
         Cell(f"{row.promised_by:%-d %b %Y}")]
        for row in rewards.select_related("tier", "beneficiary", "loan")[: panels.LIMIT]
    ]  # fmt: skip
    return Panel("Rewards", ["Reward", "State", "For", "Why", "Promised by"], rows, empty)


def rewards_of_referral(referral: Referral) -> Panel:
    """What came of this referral."""
    return _rewards(referral.rewards.all(), "No rewards yet: they become due when the referral qualifies.")


def rewards_of_customer(customer: Customer) -> Panel:
    """What this customer got or gets."""
    return _rewards(customer.rewards.all(), "No rewards yet.")


def reward_of_loan(loan: Loan) -> Panel:
    """The reward that unlocks this loan."""
    return _rewards(Reward.objects.filter(loan=loan), "No reward has unlocked this loan yet.")


def decisions_of_reward(reward: Reward) -> Panel:
    """What people decided about it."""
    rows = [
        [
            Cell(decided.get_decision_display()),
            Cell(decided.note or "–"),
            Cell(titled(decided.by)),
            Cell(moment(decided.at)),
        ]
        for decided in reward.approvals.all()
    ]
    return Panel("Decisions", ["Decision", "Note", "By", "When"], rows, "No person had to decide about this reward.")


def postings_of_entry(entry: Entry) -> Panel:
    """Both sides of the movement."""
    rows = [[Cell(posting.account), Cell(in_short(posting.amount, posting.unit))] for posting in entry.postings.all()]
    return Panel("Postings", ["Account", "Amount"], rows, "This entry moves nothing.")


def account_of_customer(customer: Customer) -> Panel:
    """Movements on this customer's accounts."""
    rows = [
        [link(posting.entry, posting.entry.memo), Cell(in_short(posting.amount, posting.unit)), Cell(day(posting.entry.at))]
        for posting in customer.postings.select_related("entry").order_by("-pk")[: panels.LIMIT]
    ]
    return Panel("Account", ["What for", "Amount", "On"], rows, "Nothing was credited yet.")


def budget_of_campaign(campaign: Campaign) -> Panel:
    """What is committed, beside the limits."""
    rows = [
        [
            Cell(money(budget.spent, campaign.currency)),
            Cell(money(budget.limit, campaign.currency) if budget.limit is not None else "none"),
            Cell(budget.rewards),
            Cell(_or_none(budget.rewards_limit)),
        ]
        for budget in Budget.objects.filter(campaign=campaign)
    ]
    return Panel("Budget", ["Committed", "Limit", "Rewards", "Limit of rewards"], rows, "Nothing is committed yet.")


def _or_none(limit: object) -> object:
    return "none" if limit is None else limit


for _label, _make, _permission, _order in (
    ("referrals.referral", rewards_of_referral, "rewards.view_reward", 10),
    ("customers.customer", rewards_of_customer, "rewards.view_reward", 10),
    ("customers.customer", account_of_customer, "rewards.view_posting", 60),
    ("equipment.loan", reward_of_loan, "rewards.view_reward", 50),
    ("rewards.reward", decisions_of_reward, "rewards.view_approval", 50),
    ("rewards.entry", postings_of_entry, "rewards.view_posting", 50),
    ("campaigns.campaign", budget_of_campaign, "rewards.view_budget", 50),
):
    panels.register(_label, _make, permission=_permission, order=_order)


menu.register(Item("rewards", "Grow", "Rewards", "admin:rewards_reward_changelist", "gift", "rewards.view_reward", 40, 6))

# The screens last: they stand on what is above.
from rewards.admin import (  # noqa: E402
    accounts,  # noqa: F401
    appeals,  # noqa: F401
    approvals,  # noqa: F401
    approving_together,  # noqa: F401
    asked_back,  # noqa: F401
    discounts,  # noqa: F401
    near_limits,  # noqa: F401
    payouts,  # noqa: F401
    portal,  # noqa: F401
    statement,  # noqa: F401
)
