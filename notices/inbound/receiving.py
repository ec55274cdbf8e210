"""Storing what a provider told, once: the unique pair of provider and event makes a second telling harmless."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from customers.identity import tidy
from customers.models import Customer
from desk import queue as background
from notices.inbound.stop_words import Meaning, meaning_of
from notices.models import Notice, ProviderEvent
from notices.rendering import as_text
from notices.states import Channel, EventKind
from notices.suppressing import address_hash

WORDS_LENGTH = 480
_DETAIL_LENGTH = 200

_SMS_STATUSES: Mapping[str, EventKind] = {
    "delivered": EventKind.DELIVERED,
    "read": EventKind.DELIVERED,
    "undelivered": EventKind.BOUNCED,
    "failed": EventKind.BOUNCED,
}
"""What statuses of a text say that we act on; “queued”, “sent” and any new one say nothing about its arrival."""
_SMS_FOR_GOOD = frozenset({"21211", "21610", "21614", "30005", "30006"})
"""Codes of numbers that will never take a text: not a number, said stop, no mobile, unknown, a landline."""
_MEANT = {
    Meaning.STOP: EventKind.STOPPED,
    Meaning.START: EventKind.STARTED,
    Meaning.HELP: EventKind.ASKED,
    Meaning.OTHER: EventKind.REPLIED,
}


@dataclass(frozen=True)
class Told:
    """One thing a provider told. `message` names the message by our reference, its Message-ID or the provider's own name for it."""

    provider: str
    event_id: str
    kind: EventKind
    channel: Channel
    message: str = ""
    address: str = ""
    detail: str = ""
    words: str = ""
    is_for_good: bool = False


def receive(told: Told, *, at: datetime) -> ProviderEvent | None:
    """Keep what was told and ask for it to be applied; None when it was told before. Changes nothing else."""
    event = ProviderEvent(
        provider=told.provider,
        event_id=told.event_id[:200],
        kind=told.kind,
        channel=told.channel,
        message=told.message[:160],
        notice=_notice(told.message),
        customer=_sender(told),
        address_hash=address_hash(told.address, told.channel) if told.address else "",
        detail=as_text(told.detail)[:_DETAIL_LENGTH],
        words=as_text(told.words)[:WORDS_LENGTH],
        is_for_good=told.is_for_good,
        received_at=at,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            background.enqueue("notices.jobs.apply_provider_event", event.reference)
    except IntegrityError:
        return None
    return event


def sms_status(form: Mapping[str, str]) -> Told | None:
    """What a status of a text says; None for one that says nothing about its arrival."""
    status, sid = form.get("MessageStatus", form.get("SmsStatus", "")).lower(), form.get("MessageSid", form.get("SmsSid", ""))
    kind = _SMS_STATUSES.get(status)
    if kind is None or not sid:
        return None
    code = form.get("ErrorCode", "")
    return Told(
        provider="sms",
        event_id=f"{sid}:{status}",
        kind=kind,
        channel=Channel.SMS,
        message=sid,
        address=form.get("To", ""),
        detail=f"{status} {code}".strip(),
        is_for_good=code in _SMS_FOR_GOOD,
    )


def sms_reply(form: Mapping[str, str]) -> Told | None:
    """What somebody answered by SMS; None when it comes from nobody."""
    sid, sender, words = form.get("MessageSid", form.get("SmsSid", "")), form.get("From", ""), form.get("Body", "")
    if not sid or not sender:
        return None
    return Told("sms", sid, _MEANT[meaning_of(words)], Channel.SMS, address=sender, words=words)


def _notice(message: str) -> Notice | None:
    return Notice.objects.named(message).first() if message else None


def _sender(told: Told) -> Customer | None:
    """Whoever writes from this number, the one we wrote to last when several share it."""
    if told.kind not in _MEANT.values():
        return None
    people = Customer.objects.filter(phone=tidy(told.address), erased_at__isnull=True)
    return people.order_by("-notices__created_at", "pk").first() if told.address else None
