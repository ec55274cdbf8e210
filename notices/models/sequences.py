"""What follows when in a campaign: a trigger, waits, conditions and messages as rows that staff edit."""

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from desk import plurals
from desk.references import new_reference
from notices.kinds import title_of


def sequence_reference() -> str:
    """A fresh opaque name for a sequence."""
    return new_reference("seq")


class Sequence(models.Model):
    """Messages that follow one trigger in a campaign. Nothing is sent while it is switched off."""

    subject_type = "sequence"

    reference = models.CharField(max_length=24, unique=True, default=sequence_reference, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sequences")
    name = models.CharField(max_length=80)
    trigger = models.CharField(max_length=40)
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["campaign", "name"]
        permissions = [("run_sequence", "Can switch sequences on and off")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="sequence_name_unique_in_campaign"),
            models.CheckConstraint(condition=~Q(name=""), name="sequence_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One message of a sequence: so many days after the trigger, if the condition holds by then."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps")
    after_days = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)

    class Meta:
        ordering = ["sequence", "after_days"]
        constraints = [
            models.UniqueConstraint(fields=["sequence", "after_days"], name="step_one_on_a_day"),
            models.UniqueConstraint(fields=["sequence", "kind"], name="step_message_once_in_a_sequence"),
        ]

    def __str__(self) -> str:
        return f"{title_of(self.kind)} after {plurals.days(self.after_days)}"
