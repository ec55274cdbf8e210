"""Rewards and accounts at the desk."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from campaigns.models import Campaign
from customers.models import Customer
from desk import menu, needs, panels
from desk.badges import badge, state_badge
from desk.columns import link, list_of, state_column
from desk.menu import Item
from desk.needs import Need
from desk.panels import Cell, Panel
from desk.refusals import Refused
from equipment.models import Loan
from referrals.models import Referral
from rewards import deciding, desk_moves
from rewards.models import Accrual, Approval, Budget, Entry, Posting, Reward
from rewards.states import REWARD_TONES, RewardState


@admin.register(Reward)
class RewardAdmin(VerbOnlyAdmin):
    """One reward for one side of one referral: what waits for a decision, and why each was decided as it was."""

    list_display = ["reference", state_column(REWARD_TONES), "tier", "side", "beneficiary", "cost", "promised_by", "created_at"]
    list_filter = ["state", "kind", "side", "referral__campaign"]
    search_fields = ["reference", "referral__reference", "beneficiary__name", "beneficiary__reference"]
    date_hierarchy = "created_at"
    list_select_related = ["tier", "beneficiary", "referral"]
    moves = desk_moves.REWARD
    actions = ["approve_selected"]

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

    def badges(self, row: Reward) -> list[SafeString]:
        """The state, and how doubtful the referral is."""
        return [state_badge(row, REWARD_TONES), badge("plain", f"Risk {row.referral.risk} of 100")]

    def has_decide_permission(self, request) -> bool:
        """Whether this person may decide."""
        return bool(request.user.has_perm("rewards.decide_reward"))

    @admin.action(description="Approve the selected rewards", permissions=["decide"])
    def approve_selected(self, request, queryset):
        """Approve one after the other; what is refused is said for each, and the others go on."""
        approved = 0
        for reward in queryset.order_by("pk"):
            try:
                deciding.approve(reward=reward, at=timezone.now(), by=self.actor(request))
                approved += 1
            except Refused as refusal:
                messages.error(request, f"Reward {reward}: {refusal.sentence}")
        if approved:
            messages.success(request, f"{approved} approved. They go out within a minute.")


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
    list_filter = ["decision"]
    search_fields = ["=reward__reference", "by"]
    date_hierarchy = "at"
    list_select_related = ["reward"]


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
        return [row.reference, row.reward.reference]


@admin.register(Posting)
class PostingAdmin(PartAdmin):
    """The sides of movements."""

    list_display = ["entry", "account", "amount", "unit", "customer"]
    list_filter = ["unit"]
    search_fields = ["=entry__reference", "account"]
    list_select_related = ["entry", "customer"]


def _rewards(rewards, empty: str) -> Panel:
    rows = [
        [link(row), Cell(state_badge(row, REWARD_TONES)), Cell(row.tier), link(row.beneficiary), link(row.loan), Cell(row.reason),
         Cell(f"{row.promised_by:%-d %b %Y}")]
        for row in rewards.select_related("tier", "beneficiary", "loan")[: panels.LIMIT]
    ]  # fmt: skip
    return Panel("Rewards", ["Reward", "State", "What", "For", "Loan", "Why", "Promised by"], rows, empty)


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
            Cell(decided.by),
            Cell(f"{decided.at:%-d %b %Y, %H:%M} UTC"),
        ]
        for decided in reward.approvals.all()
    ]
    return Panel("Decisions", ["Decision", "Note", "By", "When"], rows, "No person had to decide about this reward.")


def postings_of_entry(entry: Entry) -> Panel:
    """Both sides of the movement."""
    rows = [[Cell(posting.account), Cell(f"{posting.amount} {posting.unit}")] for posting in entry.postings.all()]
    return Panel("Postings", ["Account", "Amount"], rows, "This entry moves nothing.")


def account_of_customer(customer: Customer) -> Panel:
    """Movements on this customer's accounts."""
    rows = [
        [link(posting.entry, posting.entry.memo), Cell(f"{posting.amount} {posting.unit}"), Cell(f"{posting.entry.at:%-d %b %Y}")]
        for posting in customer.postings.select_related("entry").order_by("-pk")[: panels.LIMIT]
    ]
    return Panel("Account", ["What for", "Amount", "On"], rows, "Nothing was credited yet.")


def budget_of_campaign(campaign: Campaign) -> Panel:
    """What is committed, beside the limits."""
    rows = [
        [Cell(budget.spent), Cell(_or_none(budget.limit)), Cell(budget.rewards), Cell(_or_none(budget.rewards_limit))]
        for budget in Budget.objects.filter(campaign=campaign)
    ]
    return Panel(
        "Budget", [f"Committed, {campaign.currency}", "Limit", "Rewards", "Limit of rewards"], rows, "Nothing is committed yet."
    )


def _or_none(limit: object) -> object:
    return "none" if limit is None else limit


for _label, _make, _permission in (
    ("referrals.referral", rewards_of_referral, "rewards.view_reward"),
    ("customers.customer", rewards_of_customer, "rewards.view_reward"),
    ("customers.customer", account_of_customer, "rewards.view_posting"),
    ("equipment.loan", reward_of_loan, "rewards.view_reward"),
    ("rewards.reward", decisions_of_reward, "rewards.view_approval"),
    ("rewards.entry", postings_of_entry, "rewards.view_posting"),
    ("campaigns.campaign", budget_of_campaign, "rewards.view_budget"),
):
    panels.register(_label, _make, permission=_permission)


def _to_decide(at) -> Need:
    held = Reward.objects.filter(state=RewardState.HELD).count()
    return Need(held, "Rewards waiting for your decision", list_of(Reward, state__exact=RewardState.HELD))


needs.register("rewards.to_decide", _to_decide, permission="rewards.decide_reward")


menu.register(Item("rewards", "Grow", "Rewards", "admin:rewards_reward_changelist", "gift", "rewards.view_reward", 40, 6))
