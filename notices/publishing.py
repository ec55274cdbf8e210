"""Writing and publishing templates. What is published does not change; new words are a new version."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from desk.moves import move
from notices.kinds import STANDING, Kind, for_trail, kind_of
from notices.models import Template
from notices.refusals import NoticeRefused
from notices.rendering import SUBJECT_LENGTH, check_placeholders, without_placeholders
from notices.segments import MOST, count, plain
from notices.states import TEMPLATE_MOVES, Channel, TemplateState

_ATTEMPTS = 5

_MISSING = {
    "criteria_missing": "Readers must be told who can take part. Put {{ criteria }} into the text.",
    "terms_missing": "Readers must be able to read the terms. Put {{ terms_url }} into the text.",
    "unsubscribe_missing": "Readers must be able to stop news and offers. Put {{ unsubscribe_url }} into the text.",
}


def draft(
    *,
    kind: str,
    subject: str,
    body: str,
    at: datetime,
    by: Actor,
    language: str = "en",
    campaign: Campaign | None = None,
    channel: Channel = Channel.EMAIL,
) -> Template:
    """Write the next version of a template, not yet sent to anybody. Needs `notices.add_template`.

    Refuses with `unknown_kind`, `unknown_placeholder`, `changed_meanwhile`.
    """
    by.require("notices.add_template")
    check_placeholders([subject, body], kind_of(kind).allowed)
    new = {"kind": kind, "channel": channel, "language": language, "campaign": campaign}
    with transaction.atomic():
        template = _next_version(Template(**new, subject=subject, body=body))
        _tell_drafted(template, at, by)
    return template


def publish(*, template: Template, at: datetime, by: Actor) -> Template:
    """Let a draft speak from now on; its words never change again. Needs `notices.publish_template`.

    Refuses with `subject_missing`, `body_missing`, `subject_too_long`, `unknown_placeholder`, `criteria_missing`,
    `terms_missing`, `unsubscribe_missing`, `too_many_parts`, `unknown_kind`, `wrong_state`.
    """
    by.require("notices.publish_template")
    with transaction.atomic():
        row = Template.objects.select_for_update().get(pk=template.pk)
        check(row)
        move(row, to=TemplateState.PUBLISHED, moves=TEMPLATE_MOVES, refusal=NoticeRefused, published_at=at)
        _tell_published(row, at, by)
    template.refresh_from_db()
    return template


def check(template: Template) -> None:
    """Refuse words that may not be sent; see `publish` for the codes."""
    kind = kind_of(template.kind)
    if template.channel == Channel.EMAIL and not template.subject.strip():
        raise NoticeRefused("subject_missing", "A mail needs a subject. Write one.")
    if len(template.subject) > SUBJECT_LENGTH:
        raise NoticeRefused("subject_too_long", f"A subject has at most {SUBJECT_LENGTH} characters.")
    if not template.body.strip():
        raise NoticeRefused("body_missing", "The text is empty. Write what the reader should know.")
    check_placeholders([template.subject, template.body], kind.allowed)
    _check_standing(kind, check_placeholders([template.body], kind.allowed))
    if template.channel == Channel.SMS:
        _check_length(template.body)


def _check_length(body: str) -> None:
    """Count the words alone; with its facts filled in a text is counted again before it is sent."""
    parts = count(plain(without_placeholders(body))).parts
    if parts > MOST:
        raise NoticeRefused(
            "too_many_parts", f"The text makes {parts} SMS even without its facts, and {MOST} are the most. Shorten it."
        )


def _check_standing(kind: Kind, used: set[str]) -> None:
    missing = [code for name, code in STANDING.items() if kind.states_terms and name not in used]
    if kind.is_marketing and "unsubscribe_url" not in used:
        missing.append("unsubscribe_missing")
    if missing:
        raise NoticeRefused(missing[0], " ".join(_MISSING[code] for code in missing))


def _next_version(template: Template) -> Template:
    same = Template.objects.filter(
        kind=template.kind, channel=template.channel, language=template.language, campaign=template.campaign
    )
    for _ in range(_ATTEMPTS):
        template.version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                template.save(force_insert=True)
        except IntegrityError:
            # Someone else took this number; the next look sees theirs.
            template.pk = None
            continue
        return template
    raise NoticeRefused("changed_meanwhile", "Others are writing versions of this template right now. Try again.")


def _tell_drafted(template: Template, at: datetime, by: Actor) -> None:
    trail.record(
        "template.drafted",
        about=template,
        by=by,
        at=at,
        concerns=[template.campaign.reference] if template.campaign else [],
        version=template.version,
        channel=str(template.channel),
        language=template.language,
        **for_trail(template.kind),
    )


def _tell_published(template: Template, at: datetime, by: Actor) -> None:
    trail.record(
        "template.published",
        about=template,
        by=by,
        at=at,
        concerns=[template.campaign.reference] if template.campaign else [],
        version=template.version,
        channel=str(template.channel),
        language=template.language,
        **for_trail(template.kind),
    )
