"""What the portal keeps for a while only, and what goes with a person who is erased."""

from datetime import datetime, timedelta

from django.db.models import Q

from customers.models import Customer
from rewards.models import DataExport, PortalSession, PortalSignIn
from rewards.portal import sessions, signing_in

SESSIONS_KEPT = timedelta(days=30)
"""How long it is kept where and when somebody was signed in."""


def forget_person(customer: Customer) -> None:
    """Delete how the customer got in, from where, and the copies of their data; all browsers are signed out by it.

    Called inside the erasure's transaction.
    """
    for model in (PortalSignIn, PortalSession, DataExport):
        model._default_manager.filter(customer=customer).delete()


def forget_old(*, at: datetime) -> int:
    """Delete sign-ins a day after they were asked for and sessions a month after they ended. Answers how many rows."""
    asked = PortalSignIn.objects.filter(asked_at__lt=at - signing_in.KEPT)
    over = Q(ended_at__lt=at - SESSIONS_KEPT) | Q(created_at__lt=at - SESSIONS_KEPT - sessions.LONGEST)
    deleted: int = asked.delete()[0] + PortalSession.objects.filter(over).delete()[0]
    return deleted
