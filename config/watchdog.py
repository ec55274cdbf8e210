"""Judging from outside whether background work is done at all.

Whether its processes live says nothing: after a worker was killed while it waited, every process of a stalled cluster
looks well. What counts is that a job put into the queue is run.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import Max
from django_q.models import OrmQ

from config.heartbeats import last_life
from config.pending import overdue
from config.schedules import SCHEDULES
from desk.queue import enqueue

logger = logging.getLogger(__name__)

BOOT = timedelta(seconds=30)
"""A new cluster on a busy machine may take this long before it runs its first job."""

BEAT = "config.jobs.beat"

UNACKNOWLEDGED = 5
"""So many heartbeats taken from the queue and still in it: more than a cluster fetches ahead, so its results get stuck."""


class Watchdog:
    """Asks for a heartbeat through the queue, reads it, and says when the cluster must be started again.

    `stall`: how old the last heartbeat may be. `pending`: how long due work may wait.
    """

    def __init__(self, stall: timedelta | None = None, pending: timedelta | None = None) -> None:
        self.stall = stall or timedelta(seconds=settings.WATCHDOG_STALL_SECONDS)
        self.pending = pending or timedelta(seconds=settings.WATCHDOG_PENDING_SECONDS)
        self.tick = min(self.stall / 6, timedelta(seconds=5))
        self._started_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._vain_restarts = 0
        self._rows_before = 0

    def cluster_started(self, at: datetime) -> None:
        """The cluster was started just now: what was before it no longer counts, and all due work is looked for at once.

        A job that died with the cluster before would come back only after the queue's `retry` seconds.
        """
        self._started_at = at
        self._asked_at = None
        close_old_connections()
        try:
            self._rows_before = OrmQ.objects.aggregate(last=Max("pk"))["last"] or 0
            for scheduled in SCHEDULES:
                if scheduled.is_swept:
                    enqueue(scheduled.job)
        except DatabaseError as problem:
            logger.warning("Due work could not be woken, it is swept within a minute: %s", problem)

    def look(self, at: datetime) -> str:
        """Why the cluster must be started again, in words; empty when it need not, or when the database cannot be asked."""
        if self._started_at is None:
            self._started_at = at
        close_old_connections()
        try:
            self._ask_for_beat(at)
            return self._stalled(at, last_life()) or self._stuck(at) or self._left_undone(at)
        except DatabaseError as problem:
            logger.warning("The watchdog cannot reach the database and waits: %s", problem)
            self._started_at = at
            return ""

    def _ask_for_beat(self, at: datetime) -> None:
        """Put a heartbeat into the queue when nothing else waits there: any job that is run shows life."""
        lately = self._asked_at is not None and at - self._asked_at < self.tick
        if not lately and not OrmQ.objects.filter(lock__lte=at).exists():
            enqueue(BEAT)
            self._asked_at = at

    def _stalled(self, at: datetime, beat_at: datetime | None) -> str:
        assert self._started_at is not None
        if beat_at is None or beat_at < self._started_at:
            silent = at - self._started_at
            return f"it ran no job since it was started {_seconds(silent)} ago." if silent > max(self.stall, BOOT) else ""
        silent = at - beat_at
        return f"it has run no job for {_seconds(silent)}." if silent > self.stall else ""

    def _stuck(self, at: datetime) -> str:
        """After its monitor was killed a cluster runs jobs, but never acknowledges them: they would run again and again."""
        taken = OrmQ.objects.filter(lock__gt=at, pk__gt=self._rows_before).order_by("-pk")[: UNACKNOWLEDGED * 10]
        beats = sum(row.func() == BEAT for row in taken)
        return f"{beats} jobs were done and are still in the queue." if beats >= UNACKNOWLEDGED else ""

    def _left_undone(self, at: datetime) -> str:
        """Work that waits although heartbeats come. Where a new start did not help, the next one waits twice as long."""
        assert self._started_at is not None
        oldest = overdue(at, self.pending)
        if oldest is None:
            self._vain_restarts = 0
            return ""
        if at - self._started_at <= self.pending * 2**self._vain_restarts:
            return ""
        self._vain_restarts += 1
        return f"{oldest.what} has waited for {oldest.seconds} seconds. If this comes again, `manage.py doctor` says more."


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.0f} seconds"
