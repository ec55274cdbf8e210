"""The one door for messages: a row in the caller's transaction first, a message later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import SYSTEM
from campaigns.models import Campaign
from campaigns.states import Side
from customers.models import Customer
from desk import queue as background
from notices.kinds import for_trail, kind_of
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.states import NoticeState
from notices.wording import Fact
from notices.writing import Occasion, as_text, bundled, goes_by_text_too, written

DEDUPE_LENGTH = 160
_TEXT = ":sms"
"""What the key of a text ends in that goes out beside a mail."""


@dataclass(frozen=True)
class Also:
    """Something else that the same message says: a reference, and the key of its own occasion."""

    about: str
    dedupe: str


def queue(
    kind: str,
    *,
    to: Customer,
    about: str,
    facts: Mapping[str, Fact],
    at: datetime,
    campaign: Campaign | None = None,
    side: Side | None = None,
    dedupe: str = "",
    also: Sequence[Also] = (),
) -> Notice:
    """Put a notice of `kind` to the customer `to` in the outbox and answer it; it is sent after the transaction.

    `about` is the reference of what it speaks of, `facts` a text or a day for each variable of the kind (see `kinds`). `dedupe` names
    the occasion; by default a kind is said once to a customer about a thing, and a second call answers the first notice. `also` are
    occasions that the same words speak of: each gets a row of its own, so that none is said again. Where the notice must not be
    sent (no address, suppression list, no consent to news, the cap reached) it is kept as “not sent” with the reason.

    It goes by mail; as a text to whom only a text can reach, and as a text besides where the kind is urgent and the brand says so.
    News waits for an hour of the day at which it may arrive where the customer lives. Mails state the criteria of both sides; a text
    has room for some, those of the reader's `side` where it is known.

    Refuses with `unknown_kind`, `fact_missing`, `fact_unknown`, `no_template`, `terms_missing`, `unknown_placeholder`,
    `dedupe_too_long`.
    """
    key = dedupe or f"{kind}:{about}:{to.reference}"
    if max(len(one) for one in (key, *(other.dedupe for other in also))) > DEDUPE_LENGTH - len(_TEXT):
        raise NoticeRefused("dedupe_too_long", f"A dedupe key has at most {DEDUPE_LENGTH - len(_TEXT)} characters.")
    with transaction.atomic():
        said = Notice.objects.filter(dedupe_key=key).first()
        return said or _say(Occasion(kind_of(kind), to, about, facts, at, campaign, side), key, also)


def _say(occasion: Occasion, key: str, also: Sequence[Also]) -> Notice:
    occasion.check()
    notice = written(occasion, key)
    stored = _add(notice)
    if stored is not notice:
        return stored
    text = as_text(occasion, key + _TEXT) if goes_by_text_too(occasion, notice) else None
    if text is not None:
        _add(text)
    for other in also:
        _add(bundled(occasion, other.dedupe, other.about, stored))
    return stored


def _add(notice: Notice) -> Notice:
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        # Someone else queued it since we looked; the unique key decides, and theirs is the notice.
        first = Notice.objects.filter(dedupe_key=notice.dedupe_key).first()
        if first is None:
            raise
        return first
    _tell(notice)
    return notice


def _tell(notice: Notice) -> None:
    if notice.state in (NoticeState.SUPPRESSED, NoticeState.BUNDLED):
        trail.record(
            "notice.suppressed",
            about=notice,
            by=SYSTEM,
            at=notice.created_at,
            concerns=notice.concerns(),
            why=notice.reason,
            **for_trail(notice.kind),
        )
        return
    trail.record(
        "notice.queued",
        about=notice,
        by=SYSTEM,
        at=notice.created_at,
        concerns=notice.concerns(),
        channel=str(notice.channel),
        language=notice.language,
        **for_trail(notice.kind),
    )
    if notice.next_attempt_at <= notice.created_at:
        background.enqueue("notices.jobs.send_notice", notice.reference)
