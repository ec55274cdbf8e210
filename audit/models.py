"""The trail: entries chained per subject, what they mention, and the seals over them."""

from django.db import models


class Entry(models.Model):
    """One decision or act about one subject. Never changed, never deleted; the chain per subject proves it.

    `data` is the stored canonical JSON text that was hashed; it carries pseudonymous references, never personal data.
    """

    subject_type = models.CharField(max_length=40)
    subject_reference = models.CharField(max_length=80)
    n = models.PositiveIntegerField(help_text="Position in the chain of this subject, from 1.")
    event = models.CharField(max_length=60)
    sentence = models.TextField(help_text="What happened and why, in words.")
    data = models.TextField(default="{}", help_text="Canonical JSON.")
    actor = models.CharField(max_length=120)
    request_id = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "entries"
        permissions = [
            ("verify_trail", "Can verify and export the trail"),
            ("read_everything", "Can open every page of the desk, to read it"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_reference", "n"], name="entry_position_unique_per_subject"),
            models.CheckConstraint(condition=models.Q(n__gte=1), name="entry_position_from_one"),
        ]
        indexes = [
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["event", "at"], name="entry_event_at"),
            models.Index(fields=["actor", "at"], name="entry_actor_at"),
            models.Index(fields=["subject_reference"], name="entry_subject_reference"),
            models.Index(fields=["request_id"], condition=~models.Q(request_id=""), name="entry_request"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_reference} #{self.n} {self.event}"


class Mention(models.Model):
    """An index from a subject to the entries of others that concern it. Derived from what is hashed in `Entry.data`."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="mentions")
    reference = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["reference", "entry"], name="mention_once_per_entry")]

    def __str__(self) -> str:
        return self.reference


class Seal(models.Model):
    """A signed root over all entries that were not yet sealed; seals are chained to one another."""

    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    count = models.PositiveIntegerField(help_text="Entries under this seal.")
    root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=64, help_text="HMAC-SHA256 of the hash with SEAL_KEY, hexadecimal.")

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["n"], name="seal_position_unique")]

    def __str__(self) -> str:
        return f"Seal {self.n}"


class SealedEntry(models.Model):
    """Which seal covers an entry. A table of its own, because entries cannot be updated."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="entries")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="sealed")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "sealed entries"

    def __str__(self) -> str:
        return f"{self.seal} · {self.entry_id}"
