"""Writing what a power cut may take: on SQLite each commit waits for the disk, which costs more than all else of a visit.

What is written so survives the end of any process at once, and a power cut from the next full commit on (sqlite.org, PRAGMA synchronous:
in WAL mode NORMAL loses no consistency, only the newest commits). Nothing that somebody was promised is written so.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_NORMAL = 1
"""2 is FULL, 0 is OFF."""


@contextmanager
def lasting_soon() -> Iterator[None]:
    """Statements within, each its own transaction, do not wait for the disk on SQLite; inside a transaction and elsewhere nothing changes."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    disk = connection.connection
    (waits,) = disk.execute("PRAGMA synchronous").fetchone()
    disk.execute(f"PRAGMA synchronous={min(waits, _NORMAL)}")
    try:
        yield
    finally:
        disk.execute(f"PRAGMA synchronous={waits}")
