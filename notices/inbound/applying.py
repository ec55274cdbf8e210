"""What follows from what a provider told: a message arrived or came back, an address is not written to any more, somebody wants no texts.

A message only moves forward: what came back does not arrive afterwards, and telling twice changes nothing.
"""

from datetime import datetime, timedelta

from django.db import transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from audit.actors import customer as acting_customer
from customers.consenting import record_consent
from desk.moves import move
from notices.models import Notice, ProviderEvent
from notices.refusals import NoticeRefused
from notices.rendering import as_subject
from notices.states import EVENT_MOVES, NOTICE_MOVES, Channel, EventKind, EventState, NoticeState
from notices.suppressing import lift_hash, suppress_hash

PATIENCE = timedelta(days=1)
"""How long what was told waits for its message: a provider may be quicker than our own writing down that it was sent."""
SOFT_BOUNCES, SOFT_DAYS = 5, 14
"""So many messages that came back for a passing reason within so many days: the address is not written to any more."""
STOPPED_BY_SMS = "They answered a text with stop."
MARKETING = "marketing"

_NOT_YET = (NoticeState.QUEUED, NoticeState.SENDING)


def apply(*, event: ProviderEvent, at: datetime, by: Actor) -> str:
    """Do what follows from `event`, once, and answer the state of the event after that."""
    with transaction.atomic():
        row = ProviderEvent.objects.select_for_update(of=("self",)).select_related("customer").get(pk=event.pk)
        if row.state != EventState.WAITING:
            return row.state
        notice = _lock_notice(row)
        if _has_to_wait(row, notice, at):
            return row.state
        state, outcome = _follow(row, notice, at)
        move(row, to=state, moves=EVENT_MOVES, refusal=NoticeRefused, outcome=outcome, notice=notice)
        trail.record(
            "provider.told",
            about=row,
            by=by,
            at=at,
            concerns=_concerns(row, notice),
            kind=EventKind(row.kind).label.lower(),
            outcome=outcome.rstrip("."),
        )
    return row.state


def _lock_notice(row: ProviderEvent) -> Notice | None:
    if not row.message:
        return None
    return Notice.objects.named(row.message).select_for_update(of=("self",)).select_related("customer", "campaign").first()


def _has_to_wait(row: ProviderEvent, notice: Notice | None, at: datetime) -> bool:
    is_late = notice is None or notice.state in _NOT_YET
    return bool(row.message) and is_late and at - row.received_at < PATIENCE


def _follow(row: ProviderEvent, notice: Notice | None, at: datetime) -> tuple[EventState, str]:
    """Where the event goes, and what came of it in words."""
    kind = EventKind(row.kind)
    if kind in (EventKind.STOPPED, EventKind.STARTED, EventKind.REPLIED, EventKind.ASKED):
        return _follow_answer(row, kind, at)
    if notice is None:
        return EventState.IGNORED, "No message of ours is known by this name."
    if kind == EventKind.DELIVERED:
        return _arrived(notice)
    if kind in (EventKind.COMPLAINED, EventKind.UNSUBSCRIBED):
        _stop_writing(row, f"{kind.label}, told by the provider.", at)
        return EventState.APPLIED, "Nothing is sent to this address any more."
    return _came_back(row, notice, at)


def _arrived(notice: Notice) -> tuple[EventState, str]:
    if NoticeState.DELIVERED not in NOTICE_MOVES[NoticeState(notice.state)]:
        return EventState.IGNORED, f"The message stays “{notice.get_state_display().lower()}”: messages only move forward."
    move(notice, to=NoticeState.DELIVERED, moves=NOTICE_MOVES, refusal=NoticeRefused)
    return EventState.APPLIED, "The message arrived."


def _came_back(row: ProviderEvent, notice: Notice, at: datetime) -> tuple[EventState, str]:
    has_moved = row.kind == EventKind.BOUNCED and NoticeState.BOUNCED in NOTICE_MOVES[NoticeState(notice.state)]
    if has_moved:
        move(notice, to=NoticeState.BOUNCED, moves=NOTICE_MOVES, refusal=NoticeRefused, reason=_words(row, notice))
    if row.is_for_good:
        _stop_writing(row, "A message came back for good.", at)
        return EventState.APPLIED, "The message came back for good. Nothing is sent to this address any more."
    if _soft_bounces(row, at) >= SOFT_BOUNCES:
        _stop_writing(row, f"{SOFT_BOUNCES} messages came back within {SOFT_DAYS} days.", at)
        return (
            EventState.APPLIED,
            f"Message {SOFT_BOUNCES} to come back in {SOFT_DAYS} days. Nothing is sent to this address any more.",
        )
    if row.kind == EventKind.DEFERRED:
        return EventState.APPLIED, "The provider tries again by itself."
    return EventState.APPLIED if has_moved else EventState.IGNORED, "The message came back for a passing reason."


def _words(row: ProviderEvent, notice: Notice) -> str:
    """The provider's words for staff; they may repeat the address, so nothing is kept of them about who was erased."""
    is_erased = notice.customer is not None and notice.customer.erased_at is not None
    return "" if is_erased else as_subject(row.detail or "the provider gave no reason")


def _soft_bounces(row: ProviderEvent, at: datetime) -> int:
    """Messages to this address that came back for a passing reason of late, this one counted."""
    if not row.address_hash:
        return 0
    soft = ProviderEvent.objects.filter(
        address_hash=row.address_hash,
        kind__in=[EventKind.BOUNCED, EventKind.DEFERRED],
        is_for_good=False,
        received_at__gt=at - timedelta(days=SOFT_DAYS),
    )
    return soft.values("message").distinct().count()


def _follow_answer(row: ProviderEvent, kind: EventKind, at: datetime) -> tuple[EventState, str]:
    if kind == EventKind.STOPPED:
        _stop_writing(row, STOPPED_BY_SMS, at)
        _withdraw(row, at)
        return EventState.APPLIED, "No more texts are sent to this number."
    if kind == EventKind.STARTED:
        # Only what they asked for themselves: a number that takes no texts is not mended by a word.
        lifted = lift_hash(
            address_hash=row.address_hash, channel=Channel.SMS, reason="They answered start.", at=at, by=SYSTEM, only=STOPPED_BY_SMS
        )
        said = (
            "Texts about what they borrowed are sent again; news needs a new consent." if lifted else "There was nothing to lift."
        )
        return EventState.APPLIED, said
    if kind == EventKind.ASKED:
        return EventState.APPLIED, "They were told whom to ask, in the answer to their text."
    return EventState.FOR_PERSON, "Somebody has to read it; until then no news goes to them by SMS."


def _stop_writing(row: ProviderEvent, reason: str, at: datetime) -> None:
    if row.address_hash:
        suppress_hash(address_hash=row.address_hash, channel=Channel(row.channel), reason=reason, at=at, by=SYSTEM)


def _withdraw(row: ProviderEvent, at: datetime) -> None:
    if row.customer is not None:
        by = acting_customer(row.customer.reference)
        record_consent(
            customer=row.customer, channel=Channel.SMS, purpose=MARKETING, is_given=False, how="a text that said stop", at=at, by=by
        )


def _concerns(row: ProviderEvent, notice: Notice | None) -> list[str]:
    people = [person.reference for person in (row.customer, notice.customer if notice else None) if person is not None]
    return [*([notice.reference] if notice else []), *people]
