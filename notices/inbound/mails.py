"""What mail providers tell, as django-anymail brings it into one shape after it has checked who says it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notices.channels.email import METADATA
from notices.inbound.receiving import Told, receive
from notices.models import ProviderEvent
from notices.states import Channel, EventKind

_KINDS: Mapping[str, EventKind] = {
    "delivered": EventKind.DELIVERED,
    "bounced": EventKind.BOUNCED,
    "failed": EventKind.BOUNCED,
    "rejected": EventKind.BOUNCED,
    "deferred": EventKind.DEFERRED,
    "complained": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}
_FOR_GOOD = frozenset({"invalid", "bounced", "spam", "unsubscribed"})
"""Reasons that will not pass."""


def receive_mail_event(event: Any, provider: str, *, at: datetime) -> ProviderEvent | None:
    """Keep one of anymail's tracking events; None for one that says nothing we act on, or that was told before."""
    kind = _KINDS.get(event.event_type or "")
    if kind is None:
        return None
    ours = (event.metadata or {}).get(METADATA, "")
    return receive(
        Told(
            provider=provider.lower().replace(" ", "_")[:40],
            event_id=str(event.event_id or _made_up(event)),
            kind=kind,
            channel=Channel.EMAIL,
            message=str(ours or event.message_id or ""),
            address=event.recipient or "",
            detail=event.mta_response or event.description or event.reject_reason or "",
            is_for_good=kind == EventKind.BOUNCED and event.reject_reason in _FOR_GOOD,
        ),
        at=at,
    )


def _made_up(event: Any) -> str:
    """A name for an event without one: the same event has the same."""
    told = f"{event.event_type}|{event.message_id}|{event.recipient}|{event.timestamp}"
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"
