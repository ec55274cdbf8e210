"""Sending what is in the outbox: claim under a lease, send outside any transaction, write down what came of it.

At least once: a process that dies between sending and writing down sends again, with the same Message-ID, so that the
reader's mail program can tell.
"""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from audit import trail
from audit.actors import SYSTEM
from campaigns.models import Brand
from desk.moves import move
from notices import late_words
from notices.channels import deliver
from notices.channels.troubles import DeliveryTrouble
from notices.freshness import too_late
from notices.kinds import for_trail
from notices.models import Notice
from notices.pacing import next_hour
from notices.refusals import NoticeRefused
from notices.rendering import as_subject
from notices.states import NOTICE_MOVES, NoticeState
from notices.suppressing import why_not

LEASE_MINUTES = 5
"""Longer than any job may run (60 seconds), so that only the lease of a dead process ends."""

BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
"""Wait after the first, second … attempt; the last one repeats."""

MAX_ATTEMPTS = 10
REASON_LENGTH = 300
BLANK = {"address": "", "subject": "", "body_text": "", "body_html": ""}
"""What is left of a notice to a customer who was erased."""

logger = logging.getLogger(__name__)


def send(*, reference: str, at: datetime) -> str:
    """Send the notice `reference` if it is due and nobody else is at it. Answers its state after that.

    Refuses with `unknown_notice`.
    """
    notice, is_ours = _claim(reference, at)
    if not is_ours:
        return notice.state
    try:
        named = deliver(late_words.written_out(notice, at), at)
    except DeliveryTrouble as trouble:
        return _write_trouble(notice, trouble, at)
    return _write_sent(notice, named, at)


def take_back(*, reference: str, at: datetime) -> str:
    """Put a notice back in the outbox whose sender did not come back before its lease ended. Answers its state after that.

    Refuses with `unknown_notice`.
    """
    with transaction.atomic():
        notice = _locked(reference)
        if notice.state != NoticeState.SENDING or notice.lease_until is None or notice.lease_until > at:
            return notice.state
        if notice.attempts >= MAX_ATTEMPTS:
            return _give_up(notice, DeliveryTrouble("never finished", "Sending never finished.", is_temporary=True), at)
        _move(notice, NoticeState.QUEUED, next_attempt_at=at)
        trail.record("notice.taken_back", **_entry(notice, at))
    return notice.state


def wait_after(attempt: int) -> timedelta:
    """How long to wait after the `attempt`-th attempt (from 1) failed."""
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempt, len(BACK_OFF_MINUTES)) - 1])


def _claim(reference: str, at: datetime) -> tuple[Notice, bool]:
    """The notice, and whether it is ours to send: it was due, and is now in `sending` under a fresh lease."""
    with transaction.atomic():
        notice = _locked(reference)
        if notice.state != NoticeState.QUEUED or notice.next_attempt_at > at:
            return notice, False
        why = why_not(to=notice.customer, address=notice.address, channel=notice.channel, is_marketing=notice.is_marketing)
        why = why or too_late(notice, at=at)
        if why:
            _keep_back(notice, why, at)
            return notice, False
        if _wait_for_day(notice, at):
            return notice, False
        lease = {"lease_until": at + timedelta(minutes=LEASE_MINUTES), "lease_token": str(uuid.uuid4())}
        _move(notice, NoticeState.SENDING, attempts=notice.attempts + 1, **lease)
    return notice, True


def _wait_for_day(notice: Notice, at: datetime) -> bool:
    """Put news off to the next hour at which it may arrive where the reader lives. Answers whether it was; no attempt is counted."""
    if not notice.is_marketing or notice.customer is None:
        return False
    hour = next_hour(notice.customer, notice.campaign, Brand.current(), at=at)
    if hour > at:
        Notice.objects.filter(pk=notice.pk).update(next_attempt_at=hour)
        notice.next_attempt_at = hour
    return hour > at


def _locked(reference: str) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",)).select_related("customer", "campaign")
    notice = rows.filter(reference=reference).first()
    if notice is None:
        raise NoticeRefused("unknown_notice", f"There is no notice {reference}.")
    return notice


def _keep_back(notice: Notice, why: str, at: datetime) -> None:
    blank = BLANK if notice.customer and notice.customer.erased_at else {}
    _move(notice, NoticeState.SUPPRESSED, reason=why, **blank)
    trail.record("notice.suppressed", why=why, **_entry(notice, at))


def _write_sent(claimed: Notice, named: str, at: datetime) -> str:
    with transaction.atomic():
        notice = _still_ours(claimed)
        if notice is None:
            return claimed.state
        _move(notice, NoticeState.SENT, sent_at=at, reason="", provider_id=named or "")
        trail.record("notice.sent", **_entry(notice, at))
    return notice.state


def _write_trouble(claimed: Notice, trouble: DeliveryTrouble, at: datetime) -> str:
    with transaction.atomic():
        notice = _still_ours(claimed)
        if notice is None:
            return claimed.state
        if not trouble.is_temporary:
            return _fail(notice, trouble, at)
        if notice.attempts >= MAX_ATTEMPTS:
            return _give_up(notice, trouble, at)
        return _postpone(notice, trouble, at)


def _still_ours(claimed: Notice) -> Notice | None:
    """The locked row, or None when our lease ended meanwhile and the notice is no longer ours to write about."""
    notice = _locked(claimed.reference)
    if notice.state == NoticeState.SENDING and notice.lease_token == claimed.lease_token:
        return notice
    logger.warning("Notice %s was taken back while it was being sent.", claimed.reference)
    return None


def _postpone(notice: Notice, trouble: DeliveryTrouble, at: datetime) -> str:
    again_at = at + wait_after(notice.attempts)
    _move(notice, NoticeState.QUEUED, next_attempt_at=again_at, reason=_words(notice, trouble))
    trail.record("notice.postponed", answer=trouble.answer, again_at=f"{again_at:%Y-%m-%d %H:%M} UTC", **_entry(notice, at))
    return notice.state


def _fail(notice: Notice, trouble: DeliveryTrouble, at: datetime) -> str:
    _move(notice, NoticeState.FAILED, reason=_words(notice, trouble))
    trail.record("notice.failed", answer=trouble.answer, **_entry(notice, at))
    logger.error("Notice %s was refused for good (%s).", notice.reference, trouble.answer)
    return notice.state


def _give_up(notice: Notice, trouble: DeliveryTrouble, at: datetime) -> str:
    _move(notice, NoticeState.DEAD, reason=_words(notice, trouble))
    trail.record("notice.given_up", answer=trouble.answer, **_entry(notice, at))
    logger.error("Notice %s was given up after %s attempts (%s).", notice.reference, notice.attempts, trouble.answer)
    return notice.state


def _words(notice: Notice, trouble: DeliveryTrouble) -> str:
    """The server's words for staff. They may repeat the address, so of an erased customer only the code is kept."""
    return trouble.answer if notice.customer and notice.customer.erased_at else as_subject(trouble.reason)[:REASON_LENGTH]


def _move(notice: Notice, to: NoticeState, **changes: Any) -> None:
    freed = {"lease_until": None, "lease_token": ""}
    move(notice, to=to, moves=NOTICE_MOVES, refusal=NoticeRefused, **{**freed, **changes})


def _entry(notice: Notice, at: datetime) -> dict[str, Any]:
    return {
        "about": notice, "by": SYSTEM, "at": at, "concerns": notice.concerns(), "attempt": notice.attempts, **for_trail(notice.kind),
    }  # fmt: skip
