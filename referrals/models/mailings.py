"""News sent to many at once: one row for each decision to send."""

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, Segment
from desk.references import new_reference
from notices.kinds import title_of
from referrals.states import MailingState


def mailing_reference() -> str:
    """A fresh opaque name for a mailing."""
    return new_reference("mlg")


class Mailing(models.Model):
    """A message to everybody with a code of a campaign, or to those of them in a segment. Whom it went to is in the outbox."""

    subject_type = "mailing"

    reference = models.CharField(max_length=24, unique=True, default=mailing_reference, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="mailings")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="mailings")
    kind = models.CharField("message", max_length=40)
    state = models.CharField(max_length=8, choices=MailingState, default=MailingState.RUNNING)
    total = models.PositiveIntegerField(help_text="Customers it was meant for when it began.")
    by = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        permissions = [("send_mailing", "Can send news to many customers")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind"], condition=Q(state="running"), name="mailing_one_running_of_a_message"
            ),
            models.CheckConstraint(condition=Q(state="running") | Q(ended_at__isnull=False), name="mailing_ended_at_an_instant"),
        ]
        indexes = [models.Index(fields=["started_at", "id"], name="mailing_newest")]

    def __str__(self) -> str:
        return f"{title_of(self.kind)} for {self.segment or 'everybody'}"
