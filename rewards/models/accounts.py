"""Budgets, and the double-entry ledger of credit, cash and points."""

from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from campaigns.states import RewardKind
from customers.models import Customer
from desk.amounts import in_short
from desk.references import new_reference
from rewards.models.rewards import Reward
from rewards.states import EntryKind

ACCOUNT_KINDS = [(kind.value, kind.label) for kind in (RewardKind.CREDIT, RewardKind.CASH, RewardKind.POINTS)]


def entry_reference() -> str:
    """A fresh opaque name for a ledger entry."""
    return new_reference("ent")


class Budget(models.Model):
    """What a campaign has committed, beside its limits. Changed only by a conditional update."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="spending")
    spent = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    rewards = models.PositiveIntegerField(default=0)
    rewards_limit = models.PositiveIntegerField(null=True, blank=True)
    unit_days = models.PositiveIntegerField(default=0)
    unit_days_limit = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["campaign"]
        constraints = [
            models.CheckConstraint(condition=Q(limit__isnull=True) | Q(spent__lte=F("limit")), name="budget_spent_within_limit"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="budget_spent_not_negative"),
            models.CheckConstraint(
                condition=Q(rewards_limit__isnull=True) | Q(rewards__lte=F("rewards_limit")), name="budget_rewards_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(unit_days_limit__isnull=True) | Q(unit_days__lte=F("unit_days_limit")),
                name="budget_unit_days_within_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.campaign}"


class Account(models.Model):
    """What a customer has of one kind in one unit, and what they owe of it.

    Both are sums of postings, kept so that the database itself refuses to go below nought. `owed` is what was taken back and was
    not there any more: a row of its own, never a negative balance.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=10, choices=ACCOUNT_KINDS)
    unit = models.CharField(max_length=8, help_text="ISO 4217 currency, or points.")
    balance = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    owed = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["customer", "kind", "unit"]
        permissions = [("redeem_account", "Can redeem credit and points of customers")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "unit"], name="account_one_per_customer_kind_and_unit"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_balance_never_below_nought"),
            models.CheckConstraint(condition=Q(owed__gte=0), name="account_owed_never_below_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {in_short(self.balance, self.unit)}"

    @property
    def name(self) -> str:
        """How postings call it."""
        return f"{self.kind}:{self.customer.reference}"

    @property
    def owed_name(self) -> str:
        """How postings call what is owed of it."""
        return f"owed:{self.kind}:{self.customer.reference}"


class Entry(models.Model):
    """One movement in the accounts: its postings sum to zero. Never changed; a claw-back is a new entry.

    `key` names what a movement without a round of a reward stands for, so that it happens once.
    """

    subject_type = "ledger_entry"

    reference = models.CharField(max_length=24, unique=True, default=entry_reference, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    round = models.PositiveSmallIntegerField(default=1, help_text="2 when it is given again after it was taken back, and so on.")
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    memo = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "kind", "round"],
                condition=Q(kind__in=[EntryKind.GRANT, EntryKind.REVERSAL]),
                name="ledger_entry_once_per_reward_kind_and_round",
            ),
            models.CheckConstraint(
                condition=Q(reward__isnull=False) | ~Q(kind__in=[EntryKind.GRANT, EntryKind.REVERSAL]),
                name="ledger_entry_of_a_grant_has_its_reward",
            ),
            models.CheckConstraint(
                condition=Q(key__isnull=False) | Q(kind__in=[EntryKind.GRANT, EntryKind.REVERSAL]),
                name="ledger_entry_has_what_makes_it_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Posting(models.Model):
    """One side of an entry: an amount in a unit (a currency, or `points`) on an account."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    account = models.CharField(max_length=80, help_text="Such as credit:cus_… or campaign:summer.")
    unit = models.CharField(max_length=8, help_text="ISO 4217 currency, or points.")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "account"], name="posting_once_per_entry_and_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="posting_moves_something"),
        ]
        indexes = [models.Index(fields=["account"], name="posting_account")]

    def __str__(self) -> str:
        return f"{in_short(self.amount, self.unit)} on {self.account}"


class Lot(models.Model):
    """What is left of one grant on an account. What expires first is spent first; the lots of an account sum to its balance."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lots")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="lot")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    left = models.DecimalField(max_digits=12, decimal_places=2)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("amount")), name="lot_left_of_its_amount"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(left__gt=0, expires_at__isnull=False), name="lot_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.left} of {self.amount}"

    @property
    def reference(self) -> str:
        """The name of its grant."""
        return self.entry.reference
