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
