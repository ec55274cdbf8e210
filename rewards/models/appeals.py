"""What customers say against a decision, and what was taken back by which occasion."""

from django.db import models
from django.db.models import Q

from desk.references import new_reference
from referrals.models import Referral
from rewards.models.rewards import Reward
from rewards.states import AppealState, Cause


def appeal_reference() -> str:
    """A fresh opaque name for an appeal."""
    return new_reference("apl")


class Appeal(models.Model):
    """A customer's words against the end of a reward, and a person's answer. Once per decision: per reward and round."""

    reference = models.CharField(max_length=24, unique=True, default=appeal_reference, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="appeals")
    round = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)
    about = models.CharField(max_length=300, help_text="The reason the customer appeals against.")
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    note = models.CharField(max_length=300, blank=True, help_text="What the customer reads as the answer.")
    at = models.DateTimeField()
    answer_by = models.DateField(help_text="The day we said we would answer by.")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["at", "id"]
        permissions = [("answer_appeal", "Can answer customers who object to a decision")]
        constraints = [
            models.UniqueConstraint(fields=["reward", "round"], name="appeal_once_per_decision"),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_has_words"),
            models.CheckConstraint(
                condition=Q(state=AppealState.OPEN, answered_at__isnull=True)
                | (~Q(state=AppealState.OPEN) & Q(answered_at__isnull=False) & ~Q(note="")),
                name="appeal_answered_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(state=AppealState.OPEN), name="appeal_open")]

    def __str__(self) -> str:
        return f"Objection about {self.reward}"


class Clawback(models.Model):
    """That something happened which takes rewards back, and was acted upon. `key` names the occasion, so that it counts once."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="clawbacks")
    cause = models.CharField(max_length=8, choices=Cause)
    key = models.CharField(max_length=120, unique=True, editable=False)
    reason = models.CharField(max_length=300)
    taken = models.PositiveSmallIntegerField(help_text="Rewards that were taken back; none is an answer too.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="clawback_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.taken}"
