"""Documents customers agree to, their versions, and who accepted which."""

import hashlib

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models.people import Customer


class Agreement(models.Model):
    """A document such as “Loan terms” that exists in versions."""

    subject_type = "agreement"

    slug = models.SlugField(
        "short name", unique=True, help_text="In addresses and on the trail, for good: letters, digits and hyphens."
    )
    title = models.CharField(max_length=120)
    translations = models.JSONField(
        default=dict, editable=False, help_text="Language -> SHA-256 of a wording -> what it reads in that language."
    )

    class Meta:
        ordering = ["slug"]
        permissions = [("publish_agreement", "Can publish a version of an agreement")]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """The public name: its slug."""
        return self.slug

    def current(self) -> "AgreementVersion | None":
        """The newest published version, or None."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()


class AgreementVersion(models.Model):
    """One wording of an agreement. Immutable once published (a trigger refuses), identified by its SHA-256."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_number_unique"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(sha256=""),
                name="agreement_version_published_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)d") % {"title": self.agreement, "number": self.number}

    def fingerprint(self) -> str:
        """SHA-256 of the wording in UTF-8, hexadecimal (FIPS 180-4)."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    def reads_in(self, language: str) -> str:
        """What exactly this wording reads in a language, to help the reader; empty where nobody wrote it. What is accepted is `body`."""
        found: str = self.agreement.translations.get(language, {}).get(self.fingerprint(), "")
        return found

    def get_absolute_url(self) -> str:
        """The public page with exactly this wording."""
        return reverse("terms", args=[self.agreement.slug, self.number])


class Acceptance(models.Model):
    """A customer accepted exactly this wording, about this thing, at this instant. Only ever added."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="acceptances")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="acceptances")
    sha256 = models.CharField(max_length=64, help_text="Hash of the wording that was shown.")
    about = models.CharField(max_length=80, help_text="Reference of the referral or loan.")
    typed_name = models.CharField(max_length=120)
    how = models.CharField(max_length=40, help_text="Such as “web page” or “in person”.")
    at = models.DateTimeField()
    where = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the address, or the place of the desk.")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "version", "about"], name="acceptance_once_per_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.version} accepted"
