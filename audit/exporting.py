"""Taking the seals and the heads of all chains out of the database, where whoever can alter it cannot reach them.

The file is JSON lines: one per seal, one per chain with its last entry, and a last line that signs all before it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from audit.chain import canonical, sign
from audit.models import Entry, Seal

Position = tuple[str, str, int]
"""Subject type, subject reference, n."""

SEAL_COLUMNS = ("n", "at", "count", "root", "previous_hash", "hash", "signature")


class SealFileInvalid(ValueError):
    """The file is not one `export_seals` wrote, or it was changed since. The message says which line and why."""


@dataclass(frozen=True)
class SealFile:
    """What a seal file says: seal hash by number, and the hash of the last entry of each chain by its position."""

    seals: dict[int, str] = field(default_factory=dict)
    heads: dict[Position, str] = field(default_factory=dict)


def lines() -> Iterator[str]:
    """The lines of a seal file for the trail as it is now, without line ends."""
    digest, count = hashlib.sha256(), 0
    for line in _content():
        digest.update(f"{line}\n".encode())
        count += 1
        yield line
    text = digest.hexdigest()
    yield canonical({"kind": "signature", "lines": count, "sha256": text, "signature": sign(settings.SEAL_KEY, text)})


def _content() -> Iterator[str]:
    for row in Seal.objects.order_by("n").values(*SEAL_COLUMNS).iterator():
        yield canonical({"kind": "seal", **row})
    for kind, reference, n, digest in _heads():
        yield canonical({"kind": "head", "subject_type": kind, "subject_reference": reference, "n": n, "hash": digest})


def _heads() -> Iterator[tuple[str, str, int, str]]:
    """The last entry of every chain, in the order of subjects."""
    rows = (
        Entry.objects.order_by("subject_type", "subject_reference", "n")
        .values_list("subject_type", "subject_reference", "n", "hash")
        .iterator(chunk_size=5000)
    )
    last: tuple[str, str, int, str] | None = None
    for row in rows:
        if last is not None and last[:2] != row[:2]:
            yield last
        last = row
    if last is not None:
        yield last


def read(text_lines: Iterable[str]) -> SealFile:
    """Read a seal file. Raises `SealFileInvalid` when it is not one, is cut, or was not signed with our key."""
    found, digest, count, signed = SealFile(), hashlib.sha256(), 0, False
    for number, text in enumerate(text_lines, start=1):
        line = text.rstrip("\r\n")
        row = _parsed(number, line)
        if signed:
            raise SealFileInvalid(f"Line {number}: nothing may follow the signature.")
        if row["kind"] == "signature":
            _check_signature(row, digest.hexdigest(), count)
            signed = True
            continue
        digest.update(f"{line}\n".encode())
        count += 1
        _take(found, row)
    if not signed:
        raise SealFileInvalid("The file has no signature at its end: it was cut. Take another copy.")
    return found


def _parsed(number: int, line: str) -> dict[str, Any]:
    needed = {
        "seal": {"n", "hash"},
        "head": {"subject_type", "subject_reference", "n", "hash"},
        "signature": {"lines", "sha256", "signature"},
    }
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or not needed.get(str(row.get("kind")), {"kind?"}) <= row.keys():
        raise SealFileInvalid(f"Line {number} is not a line of a seal file. Was it written by `manage.py export_seals`?")
    return row


def _check_signature(row: dict[str, Any], digest: str, count: int) -> None:
    genuine = hmac.compare_digest(str(row["signature"]), sign(settings.SEAL_KEY, digest))
    if row["lines"] != count or row["sha256"] != digest or not genuine:
        raise SealFileInvalid("The signature does not fit: the file was changed, or it was made with another SEAL_KEY.")


def _take(found: SealFile, row: dict[str, Any]) -> None:
    if row["kind"] == "seal":
        found.seals[row["n"]] = row["hash"]
    else:
        found.heads[row["subject_type"], row["subject_reference"], row["n"]] = row["hash"]
