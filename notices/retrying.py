"""Sending again, by hand, what failed, was given up or was kept back."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk import queue as background
from desk.moves import move
from notices.freshness import too_late
from notices.kinds import for_trail
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.segments import MOST, count
from notices.states import NOTICE_MOVES, Channel, NoticeState
from notices.suppressing import address_of, why_not


def retry(*, notice: Notice, at: datetime, by: Actor) -> None:
    """Put `notice` back in the outbox, to the customer's address of today, with all its attempts before it again.

    The words and the Message-ID stay. Needs `notices.retry_notice`. Refuses with `wrong_state` a notice that is waiting or
    sent, with `not_to_be_sent` one that still may not go (suppression list, no consent, erased) or whose time is over.
    """
    by.require("notices.retry_notice")
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",)).select_related("customer", "campaign").get(pk=notice.pk)
        before = row.state
        _check(row, at)
        move(
            row,
            to=NoticeState.QUEUED,
            moves=NOTICE_MOVES,
            refusal=NoticeRefused,
            address=_address_of_today(row),
            attempts=0,
            next_attempt_at=at,
            reason="",
        )
        trail.record(
            "notice.retried",
            about=row,
            by=by,
            at=at,
            concerns=row.concerns(),
            before=NoticeState(before).label,
            **for_trail(row.kind),
        )
        background.enqueue("notices.jobs.send_notice", row.reference)
    notice.refresh_from_db()


def _address_of_today(row: Notice) -> str:
    if row.customer is None:
        return row.address
    return address_of(row.customer, row.channel)


def _check(row: Notice, at: datetime) -> None:
    if row.state in (NoticeState.QUEUED, NoticeState.SENDING):
        raise NoticeRefused("wrong_state", "This notice is waiting or being sent already. There is nothing to do.")
    why = why_not(to=row.customer, address=_address_of_today(row), channel=row.channel, is_marketing=row.is_marketing)
    if not why and row.channel == Channel.SMS and count(row.body_text).parts > MOST:
        why = f"it makes more than {MOST} SMS, and its words do not change"
    why = why or too_late(row, at=at)
    if why:
        raise NoticeRefused("not_to_be_sent", f"This notice still may not be sent: {why}.")
