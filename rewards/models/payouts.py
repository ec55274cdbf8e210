"""Cash rewards on their way to customers: gathered in a batch, paid by the bank, told back by a file."""

from django.db import models
from django.db.models import Q

from desk.amounts import money
from desk.references import new_reference
from rewards.models.rewards import Reward
from rewards.states import BatchState, LineState


def batch_reference() -> str:
    """A fresh opaque name for a batch."""
    return new_reference("bat")


def line_reference() -> str:
    """A fresh opaque name for one payment; the bank gives it back."""
    return new_reference("pay")


class Batch(models.Model):
    """Payments of one currency that leave together."""

    subject_type = "batch"

    reference = models.CharField(max_length=24, unique=True, default=batch_reference, editable=False)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.OPEN)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="The file was fetched for the bank.")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "batches"
        permissions = [("pay_out", "Can gather, pay out and reconcile cash rewards")]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, total__gt=0), name="batch_pays_something"),
            models.CheckConstraint(
                condition=~Q(state=BatchState.SETTLED) | Q(settled_at__isnull=False), name="batch_settled_at_an_instant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sum} to {self.count}"

    @property
    def sum(self) -> str:
        """What it pays in all, with its currency."""
        return money(self.total, self.currency)


class Line(models.Model):
    """One payment of a batch. A reward is on its way at most once at a time, and is paid once per round."""

    reference = models.CharField(max_length=24, unique=True, default=line_reference, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="payments")
    round = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.WAITING)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was not paid.")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "round"],
                condition=Q(state__in=[LineState.WAITING, LineState.PAID]),
                name="payment_once_per_reward_and_round",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=~Q(state=LineState.FAILED) | ~Q(reason=""), name="payment_failed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reference
