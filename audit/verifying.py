"""Proving that the trail is whole, or naming the first entry that is not as it was written.

Every pass streams: memory does not grow with the number of entries, only with the chains named in an exported file.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings

from audit.chain import entry_hash, merkle_root, seal_hash, sign
from audit.exporting import Position, SealFile
from audit.models import Entry, Mention, Seal, SealedEntry

CHUNK = 5000
PROBLEMS_KEPT = 20
"""Problems told in full; the rest is only counted."""

_BODY = ("subject_type", "subject_reference", "n", "event", "sentence", "data", "actor", "request_id", "at")


@dataclass
class Report:
    """What was looked at and what was found. `problems` holds the first ones in words, in the order they were met."""

    entries: int = 0
    chains: int = 0
    seals: int = 0
    sealed: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return self.problem_count == 0

    def found(self, problem: str) -> None:
        """Note a problem."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)


def verify(exported: SealFile | None = None) -> Report:
    """Walk all chains, mentions and seals; with `exported`, also compare with what a seal file says was there.

    Found are: an entry changed in any hashed column, missing from the middle, put in, or, once it was sealed or
    exported, cut from the end; a mention added or removed; a seal changed, forged or removed.
    """
    report = Report()
    _verify_chains(report, dict(exported.heads) if exported else {})
    _verify_mentions(report)
    _verify_seals(report, dict(exported.seals) if exported else {})
    return report


# --- chains ---------------------------------------------------------------------------------------------------------
def _verify_chains(report: Report, heads: dict[Position, str]) -> None:
    rows = Entry.objects.order_by("subject_type", "subject_reference", "n").values_list(*_BODY, "previous_hash", "hash")
    subject, n, tip = ("", ""), 0, ""
    for row in rows.iterator(chunk_size=CHUNK):
        body = dict(zip(_BODY, row[:-2], strict=True))
        previous_hash, digest = row[-2:]
        if (row[0], row[1]) != subject:
            subject, n, tip = (row[0], row[1]), 0, ""
            report.chains += 1
        report.entries += 1
        problem = _problem_of_entry(body, previous_hash, digest, n, tip) or _problem_of_head(body, digest, heads)
        if problem:
            report.found(problem)
        n, tip = body["n"], digest
    for kind, reference, position in heads:
        report.found(f"{_name(kind, reference, position)} is in the exported file but no longer in the trail: its end was cut.")


def _problem_of_entry(body: dict[str, Any], previous_hash: str, digest: str, n: int, tip: str) -> str:
    name = _name(body["subject_type"], body["subject_reference"], body["n"])
    if body["n"] != n + 1:
        missing = f"entry {n + 1}" if body["n"] == n + 2 else f"entries {n + 1} to {body['n'] - 1}"
        return (
            f"{name} follows on {f'entry {n}' if n else 'nothing'}: {missing} of this subject {_is_or_are(body['n'] - n - 2)} gone."
        )
    if previous_hash != tip:
        return f"{name} ({body['event']}) does not fit on the entry before it: one of the two was replaced."
    if entry_hash(previous_hash, body) != digest:
        return f"{name} ({body['event']} of {_day(body['at'])}) was changed after it was written: its hash does not fit."
    return ""


def _problem_of_head(body: dict[str, Any], digest: str, heads: dict[Position, str]) -> str:
    key = (body["subject_type"], body["subject_reference"], body["n"])
    if heads and heads.pop(key, digest) != digest:
        return f"{_name(*key)} ({body['event']}) is another entry than the exported file says."
    return ""


def _name(kind: str, reference: str, n: int) -> str:
    return f"Entry {n} of {kind} {reference}"


def _is_or_are(others: int) -> str:
    return "are" if others else "is"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


# --- mentions -------------------------------------------------------------------------------------------------------
def _verify_mentions(report: Report) -> None:
    """Mentions are an index of what entries hash; both sides are read in the order of entries and laid side by side."""
    stored = _grouped_mentions()
    held = next(stored, None)
    for pk, name, expected in _expected_mentions():
        while held and held[0] < pk:
            report.found(f"Mention of {min(held[1])} hangs on an entry that concerns nobody else: it was added.")
            held = next(stored, None)
        actual = held[1] if held and held[0] == pk else frozenset[str]()
        if held and held[0] == pk:
            held = next(stored, None)
        for reference in sorted(expected ^ actual)[:1]:
            report.found(f"{name} {'lost' if reference in expected else 'was given'} the mention of {reference}.")
    if held:
        report.found(f"Mention of {min(held[1])} hangs on an entry that concerns nobody else: it was added.")


