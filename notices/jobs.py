"""Background work of the outbox."""

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Protocol

from django.utils import timezone

from audit.actors import SYSTEM
from desk.sweeping import each
from notices.inbound import applying
from notices.models import Notice, ProviderEvent
from notices.sending import send, take_back
from notices.sequences import following
from notices.states import EventState, NoticeState

SECONDS = 40
"""A sweep stops after this long, well within the 60 seconds a job may take; the next one goes on."""

KEPT_DAYS = 30
"""The words of what providers told, and of answers, are kept so long."""
_BATCH = 500

logger = logging.getLogger(__name__)


class _Verb(Protocol):
    def __call__(self, *, reference: str, at: datetime) -> str: ...


def send_notice(reference: str, at: datetime | None = None) -> str:
    """Wake-up for one notice: send it if it is due. Answers its state."""
    return send(reference=reference, at=at or timezone.now())


def send_queued_notices(at: datetime | None = None, limit: int = 500) -> dict[str, int]:
    """Take back what a dead process held, then send what is due, the longest waiting first. Answers states and how many.

    Safe to run twice, late, or beside itself. One notice's failure (counted as `error`) does not stop the others.
    """
    now = at or timezone.now()
    end = time.monotonic() + SECONDS
    for reference in _expired(now, limit):
        _attempt(take_back, reference, now)
    counts: Counter[str] = Counter()
    for reference in _due(now, limit):
        if time.monotonic() > end:
            counts["left"] += 1
        else:
            counts[_attempt(send, reference, now)] += 1
    return dict(counts)


def follow_sequences(at: datetime | None = None) -> dict[str, int]:
    """Write the messages of sequences that are due, at most one to a person. Answers counts."""
    now = at or timezone.now()
    return each(
        following.due(at=now),
        lambda one: following.send(due=one, at=now),
        "written",
        again="notices.jobs.follow_sequences",
    )


def apply_provider_event(reference: str, at: datetime | None = None) -> str:
    """Wake-up for one thing a provider told: do what follows from it. Answers its state."""
    event = ProviderEvent.objects.filter(reference=reference).first()
    return applying.apply(event=event, at=at or timezone.now(), by=SYSTEM) if event else "gone"


def apply_provider_events(at: datetime | None = None) -> dict[str, int]:
    """Do what follows from everything providers told that waits, the oldest first. Answers counts."""
    now = at or timezone.now()
    waiting = ProviderEvent.objects.filter(state=EventState.WAITING).order_by("received_at", "pk")[:_BATCH]
    return each(
        waiting,
        lambda event: applying.apply(event=event, at=now, by=SYSTEM),
        "applied",
        again="notices.jobs.apply_provider_events",
    )


def forget_provider_words(at: datetime | None = None) -> int:
    """Empty the words of what was told and answered more than 30 days ago and settled since. Answers how many rows."""
    before = (at or timezone.now()) - timedelta(days=KEPT_DAYS)
    old = ProviderEvent.objects.filter(received_at__lt=before).exclude(state__in=[EventState.WAITING, EventState.FOR_PERSON])
    return old.exclude(words="", detail="").update(words="", detail="")


def _expired(now: datetime, limit: int) -> list[str]:
    rows = Notice.objects.filter(state=NoticeState.SENDING, lease_until__lte=now).order_by("lease_until")
    return list(rows.values_list("reference", flat=True)[:limit])


def _due(now: datetime, limit: int) -> list[str]:
    rows = Notice.objects.filter(state=NoticeState.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    return list(rows.values_list("reference", flat=True)[:limit])


def _attempt(verb: _Verb, reference: str, now: datetime) -> str:
    try:
        return str(verb(reference=reference, at=now))
    except Exception:
        logger.exception("Notice %s could not be handled; the next sweep tries again.", reference)
        return "error"
