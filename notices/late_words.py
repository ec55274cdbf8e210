"""Words that a message gets only as it leaves, such as the key of a link: the outbox keeps a mark in their place.

So nobody who may read the outbox, and no copy of the database, holds what opens somebody's pages. Each sending makes fresh
words; a mark is written to be understood by staff who read the notice.
"""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime

from notices.channels.troubles import DeliveryTrouble
from notices.models import Notice

Fill = Callable[[Notice, datetime], Mapping[str, str]]

_fillers: dict[str, Fill] = {}


class GoneStale(Exception):
    """What the message was about is over: it is not sent any more. Says why, in words for staff."""


def register(kind: str, fill: Fill) -> None:
    """Let `fill(notice, at)` give the late words of this kind of notice by name, each time one leaves. From `AppConfig.ready`."""
    _fillers[kind] = fill


def mark(name: str) -> str:
    """What stands in the outbox in the place of the late word `name`."""
    return f"({name}-only-in-the-mail)"


def written_out(notice: Notice, at: datetime) -> Notice:
    """The notice as it leaves; the stored one is left as it is. Raises `DeliveryTrouble` when it is not to leave any more."""
    fill = _fillers.get(notice.kind)
    if fill is None or notice.is_test:
        return notice
    try:
        words = fill(notice, at)
    except GoneStale as stale:
        raise DeliveryTrouble("no longer wanted", str(stale), is_temporary=False) from stale
    letter = copy(notice)
    for name, word in words.items():
        letter.body_text = letter.body_text.replace(mark(name), word)
        letter.body_html = letter.body_html.replace(mark(name), word)
    return letter