def _expected_mentions() -> Iterator[tuple[int, str, frozenset[str]]]:
    rows = (
        Entry.objects.filter(data__contains='"concerns":')
        .order_by("pk")
        .values_list("pk", "subject_type", "subject_reference", "n", "data")
    )
    for pk, kind, reference, n, data in rows.iterator(chunk_size=CHUNK):
        expected = _concerns(data) - {reference}
        if expected:
            yield pk, _name(kind, reference, n), expected


def _concerns(data: str) -> frozenset[str]:
    """References in the entry's data. Text that is no longer JSON was changed, and the chains have already said so."""
    try:
        return frozenset(json.loads(data).get("concerns", ()))
    except (ValueError, AttributeError, TypeError):
        return frozenset()


def _grouped_mentions() -> Iterator[tuple[int, frozenset[str]]]:
    rows = Mention.objects.order_by("entry_id", "reference").values_list("entry_id", "reference").iterator(chunk_size=CHUNK)
    for pk, group in groupby(rows, key=lambda row: row[0]):
        yield pk, frozenset(reference for _, reference in group)


# --- seals ----------------------------------------------------------------------------------------------------------
def _verify_seals(report: Report, exported: dict[int, str]) -> None:
    leaves = _grouped_leaves()
    held = next(leaves, None)
    n, tip = 0, ""
    for row in Seal.objects.order_by("n").iterator(chunk_size=CHUNK):
        present: list[str] = []
        if held and held[0] == row.n:
            present, held = held[1], next(leaves, None)
        report.seals += 1
        report.sealed += len(present)
        problem = _problem_of_seal(row, n, tip) or _problem_of_leaves(row, present)
        if not problem and exported.get(row.n, row.hash) != row.hash:
            problem = f"Seal {row.n} is another one than the exported file says."
        if problem:
            report.found(problem)
        exported.pop(row.n, None)
        n, tip = row.n, row.hash
    if exported:
        report.found(f"Seal {min(exported)} is in the exported file but no longer in the trail: its end was cut.")


def _grouped_leaves() -> Iterator[tuple[int, list[str]]]:
    """Number of each seal with the hashes of the entries under it that are still there, in the order they were sealed."""
    rows = SealedEntry.objects.order_by("seal__n", "entry_id").values_list("seal__n", "entry__hash").iterator(chunk_size=CHUNK)
    for n, group in groupby(rows, key=lambda row: row[0]):
        yield n, [digest for _, digest in group]


def _problem_of_seal(row: Seal, n: int, tip: str) -> str:
    if row.n != n + 1:
        return f"Seal {row.n} follows on {f'seal {n}' if n else 'nothing'}: a seal between them is gone."
    if row.previous_hash != tip:
        return f"Seal {row.n} does not fit on the seal before it: one of the two was replaced."
    if seal_hash(previous_hash=row.previous_hash, n=row.n, at=row.at, count=row.count, root=row.root) != row.hash:
        return f"Seal {row.n} of {_day(row.at)} was changed after it was made: its hash does not fit."
    if not hmac.compare_digest(row.signature, sign(settings.SEAL_KEY, row.hash)):
        return f"Seal {row.n} of {_day(row.at)} was not signed with our key: it was forged, or SEAL_KEY is another one now."
    return ""


def _problem_of_leaves(row: Seal, present: list[str]) -> str:
    name = f"Seal {row.n} of {_day(row.at)}"
    gone = row.count - len(present)
    if gone > 0:
        return f"{name} covers {row.count} entries and {gone} of them {_is_or_are(gone - 1)} gone{_last_seen(row)}."
    if gone < 0:
        return f"{name} covers {row.count} entries, but {len(present)} are listed: some were put in."
    if merkle_root(present) != row.root:
        return f"{name} does not fit the entries under it: one of them was replaced."
    return ""


def _last_seen(row: Seal) -> str:
    """Where the listing of sealed entries still knows the id of a removed one, say so."""
    listed = set(row.entries.values_list("entry_id", flat=True))
    there = set(Entry.objects.filter(sealed__seal=row).values_list("pk", flat=True))
    return f", first the one with id {min(listed - there)}" if listed - there else ""
