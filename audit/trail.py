"""Writing to the trail: one call per verb, inside the verb's own transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction

from audit import registry
from audit.actors import Actor
from audit.chain import canonical, entry_hash
from audit.middleware import current_request_id
from audit.models import Entry, Mention

_ATTEMPTS = 20
_CHUNK = 400


class Subject(Protocol):
    """Anything the trail can be about: it has a kind and an opaque reference."""

    subject_type: str

    @property
    def reference(self) -> Any:
        """The opaque public name."""


@dataclass(frozen=True)
class Happening:
    """What is to be recorded: the event, its subject, who, when, why, and what else it concerns."""

    event: str
    about: Subject
    by: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    concerns: Sequence[str] = ()


def record(
    event: str,
    *,
    about: Subject,
    by: Actor,
    at: datetime,
    reason: str = "",
    concerns: Sequence[str] = (),
    **data: Any,
) -> Entry:
    """Append one entry to the chain of `about` and answer it.

    `data` fills the event's sentence and is stored; `reason` is added to the sentence; `concerns` are references of other
    subjects whose timelines should show this entry. Must be called inside a transaction, so that an act and its entry
    stand or fall together. Raises `KeyError` for an unregistered event.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written inside the verb's own transaction.")
    happening = Happening(event, about, by, at, data, reason, concerns)
    _queue_up(about)
    for _ in range(_ATTEMPTS):
        entry = _next_entry(happening, *_head(about))
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            # Another transaction took this position; its commit is visible now, so look again.
            continue
        Mention.objects.bulk_create(_mentions(entry, happening))
        return entry
    raise RuntimeError(f"Could not append to the chain of {about.reference} after {_ATTEMPTS} attempts.")


def record_many(happenings: Iterable[Happening]) -> int:
    """Append many entries, each to its own subject's chain, in few statements. Answers how many.

    The caller holds locks that keep others from writing to the same subjects, or the subjects are new.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written inside the verb's own transaction.")
    batch = list(happenings)
    for start in range(0, len(batch), _CHUNK):
        _record_chunk(batch[start : start + _CHUNK])
    return len(batch)


def _record_chunk(happenings: list[Happening]) -> None:
    heads = _heads(happenings)
    entries = []
    for happening in happenings:
        key = (happening.about.subject_type, str(happening.about.reference))
        entry = _next_entry(happening, *heads.get(key, (0, "")))
        heads[key] = (entry.n, entry.hash)
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    Mention.objects.bulk_create(
        [mention for entry, happening in zip(entries, happenings, strict=True) for mention in _mentions(entry, happening)]
    )


def _queue_up(about: Subject) -> None:
    """Wait for others writing to the same chain, until they commit.

    The unique key alone would be right, but on PostgreSQL all who wait for one position lose it to one winner at once, so
    that writers on a busy subject ran out of attempts. SQLite lets one writer in at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            name = f"trail:{about.subject_type}:{about.reference}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _head(about: Subject) -> tuple[int, str]:
    """Position and hash of the last entry of a subject; (0, "") for a new one."""
    last = (
        Entry.objects.filter(subject_type=about.subject_type, subject_reference=about.reference)
        .order_by("-n")
        .values_list("n", "hash")
        .first()
    )
    return last or (0, "")


def _heads(happenings: list[Happening]) -> dict[tuple[str, str], tuple[int, str]]:
    references = {str(happening.about.reference) for happening in happenings}
    rows = (
        Entry.objects.filter(subject_reference__in=references)
        .order_by("n")
        .values_list("subject_type", "subject_reference", "n", "hash")
    )
    return {(kind, reference): (n, digest) for kind, reference, n, digest in rows}


def _next_entry(happening: Happening, n: int, previous_hash: str) -> Entry:
    data = dict(happening.data)
    if happening.concerns:
        data["concerns"] = sorted({str(reference) for reference in happening.concerns if reference})
    sentence = registry.sentence_of(happening.event, data)
    if happening.reason:
        data["reason"] = happening.reason
        sentence = f"{sentence} {happening.reason}"
    entry = Entry(
        subject_type=happening.about.subject_type,
        subject_reference=str(happening.about.reference),
        n=n + 1,
        event=happening.event,
        sentence=sentence,
        data=canonical(data),
        actor=happening.by.name,
        request_id=current_request_id.get(),
        at=happening.at,
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(previous_hash, body_of(entry))
    return entry


def body_of(entry: Entry) -> dict[str, Any]:
    """What is hashed of an entry: every column but the hashes, `data` as the stored text."""
    return {
        "subject_type": entry.subject_type,
        "subject_reference": entry.subject_reference,
        "n": entry.n,
        "event": entry.event,
        "sentence": entry.sentence,
        "data": entry.data,
        "actor": entry.actor,
        "request_id": entry.request_id,
        "at": entry.at,
    }


def _mentions(entry: Entry, happening: Happening) -> list[Mention]:
    references = {str(reference) for reference in happening.concerns if reference} - {entry.subject_reference}
    return [Mention(entry=entry, reference=reference) for reference in sorted(references)]
