"""What became of promises: substitutes that were offered, and what cannot be kept as things stand."""

from django.db import models
from django.db.models import Q

from desk.references import new_reference
from equipment.models import Loan
from referrals.models.referrals import Promise
from referrals.states import OfferState


def offer_reference() -> str:
    """A fresh opaque name for an offer."""
    return new_reference("sub")


class SubstituteOffer(models.Model):
    """Something else than what was promised: a unit of another pool, kept for the customer until they answer."""

    subject_type = "substitute_offer"

    reference = models.CharField(max_length=24, unique=True, default=offer_reference, editable=False)
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="offers")
    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="substitute_offer", help_text="What keeps the unit.")
    state = models.CharField(max_length=8, choices=OfferState, default=OfferState.OFFERED)
    reason = models.CharField(max_length=300, help_text="Why it is offered; the customer reads it.")
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-offered_at", "-id"]
        permissions = [("offer_substitute", "Can offer a customer something else than what was promised")]
        constraints = [
            models.UniqueConstraint(
                fields=["promise"], condition=Q(state=OfferState.OFFERED), name="substitute_offer_one_open_per_promise"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.OFFERED, ended_at__isnull=True)
                | (~Q(state=OfferState.OFFERED) & Q(ended_at__isnull=False)),
                name="substitute_offer_ended_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Risk(models.Model):
    """A promise that cannot be kept as things stand: since when that is known, from which instant on, and why."""

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="risk")
    reason = models.CharField(max_length=300)
    breaks_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["breaks_at", "id"]

    def __str__(self) -> str:
        return self.reason

    @property
    def reference(self) -> str:
        """Which referral it is about."""
        return self.promise.referral.reference
