"""Budgets, and the double-entry ledger of credit, cash and points."""

from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from customers.models import Customer
from desk.references import new_reference
from rewards.models.rewards import Reward


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

    class Meta:
        ordering = ["campaign"]
        constraints = [
            models.CheckConstraint(condition=Q(limit__isnull=True) | Q(spent__lte=F("limit")), name="budget_spent_within_limit"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="budget_spent_not_negative"),
            models.CheckConstraint(
                condition=Q(rewards_limit__isnull=True) | Q(rewards__lte=F("rewards_limit")), name="budget_rewards_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.campaign}"


class Entry(models.Model):
    """One movement in the accounts: its postings sum to zero. Never changed; a claw-back is a new entry."""

    subject_type = "ledger_entry"

    reference = models.CharField(max_length=24, unique=True, default=entry_reference, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=[("grant", "Grant"), ("reversal", "Reversal")])
    round = models.PositiveSmallIntegerField(default=1, help_text="2 when it is given again after it was taken back, and so on.")
    memo = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["reward", "kind", "round"], name="ledger_entry_once_per_reward_kind_and_round")
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
        return f"{self.amount} {self.unit} on {self.account}"
