"""Files that staff bring in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.states import ImportState
from desk.references import new_reference


def import_reference() -> str:
    """A fresh opaque name for an import."""
    return new_reference("imp")


class ImportRun(models.Model):
    """One file on its way in: what it is, how it is read, how far it has come, what became of its lines.

    The file lies in the imports folder under a random name and is deleted after 30 days with everything from it that is kept
    here (`findings`); counts and the SHA-256 stay.
    """

    subject_type = "import"

    reference = models.CharField(max_length=24, unique=True, default=import_reference, editable=False)
    kind = models.SlugField(max_length=20, help_text="What the lines of the file are: customers, units.")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    file_name = models.CharField(max_length=120, help_text="As the person's own computer calls it; never used as a path.")
    stored_as = models.CharField(max_length=40, blank=True, help_text="Name in the imports folder; empty once deleted.")
    sha256 = models.CharField("SHA-256", max_length=64)
    bytes = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=10)
    is_encoding_guessed = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict, blank=True, help_text="Sections of the map, as in a TOML map.")
    options = models.JSONField(default=dict, blank=True)
    total_lines = models.PositiveIntegerField(default=0)
    done_line = models.PositiveIntegerField(default=0, help_text="Last line of the file that is finished with.")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    rejects_bytes = models.PositiveBigIntegerField(default=0, help_text="Bytes of the rejects that are safe.")
    taken_bytes = models.PositiveBigIntegerField(default=0, help_text="Bytes of the list of taken keys that are safe.")
    findings = models.JSONField(default=dict, blank=True, help_text="Examples from the check; deleted with the file.")
    problem = models.TextField(blank=True, help_text="Why it stopped, and what to do.")
    worker = models.CharField(max_length=32, blank=True, help_text="Who works on it now.")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="When somebody else may take it up.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Times it was taken up without getting further.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state__in=[ImportState.QUEUED, ImportState.RUNNING]),
                name="import_one_running_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | ~Q(state__in=[ImportState.DONE, ImportState.CANCELLED]),
                name="import_ended_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=False) | ~Q(state__in=[ImportState.QUEUED, ImportState.RUNNING, ImportState.DONE]),
                name="import_begun_has_a_start",
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.file_name}"

    @property
    def lines(self) -> int:
        """Lines finished with; the four counts add up to it."""
        return self.created + self.updated + self.unchanged + self.rejected

    @property
    def is_storing(self) -> bool:
        """Whether the counts are of what was stored, not of a check."""
        return self.started_at is not None
