"""Visits as lines of files, for a peak: one write each, which a killed process does not take back.

Every process appends to a segment of its own and holds it by a shared lock as long as it lives; a segment nobody holds is finished.
What was written survives the death of the process, not that of the machine, like SQLite with `synchronous=NORMAL`.
"""

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

SEGMENT_BYTES = 4_000_000
SEGMENT_SECONDS = 30
"""A process begins a new segment after so much, so that drained ones can be removed."""
_SUFFIX = ".visits"


class NotSpooled(OSError):
    """The line could not be written whole, as on a full disk."""


class _Writer:
    """The segment this process appends to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file = -1
        self._owner = 0
        self._until = 0.0
        self._left = 0

    def append(self, line: bytes) -> None:
        """One write. Raises `NotSpooled` when it was not taken whole; the next line then goes to a segment of its own."""
        with self._lock:
            if self._owner != os.getpid() or self._left < len(line) or time.monotonic() > self._until:
                self._begin()
            written = os.write(self._file, line)
            self._left -= written
            if written != len(line):
                self._left = 0
                raise NotSpooled("The visit could not be written whole.")

    def close(self) -> None:
        """Let go of the segment, which finishes it."""
        with self._lock:
            if self._owner == os.getpid() and self._file >= 0:
                os.close(self._file)
            self._file, self._owner = -1, 0

    def _begin(self) -> None:
        if self._file >= 0:
            # After a fork this is the copy of the parent's file, which the parent goes on holding.
            os.close(self._file)
        name = f"{prefix()}{os.getpid()}-{time.time_ns()}{_SUFFIX}"
        folder().mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_SH)
        self._owner, self._left, self._until = os.getpid(), SEGMENT_BYTES, time.monotonic() + SEGMENT_SECONDS


_writer = _Writer()


def append(line: bytes) -> None:
    """Keep one line. Raises `OSError` when the disk does not take it."""
    _writer.append(line)


def close() -> None:
    """Finish this process's segment; the next line begins another."""
    _writer.close()


def line_of(values: Any) -> bytes:
    """Values as one line."""
    return json.dumps(values, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def folder() -> Path:
    """Where the segments lie."""
    return Path(settings.VAR_DIR) / "spool"


def prefix() -> str:
    """How the names of this machine's segments begin."""
    return f"{socket.gethostname()[:40]}-"


def segments() -> list[Path]:
    """All segments, oldest first as far as their names say."""
    return sorted(folder().glob(f"*{_SUFFIX}"), key=lambda path: path.stem.rpartition("-")[2])


def lines_from(segment: Path, offset: int, *, most: int) -> tuple[list[bytes], int]:
    """At most `most` whole lines from a place in a segment on, and the place after them. A line without its end is not whole."""
    with segment.open("rb") as file:
        file.seek(offset)
        found = [line for _, line in zip(range(most), _whole(file), strict=False)]
    return found, offset + sum(map(len, found))


def _whole(file: Iterator[bytes]) -> Iterator[bytes]:
    for line in file:
        if not line.endswith(b"\n"):
            return
        yield line


def is_finished(segment: Path) -> bool:
    """Whether nobody will write to a segment any more: its process let go of it, or is dead."""
    file = os.open(segment, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True
