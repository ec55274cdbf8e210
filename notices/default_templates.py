"""The texts the product is shipped with: one file per language and kind, the first line is the subject; those for SMS beside them.

They are part of the release, so installing them is no decision and leaves no entry on the trail; whatever is written and
published afterwards does, also the shipped texts of a later release in the place of those of an earlier one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import IntegrityError, transaction

from audit.actors import Actor
from notices import publishing
from notices.models import Template
from notices.states import Channel, TemplateState

FOLDER = Path(__file__).parent / "defaults"


@dataclass(frozen=True)
class Text:
    """One shipped text."""

    kind: str
    language: str
    channel: Channel
    subject: str
    body: str


@cache
def shipped() -> tuple[Text, ...]:
    """All shipped texts, by language and kind."""
    return tuple(_read())


def _read() -> Iterator[Text]:
    for path in sorted(FOLDER.glob("*/*.txt")):
        subject, _, body = path.read_text(encoding="utf-8").partition("\n")
        yield Text(path.stem, path.parent.name, Channel.EMAIL, subject.strip(), body.strip())
    for path in sorted(FOLDER.glob("*/sms/*.txt")):
        yield Text(path.stem, path.parent.parent.name, Channel.SMS, "", path.read_text(encoding="utf-8").strip())


def install(*, at: datetime, using: str = "default") -> int:
    """Publish each shipped text as version 1 where no general template of its kind and language exists. Answers how many.

    Safe to repeat and to run twice at once: the unique version lets one of them win.
    """
    rows = Template.objects.using(using)
    there = set(rows.filter(campaign__isnull=True).values_list("kind", "language", "channel"))
    new = [_published(text, at) for text in shipped() if (text.kind, text.language, text.channel) not in there]
    try:
        with transaction.atomic(using=using):
            rows.bulk_create(new)
    except IntegrityError:
        # Another process installs them at this very moment.
        return 0
    return len(new)


def renew(*, at: datetime, by: Actor) -> list[Template]:
    """Publish each shipped text that reads differently from the general text of its kind and language, as its next version.

    Answers those published. A campaign's own texts stay. Needs `notices.add_template` and `notices.publish_template`.
    """
    drafts = [
        publishing.draft(
            kind=text.kind, subject=text.subject, body=text.body, language=text.language, channel=text.channel, at=at, by=by
        )
        for text in shipped()
        if _reads_differently(text)
    ]
    return [publishing.publish(template=template, at=at, by=by) for template in drafts]


def _reads_differently(text: Text) -> bool:
    rows = Template.objects.filter(
        campaign=None, kind=text.kind, language=text.language, channel=text.channel, state=TemplateState.PUBLISHED
    )
    newest = rows.order_by("-version").first()
    return newest is None or (newest.subject, newest.body) != (text.subject, text.body)


def _published(text: Text, at: datetime) -> Template:
    return Template(
        kind=text.kind,
        channel=text.channel,
        language=text.language,
        subject=text.subject,
        body=text.body,
        state=TemplateState.PUBLISHED,
        published_at=at,
    )
