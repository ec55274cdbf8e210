"""How customers get into their own pages without a password, and what they took with them from there."""

from django.db import models
from django.db.models import F, Q

from customers.models import Customer
from desk.references import new_reference
from rewards.states import ExportState


def sign_in_reference() -> str:
    """A fresh opaque name for somebody's wish to get in."""
    return new_reference("ask")


def session_reference() -> str:
    """A fresh opaque name for a session, which opens nothing."""
    return new_reference("ses")


def export_reference() -> str:
    """A fresh opaque name for a copy of somebody's data."""
    return new_reference("exp")


class PortalSignIn(models.Model):
    """Somebody typed an address and asked for a link. Kept alike whether the address is a customer's or nobody's.

    The address is taken away as soon as it was looked up. Of the link and of the code only hashes are kept, made when the mail
    goes; both are good for ten minutes and once.
    """

    subject_type = "portal_sign_in"

    reference = models.CharField(max_length=24, unique=True, default=sign_in_reference, editable=False)
    email = models.CharField(max_length=254, blank=True)
    wanted = models.CharField(max_length=500, blank=True, help_text="The page of the portal that was asked for, to go on to.")
    asked_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="portal_sign_ins")
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong codes typed.")
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "portal sign-in"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(looked_up_at__isnull=True) | Q(email=""), name="portal_sign_in_forgets_the_address"),
            models.CheckConstraint(
                condition=Q(token_hash__isnull=True, code_hash="", expires_at__isnull=True)
                | Q(token_hash__isnull=False, expires_at__isnull=False, customer__isnull=False) & ~Q(code_hash=""),
                name="portal_sign_in_opens_for_somebody_until_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(token_hash__isnull=False, used_at__lt=F("expires_at")),
                name="portal_sign_in_used_in_time",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(looked_up_at__isnull=True), name="portal_sign_in_waiting")]

    def __str__(self) -> str:
        return self.reference


class PortalSession(models.Model):
    """One browser in which a customer is signed in. Of its key only a hash is kept."""

    subject_type = "portal_session"

    reference = models.CharField(max_length=24, unique=True, default=session_reference, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="portal_sessions")
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    device = models.CharField(max_length=60, help_text="What the browser calls itself, in words.")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(seen_at__gte=F("created_at")), name="portal_session_seen_after_it_began"),
        ]
        indexes = [models.Index(fields=["customer", "-seen_at"], name="portal_session_of_customer")]

    def __str__(self) -> str:
        return self.reference


class DataExport(models.Model):
    """A copy of what is kept of a customer, made on their wish and deleted a day later."""

    subject_type = "data_export"

    reference = models.CharField(max_length=24, unique=True, default=export_reference, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.ASKED, editable=False)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state=ExportState.ASKED), name="data_export_one_in_the_making_per_customer"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | Q(ready_at__isnull=False, expires_at__gt=F("ready_at"), content__isnull=False),
                name="data_export_ready_until_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DELETED) | Q(content__isnull=True), name="data_export_deleted_holds_nothing"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="data_export_state")]

    def __str__(self) -> str:
        return self.reference
