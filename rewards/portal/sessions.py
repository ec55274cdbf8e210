"""Browsers in which a customer is signed in: 30 minutes without a click, 12 hours in all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers.models import Customer
from rewards.models import PortalSession
from rewards.portal.keys import hash_of, new_key

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_BETWEEN_WRITES = timedelta(minutes=1)
"""A session that is used is not written more often than this."""
_DEVICE_LENGTH = 60


def begin(*, customer: Customer, device: str, at: datetime) -> tuple[PortalSession, str]:
    """A new session and its key, which nobody can be told again. The caller has made sure who asks, and records it."""
    key = new_key()
    session = PortalSession.objects.create(
        customer=customer, key_hash=hash_of(key), device=device[:_DEVICE_LENGTH], created_at=at, seen_at=at
    )
    return session, key


def find(key: str, *, at: datetime) -> PortalSession | None:
    """The live session with this key, with its customer; None when there is none, or it has ended. One read."""
    if not key:
        return None
    rows = PortalSession.objects.select_related("customer")
    return rows.filter(key_hash=hash_of(key), **_living(at)).first()


def touch(session: PortalSession, *, at: datetime) -> None:
    """Note that the session is used now; written down once a minute at most."""
    if at - session.seen_at >= _BETWEEN_WRITES:
        PortalSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(seen_at=at)


def living_of(customer: Customer, *, at: datetime) -> Sequence[PortalSession]:
    """Where a customer is signed in at `at`, the last used first."""
    return list(PortalSession.objects.filter(customer=customer, **_living(at)).order_by("-seen_at", "-id"))


def end(*, session: PortalSession, at: datetime, by: Actor) -> bool:
    """Sign out of one browser. Answers whether this call did; a second one changes nothing."""
    with transaction.atomic():
        if not PortalSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=at):
            return False
        trail.record("portal.signed_out", about=session.customer, by=by, at=at)
    return True


def end_others(*, session: PortalSession, at: datetime, by: Actor) -> int:
    """Sign out everywhere but in the browser of `session`. Answers how many sessions ended."""
    with transaction.atomic():
        others = PortalSession.objects.filter(customer=session.customer, **_living(at)).exclude(pk=session.pk)
        ended = others.update(ended_at=at)
        if ended:
            trail.record("portal.others_signed_out", about=session.customer, by=by, at=at, count=ended)
    return ended


def _living(at: datetime) -> dict[str, object]:
    return {
        "ended_at__isnull": True,
        "seen_at__gt": at - IDLE,
        "created_at__gt": at - LONGEST,
        "customer__erased_at__isnull": True,
    }
