"""Recording what customers do that counts: sign-up, verification, activation, purchase, refund. Each is told once."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from customers.models import Customer
from referrals.models import Conversion, Referral
from referrals.refusals import ReferralRefused
from referrals.states import ConversionKind, Progress


def record_conversion(
    *,
    kind: str,
    external_id: str,
    customer: Customer,
    at: datetime,
    by: Actor,
    amount: Decimal | None = None,
    currency: str = "",
    referral: Referral | None = None,
) -> Conversion:
    """Store one event and answer it; the same kind and external id again answers the first.

    Without `referral` the customer's open or qualified referral is meant, if there is one. A refund carries the external
    id of its purchase. What it proves is found by the sweep (`referrals.jobs.qualify_ripe_referrals`). Raises
    `ReferralRefused("told_differently")` when the same event comes again with another amount or customer.
    """
    told = {"external_id": external_id, "customer": customer, "amount": amount, "currency": currency, "at": at}
    conversion = Conversion(kind=ConversionKind(kind), referral=referral or _referral_of(customer), **told)
    with transaction.atomic():
        try:
            with transaction.atomic():
                conversion.save(force_insert=True)
        except IntegrityError:
            return _first_told(conversion)
        trail.record(
            "conversion.recorded",
            about=conversion.referral or customer,
            by=by,
            at=at,
            kind=str(conversion.kind),
            external_id=external_id,
            concerns=[customer.reference],
        )
    return conversion


def _referral_of(customer: Customer) -> Referral | None:
    return customer.referrals_received.exclude(progress=Progress.EXPIRED).order_by("-signed_up_at").first()


def _first_told(again: Conversion) -> Conversion:
    first = Conversion.objects.get(kind=again.kind, external_id=again.external_id)
    if (first.customer_id, first.amount) != (again.customer_id, again.amount):
        raise ReferralRefused(
            "told_differently",
            f"A {again.kind} with the id {again.external_id} was recorded before, with other content. Use a new id.",
        )
    return first
