"""Signs of life of background work: whenever a worker starts or ends a job, at most once a second.

A job that takes long keeps others waiting, but not beyond the queue's timeout; so silence longer than that is a stall.
"""

import logging
import time
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from django_q.signals import post_execute_in_worker, pre_execute

from config.models import Heartbeat

logger = logging.getLogger(__name__)

BACKGROUND_WORK = "background work"
"""Name of the heartbeat that shows that jobs are run."""

SECONDS_BETWEEN = 1.0

_last_shown = 0.0


def show_life(at: datetime) -> None:
    """Write that a job was run by a worker at `at`."""
    Heartbeat.objects.update_or_create(name=BACKGROUND_WORK, defaults={"at": at})


def last_life() -> datetime | None:
    """When a job was last run."""
    return Heartbeat.objects.filter(name=BACKGROUND_WORK).values_list("at", flat=True).first()


def connect() -> None:
    """Show life around every job that workers run."""
    pre_execute.connect(_around_a_job, dispatch_uid="config.heartbeats")
    post_execute_in_worker.connect(_around_a_job, dispatch_uid="config.heartbeats")


def _around_a_job(sender: Any, **kwargs: Any) -> None:
    global _last_shown
    now = time.monotonic()
    if now - _last_shown < SECONDS_BETWEEN:
        return
    _last_shown = now
    try:
        show_life(timezone.now())
    except DatabaseError as problem:
        # An exception here would end the worker; the job itself will meet the same database.
        logger.warning("A sign of life could not be written: %s", problem)
