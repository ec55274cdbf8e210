"""Holding back, by hand, what waits in the outbox: after a backup was restored, some of it may have been sent before."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk.moves import move
from notices.kinds import for_trail
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.states import NOTICE_MOVES, NoticeState


def hold_back(*, reference: str, why: str, at: datetime, by: Actor) -> str:
    """Keep the waiting notice `reference` from being sent, for the reason `why`. Answers its state after that.

    One that does not wait stays as it is. Staff may send it all the same (`retrying.retry`). Needs `notices.retry_notice`.
    Refuses with `no_reason`, `unknown_notice`.
    """
    by.require("notices.retry_notice")
    if not why.strip():
        raise NoticeRefused("no_reason", "Say why these notices are held back; it stands beside each of them.")
    with transaction.atomic():
        row = (
            Notice.objects.select_for_update(of=("self",))
            .select_related("customer", "campaign")
            .filter(reference=reference)
            .first()
        )
        if row is None:
            raise NoticeRefused("unknown_notice", f"There is no notice {reference}.")
        if row.state == NoticeState.QUEUED:
            move(row, to=NoticeState.SUPPRESSED, moves=NOTICE_MOVES, refusal=NoticeRefused, reason=why.strip())
            trail.record(
                "notice.held_back", about=row, by=by, at=at, concerns=row.concerns(), why=why.strip(), **for_trail(row.kind)
            )
    return row.state


def waiting(*, at: datetime) -> list[str]:
    """References of what waits in the outbox at `at`, and of what was being sent by a process whose lease is over."""
    rows = Notice.objects.filter(state=NoticeState.QUEUED) | Notice.objects.filter(state=NoticeState.SENDING, lease_until__lte=at)
    return list(rows.order_by("pk").values_list("reference", flat=True))
