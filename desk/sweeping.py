"""How a sweep goes over its rows: each on its own, so that one row's trouble never costs the others."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from desk.queue import enqueue
from desk.refusals import Refused

logger = logging.getLogger(__name__)


BUDGET_SECONDS = 20.0
"""How long one sweep works at most. The queue kills a job after 60 seconds, and killing is no way to end one."""


def each(rows: Iterable[Any], verb: Callable[[Any], object], done: str, *, again: str = "") -> dict[str, int]:
    """Call `verb` on every row and count: `{done: n, "failed": m}`. A refusal or an error is logged and the sweep goes on.

    After `BUDGET_SECONDS` it stops, and the job `again` is woken for the rest; without it the next sweep finds them.
    """
    counts = {done: 0, "failed": 0}
    end = time.monotonic() + BUDGET_SECONDS
    for row in rows:
        if time.monotonic() > end:
            if again:
                enqueue(again)
            break
        try:
            verb(row)
            counts[done] += 1
        except Refused as refusal:
            logger.info("%s was not %s: %s", row.reference, done, refusal.sentence)
            counts["failed"] += 1
        except Exception:
            logger.exception("%s could not be %s", row.reference, done)
            counts["failed"] += 1
    return counts
