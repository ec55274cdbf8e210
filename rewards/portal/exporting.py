"""A copy of what is kept of a customer: asked for, made by background work, there for a day, then deleted.

Verbs here; what goes into the copy is gathered in `mydata`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from customers.models import Customer
from desk.languages import of_customer
from desk.moves import move
from desk.queue import enqueue
from notices import outbox
from rewards.models import DataExport
from rewards.portal import mydata
from rewards.portal.refusals import PortalNotFound, PortalRefused
from rewards.states import EXPORT_MOVES, ExportState

GOOD_FOR = timedelta(hours=24)
JOB = "rewards.jobs.make_data_exports"
KIND = "data_export_ready"


def ask(*, customer: Customer, at: datetime, by: Actor) -> DataExport:
    """Ask for a copy. While one is being made, asking again answers that one."""
    try:
        with transaction.atomic():
            asked = DataExport.objects.create(customer=customer, asked_at=at)
            trail.record("data_export.asked", about=asked, by=by, at=at, concerns=[customer.reference])
            enqueue(JOB, asked.reference)
    except IntegrityError:
        return DataExport.objects.get(customer=customer, state=ExportState.ASKED)
    return asked


def make(*, export: DataExport, at: datetime, by: Actor) -> DataExport:
    """Gather the copy and tell the customer that it is there. A second call changes nothing. Refuses with `erased`."""
    with transaction.atomic():
        row = DataExport.objects.select_for_update(of=("self",)).select_related("customer").get(pk=export.pk)
        if row.state != ExportState.ASKED:
            return row
        if row.customer.erased_at is not None:
            raise PortalRefused("erased", "This customer's data was erased: there is nothing to copy.")
        with translation.override(of_customer(row.customer.language)):
            content = mydata.gathered(row.customer, at=at)
        ready: dict[str, Any] = {"content": content, "ready_at": at, "expires_at": at + GOOD_FOR}
        move(row, to=ExportState.READY, moves=EXPORT_MOVES, refusal=PortalRefused, **ready)
        trail.record("data_export.made", about=row, by=by, at=at, concerns=[row.customer.reference])
        facts = {"data_url": settings.SITE_URL + reverse("my_data"), "hours": str(GOOD_FOR // timedelta(hours=1))}
        outbox.queue(KIND, to=row.customer, about=row.reference, facts=facts, at=at)
    return row


def delete(*, export: DataExport, at: datetime, by: Actor) -> bool:
    """Delete a copy whose day is over. Answers whether this call did."""
    with transaction.atomic():
        rows = DataExport.objects.filter(pk=export.pk, state=ExportState.READY, expires_at__lte=at)
        if not rows.update(state=ExportState.DELETED, content=None):
            return False
        trail.record("data_export.deleted", about=export, by=by, at=at, concerns=[export.customer.reference])
    return True


def fetch(*, customer: Customer, reference: str, at: datetime, by: Actor) -> DataExport:
    """The customer's own copy, to be shown or saved; that it was fetched is recorded. Refuses with `no_export`."""
    with transaction.atomic():
        found = copies_of(customer, at=at).filter(state=ExportState.READY, reference=reference).first()
        if found is None:
            raise PortalNotFound("no_export", _("There is no such copy, or its day is over. Ask for a new one."))
        trail.record("data_export.fetched", about=found, by=by, at=at, concerns=[customer.reference])
    return found


def copies_of(customer: Customer, *, at: datetime) -> QuerySet[DataExport]:
    """The customer's copies that are being made or can be fetched at `at`, the newest first."""
    rows = DataExport.objects.filter(customer=customer).exclude(state=ExportState.DELETED)
    return rows.exclude(expires_at__lte=at).select_related("customer")


def over(*, at: datetime) -> QuerySet[DataExport]:
    """Copies whose day is over."""
    return DataExport.objects.filter(state=ExportState.READY, expires_at__lte=at).select_related("customer")
