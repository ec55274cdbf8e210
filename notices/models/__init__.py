"""The outbox, the templates, sequences of messages, and whom not to write to."""

from notices.models.messages import (
    Notice,
    NoticeQuerySet,
    ProviderEvent,
    Suppression,
    Template,
    event_reference,
    notice_reference,
)
from notices.models.sequences import Sequence, Step, sequence_reference

__all__ = [
    "Notice",
    "NoticeQuerySet",
    "ProviderEvent",
    "Sequence",
    "Step",
    "Suppression",
    "Template",
    "event_reference",
    "notice_reference",
    "sequence_reference",
]
