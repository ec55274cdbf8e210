"""A new customer."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from customers import profiles
from customers.models import Customer
from customers.refusals import CustomerInvalid, CustomerRefused
from customers.states import Membership, Origin

__all__ = ["CustomerInvalid", "CustomerRefused", "register"]


def register(
    *,
    name: str,
    email: str,
    at: datetime,
    by: Actor,
    language: str = "en",
    country: str = "",
    phone: str = "",
    external_id: str | None = None,
    membership: str = Membership.PROSPECT,
    member_since: date | None = None,
    origin: str = Origin.UNKNOWN,
    origin_reason: str = "",
    origin_referral: str = "",
    **profile: Any,
) -> Customer:
    """Register someone and answer them. `profile` takes region, postcode, city, birth_year, tags and attributes.

    `origin_reason` goes to the trail and must name nobody; `origin_referral` is the reference of the referral that brought them.
    Asks no permission: anyone may sign up, and a page for staff asks its own.
    Refuses with `email_taken` or `external_id_taken` when somebody has it already (of two at once, one wins), and with
    `name_missing`, `email_missing`, `email_invalid`, `phone_invalid` and the like for values that cannot be used.
    """
    given = {"name": name, "email": email, "language": language, "country": country, "phone": phone, "external_id": external_id}
    customer = Customer(
        **profiles.clean({**given, **profile}),
        membership=Membership(membership),
        member_since=member_since,
        origin=Origin(origin),
        origin_reason=origin_reason[:200],
        origin_referral=origin_referral,
        created_at=at,
    )
    with transaction.atomic():
        _insert(customer)
        words = {"membership": str(customer.membership), "origin": str(customer.origin)}
        trail.record("customer.registered", about=customer, by=by, at=at, reason=origin_reason, concerns=[origin_referral], **words)
    return customer


def _insert(customer: Customer) -> None:
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        raise profiles.taken(error) from error
