"""Turning the spool's lines into rows: every visit once, however often this is killed or runs twice."""

import json
import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from referrals import spool
from referrals.models import Code, Segment, Touch
from referrals.visits import Visit

BATCH = 2_000
"""Lines in one transaction."""
logger = logging.getLogger(__name__)


def drain(segment: Path) -> int:
    """Store the visits of one segment as far as they are whole, and remove it when it is finished. Answers how many lines it took.

    The rows and how far they reach into the file are written in one transaction; whoever was killed before it ended wrote neither.
    """
    is_finished = spool.is_finished(segment)
    taken = 0
    while count := _drain_some(segment):
        taken += count
    if is_finished:
        segment.unlink(missing_ok=True)
        Segment.objects.filter(name=segment.name).delete()
    return taken


def forget_lost_segments() -> int:
    """Delete what is remembered of this machine's segments that are gone, as after a kill between file and row. Answers how many."""
    there = {segment.name for segment in spool.segments()}
    gone = [row.pk for row in Segment.objects.all() if row.name not in there and row.name.startswith(spool.prefix())]
    return int(Segment.objects.filter(pk__in=gone).delete()[0])


def _drain_some(segment: Path) -> int:
    with transaction.atomic():
        Segment.objects.bulk_create([Segment(name=segment.name)], ignore_conflicts=True)
        row = Segment.objects.select_for_update().get(name=segment.name)
        try:
            lines, end = spool.lines_from(segment, row.offset, most=BATCH)
        except FileNotFoundError:
            return 0
        if lines:
            store(_visits(lines))
            Segment.objects.filter(pk=row.pk).update(offset=end)
    return len(lines)


def store(visits: Iterable[Visit]) -> None:
    """Write visits as rows. One that is there already is completed with what only the spool knows, never doubled."""
    visits = {visit.token: visit for visit in visits}.values()
    known = set(Code.objects.filter(pk__in={visit.code_id for visit in visits}).values_list("pk", flat=True))
    Touch.objects.bulk_create(
        [Touch(**visit._asdict()) for visit in visits if visit.code_id in known],
        update_conflicts=True,
        unique_fields=["token"],
        update_fields=["referer_host", "visitor_hash"],
    )


def _visits(lines: Iterable[bytes]) -> Iterator[Visit]:
    for line in lines:
        try:
            token, code, at, *others = json.loads(line)
            yield Visit(uuid.UUID(token), code, datetime.fromisoformat(at), *others)
        except (ValueError, TypeError):
            logger.warning("A line of the spool could not be read and was left out: %d bytes.", len(line))
