"""Background work of the frame itself."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_q.models import Failure

from config.heartbeats import show_life

FAILURES_KEPT = timedelta(days=30)


def beat(at: datetime | None = None) -> int:
    """Show that a worker took a job from the queue and ran it. The watchdog outside the cluster reads this."""
    show_life(at or timezone.now())
    return 1


def prune_queue(at: datetime | None = None) -> int:
    """Delete the queue's records of failures older than 30 days; successes are not recorded. Answers how many."""
    before = (at or timezone.now()) - FAILURES_KEPT
    deleted: int = Failure.objects.filter(stopped__lt=before).delete()[0]
    return deleted
