"""The demo's mailbox: the mails that Django's file backend wrote instead of sending them.

A file holds one or more messages as MIME, each followed by a line of 79 dashes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

LIMIT = 100

_FILE = re.compile(r"\A[0-9]{8}-[0-9]{6}-[0-9]{1,20}\.log\Z")
_END = re.compile(rb"\n-{79}\n(?=\Z|Content-Type: )")


@dataclass(frozen=True)
class Mail:
    """One message in the mailbox, a mail or a text (`is_text`). `file` and `position` (from 1) name it; `sent_at` is None when its date cannot be read."""

    file: str
    position: int
    subject: str
    to: str
    sender: str
    sent_at: datetime | None
    message_id: str
    text: str
    html: str
    is_text: bool = False


def is_open() -> bool:
    """Whether mail goes to files here at all."""
    return settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") and bool(settings.EMAIL_FILE_PATH)


def newest(limit: int = LIMIT) -> list[Mail]:
    """The newest mails, newest first."""
    mails: list[Mail] = []
    for path in sorted(_files(), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True):
        mails += reversed(_mails_in(path))
        if len(mails) >= limit:
            break
    return mails[:limit]


def find(file: str, position: int) -> Mail | None:
    """The mail at `position` in `file`, or None. A name that is no mailbox file's name finds nothing, whatever it points at."""
    path = next((path for path in _files() if path.name == file), None) if _FILE.match(file) else None
    mails = _mails_in(path) if path else []
    return mails[position - 1] if 1 <= position <= len(mails) else None


def _files() -> Iterator[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if is_open() and folder.is_dir():
        yield from (path for path in folder.iterdir() if _FILE.match(path.name) and path.is_file() and not path.is_symlink())


def _mails_in(path: Path) -> list[Mail]:
    parts = [part for part in _END.split(path.read_bytes()) if part.strip()]
    return [_mail(path.name, position, part) for position, part in enumerate(parts, start=1)]


def _mail(file: str, position: int, source: bytes) -> Mail:
    message = message_from_bytes(source, policy=policy.default)
    return Mail(
        file=file,
        position=position,
        subject=str(message.get("Subject", "")),
        to=str(message.get("To", "")),
        sender=str(message.get("From", "")),
        sent_at=_date(message),
        message_id=str(message.get("Message-ID", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        is_text=message.get("X-Channel") == "sms",
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
