"""The one door for messages: a row in the caller's transaction first, a message later."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers.models import Customer
from desk import queue as background
from notices.choosing import language_of, template_for
from notices.common_facts import common_facts
from notices.framing import framed
from notices.kinds import COMMON, Kind, kind_of
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.rendering import render
from notices.states import Channel, NoticeState
from notices.suppressing import why_not
from notices.wording import Fact, in_words

DEDUPE_LENGTH = 160


def queue(
    kind: str,
    *,
    to: Customer,
    about: str,
    facts: Mapping[str, Fact],
    at: datetime,
    campaign: Campaign | None = None,
    dedupe: str = "",
) -> Notice:
    """Put a notice of `kind` to the customer `to` in the outbox and answer it; it is sent after the transaction.

    `about` is the reference of what it speaks of, `facts` a text or a day for each variable of the kind (see `kinds`). `dedupe` names
    the occasion; by default a kind is said once to a customer about a thing, and a second call answers the first notice. Where
    it must not be sent (no address, suppression list, no marketing consent) the notice is kept as “not sent” with the reason.

    Refuses with `unknown_kind`, `fact_missing`, `fact_unknown`, `no_template`, `terms_missing`, `unknown_placeholder`,
    `dedupe_too_long`.
    """
    key = dedupe or f"{kind}:{about}:{to.reference}"
    if len(key) > DEDUPE_LENGTH:
        raise NoticeRefused("dedupe_too_long", f"A dedupe key has at most {DEDUPE_LENGTH} characters.")
    with transaction.atomic():
        said = Notice.objects.filter(dedupe_key=key).first()
        return said or _add(_written(kind_of(kind), to, about, facts, at, campaign, key))


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
    if notice.state == NoticeState.SUPPRESSED:
        trail.record(
            "notice.suppressed",
            about=notice,
            by=SYSTEM,
            at=notice.created_at,
            concerns=notice.concerns(),
            kind=notice.kind,
            why=notice.reason,
        )
        return
    trail.record(
        "notice.queued",
        about=notice,
        by=SYSTEM,
        at=notice.created_at,
        concerns=notice.concerns(),
        kind=notice.kind,
        channel=str(notice.channel),
        language=notice.language,
    )
    background.enqueue("notices.jobs.send_notice", notice.reference)


def _written(
    kind: Kind, to: Customer, about: str, facts: Mapping[str, Fact], at: datetime, campaign: Campaign | None, key: str
) -> Notice:
    _check_facts(kind, facts)
    template = template_for(kind.name, channel=Channel.EMAIL, language=language_of(to.language), campaign=campaign)
    common = common_facts(to=to, campaign=campaign, language=template.language)
    given = {name: in_words(fact, template.language) for name, fact in facts.items()}
    rendered = render(subject=template.subject, body=template.body, facts={**common, **given})
    reason = why_not(to=to, address=to.email, channel=Channel.EMAIL, is_marketing=kind.is_marketing)
    notice = Notice(
        dedupe_key=key,
        kind=kind.name,
        channel=Channel.EMAIL,
        customer=to,
        campaign=campaign,
        about=about,
        address=to.email,
        language=template.language,
        subject=rendered.subject,
        body_text=rendered.text,
        body_html=framed(rendered, language=template.language),
        is_marketing=kind.is_marketing,
        state=NoticeState.SUPPRESSED if reason else NoticeState.QUEUED,
        reason=reason,
        created_at=at,
        next_attempt_at=at,
    )
    notice.message_id = f"<{notice.reference}@{urlsplit(settings.SITE_URL).hostname}>"
    return notice


def _check_facts(kind: Kind, facts: Mapping[str, Fact]) -> None:
    missing = [name for name in kind.variables if name not in facts]
    if missing:
        raise NoticeRefused("fact_missing", f"“{kind.label}” needs {', '.join(missing)}.")
    unknown = sorted(set(facts) - set(kind.variables))
    if unknown:
        own = " (filled in by the outbox itself)" if set(unknown) <= set(COMMON) else ""
        raise NoticeRefused("fact_unknown", f"“{kind.label}” has no place for {', '.join(unknown)}{own}.")
