"""Background work of the frame itself."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_q.models import Failure

from config import tallies
from config.heartbeats import show_life
from config.signing_in import mailing

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


def mail_password_reset(user: int) -> int:
    """Mail a link to set a new password to the member of staff with this key; 0 and others nobody has are left alone."""
    return mailing.mail_password_reset(user)


def forget_sign_ins(at: datetime | None = None) -> int:
    """Delete failed log-ins that count no more, and ended sessions with the addresses they came from. Answers how many."""
    now = at or timezone.now()
    deleted: int = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()[0]
    deleted += Session.objects.filter(expire_date__lt=now).delete()[0]
    deleted += UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]
    return deleted


def forget_tallies(at: datetime | None = None) -> int:
    """Delete counts of tries whose window is over. Answers how many."""
    return tallies.forget(at=at or timezone.now())
