"""Looking things up in the trail: by whom or what, by event, by time. Reads only."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet

from audit.models import Entry, Mention
from audit.naming import meant

SHOWN = 50
"""Entries on one page."""
_TOLD_ALREADY = frozenset({"concerns", "reason"})


@dataclass(frozen=True)
class Search:
    """What is looked for; empty parts leave everything in. Days are whole days in UTC, both ends included."""

    text: str = ""
    subject: str = ""
    event: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def in_words(self) -> dict[str, str]:
        """The parts that narrow the search, for the trail. What was typed may be a name, so only that something was is told."""
        parts = {
            "text": "given" if self.text else "",
            "subject": self.subject,
            "event": self.event,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
        }
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class Page:
    """Entries newest first; `before` is where the next page begins, None on the last."""

    entries: list[Entry]
    before: int | None


def entries(search: Search) -> QuerySet[Entry]:
    """The entries that fit, newest first."""
    rows = Entry.objects.order_by("-at", "-id")
    if search.text:
        rows = rows.filter(by_text(search.text))
    if search.subject:
        rows = rows.filter(subject_type=search.subject)
    if search.event:
        rows = rows.filter(event=search.event)
    if search.first_day:
        rows = rows.filter(at__gte=_start_of(search.first_day))
    if search.last_day:
        rows = rows.filter(at__lt=_start_of(search.last_day + timedelta(days=1)))
    return rows


def by_text(text: str) -> Q:
    """Entries about or by whom or what a person at the desk calls so, or of the request of this number."""
    found = meant(text)
    about = Q(subject_reference__in=found.references) | Q(subject_type="staff", subject_reference__in=found.logins)
    mentioned = Mention.objects.filter(reference__in=found.references).values("entry")
    return about | Q(pk__in=mentioned) | Q(actor__in=found.keys) | Q(request_id=text.strip())


def page(rows: QuerySet[Entry], *, before: int | None = None) -> Page:
    """The entries that come after the entry with the id `before` in this order."""
    start = Entry.objects.filter(pk=before).values_list("at", "pk").first() if before else None
    if start is not None:
        rows = rows.filter(Q(at__lt=start[0]) | Q(at=start[0], pk__lt=start[1]))
    found = list(rows[: SHOWN + 1])
    return Page(found[:SHOWN], found[SHOWN - 1].pk if len(found) > SHOWN else None)


def data_in_words(entry: Entry) -> list[tuple[str, str]]:
    """What is stored with an entry beside its sentence: names and values for people."""
    data = json.loads(entry.data)
    return [(name.replace("_", " "), _value(value)) for name, value in sorted(data.items()) if name not in _TOLD_ALREADY]


def concerned(entry: Entry) -> list[str]:
    """References of the other subjects the entry concerns."""
    return [str(reference) for reference in json.loads(entry.data).get("concerns", [])]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_value(part)}" for name, part in value.items())
    return str(value)


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
