"""Answers by SMS that a person has to read: what they meant is decided once, and until then no news goes to whoever wrote."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk.moves import move
from notices.models import ProviderEvent
from notices.refusals import NoticeRefused
from notices.states import EVENT_MOVES, Channel, EventState
from notices.suppressing import suppress_hash

ANSWER = "notices.answer_reply"


def settle(*, reply: ProviderEvent, is_stop: bool, at: datetime, by: Actor) -> None:
    """Note that somebody read the answer; `is_stop` when it asks for no more texts. Needs `notices.answer_reply`.

    Refuses with `wrong_state` what was settled before.
    """
    by.require(ANSWER)
    outcome = "A person read it: they want no more texts." if is_stop else "A person read it."
    with transaction.atomic():
        row = ProviderEvent.objects.select_for_update(of=("self",)).select_related("customer").get(pk=reply.pk)
        move(row, to=EventState.SETTLED, moves=EVENT_MOVES, refusal=NoticeRefused, outcome=outcome)
        if is_stop:
            suppress_hash(
                address_hash=row.address_hash,
                channel=Channel.SMS,
                reason="Their answer meant stop.",
                at=at,
                by=by,
                permission=ANSWER,
            )
        concerns = [row.customer.reference] if row.customer else []
        trail.record("provider.reply_settled", about=row, by=by, at=at, concerns=concerns, outcome=outcome.rstrip("."))
    reply.refresh_from_db()
