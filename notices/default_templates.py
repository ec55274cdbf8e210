"""The texts the product is shipped with: one file per language and kind, the first line is the subject; those for SMS beside them.

They are part of the release, so installing them is no decision and leaves no entry on the trail; whatever staff write and
publish afterwards does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import IntegrityError, transaction

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
