"""Words for what a customer can be, with label and badge tone."""

from collections.abc import Mapping

from django.db.models import TextChoices


class Membership(TextChoices):
    """Where a customer stands with the company."""

    PROSPECT = "prospect", "Prospect"
    ACTIVE = "active", "Active"
    LAPSED = "lapsed", "Lapsed"
    CLOSED = "closed", "Closed"


class Origin(TextChoices):
    """How a customer came: each has exactly one origin, with the reason."""

    ORGANIC = "organic", "Came by themselves"
    REFERRAL = "referral", "Referred"
    CAMPAIGN = "campaign", "Campaign"
    IMPORT = "import", "Imported"
    UNKNOWN = "unknown", "Unknown"


class AttributeType(TextChoices):
    """What values a declared attribute takes."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "One of a list"


class ImportState(TextChoices):
    """How far the import of one file has come."""

    UPLOADED = "uploaded", "Columns to be named"
    MAPPED = "mapped", "Being checked"
    CHECKED = "checked", "Checked, not started"
    QUEUED = "queued", "About to start"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Stopped"
    CANCELLED = "cancelled", "Cancelled"


CHANNELS = {"email": "E-mail", "sms": "SMS"}
PURPOSES = {"marketing": "News and offers"}
"""What consent is asked for, and by which channel."""

MEMBERSHIP_TONES: Mapping[str, str] = {
    Membership.PROSPECT: "info",
    Membership.ACTIVE: "ok",
    Membership.LAPSED: "warn",
    Membership.CLOSED: "plain",
}

MEMBERSHIP_MOVES: dict[Membership, frozenset[Membership]] = {start: frozenset(set(Membership) - {start}) for start in Membership}
MEMBERSHIP_TERMINAL: frozenset[Membership] = frozenset()

IMPORT_TONES: Mapping[str, str] = {
    ImportState.UPLOADED: "warn",
    ImportState.MAPPED: "info",
    ImportState.CHECKED: "warn",
    ImportState.QUEUED: "info",
    ImportState.RUNNING: "info",
    ImportState.DONE: "ok",
    ImportState.FAILED: "bad",
    ImportState.CANCELLED: "plain",
}

IMPORT_MOVES: dict[ImportState, frozenset[ImportState]] = {
    ImportState.UPLOADED: frozenset({ImportState.MAPPED, ImportState.CANCELLED}),
    # Naming the columns again starts the check again.
    ImportState.MAPPED: frozenset({ImportState.MAPPED, ImportState.CHECKED, ImportState.FAILED, ImportState.CANCELLED}),
    ImportState.CHECKED: frozenset({ImportState.MAPPED, ImportState.QUEUED, ImportState.CANCELLED}),
    ImportState.QUEUED: frozenset({ImportState.RUNNING, ImportState.FAILED, ImportState.CANCELLED}),
    ImportState.RUNNING: frozenset({ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED}),
    # One that stopped while it was storing goes on; one that stopped in the check is checked again.
    ImportState.FAILED: frozenset({ImportState.MAPPED, ImportState.QUEUED, ImportState.CANCELLED}),
    ImportState.DONE: frozenset(),
    ImportState.CANCELLED: frozenset(),
}
IMPORT_TERMINAL: frozenset[ImportState] = frozenset({ImportState.DONE, ImportState.CANCELLED})
IMPORT_WORKED_ON: frozenset[ImportState] = frozenset({ImportState.MAPPED, ImportState.QUEUED, ImportState.RUNNING})
"""States in which background work has something to do."""
