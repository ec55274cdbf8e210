"""Consent: given and withdrawn, row after row; the newest counts."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers import profiles
from customers.models import Consent, Customer
from customers.refusals import CustomerInvalid
from customers.states import CHANNELS, PURPOSES


def record_consent(*, customer: Customer, channel: str, purpose: str, is_given: bool, how: str, at: datetime, by: Actor) -> Consent:
    """Note that the customer gave or withdrew consent, and with which words (`how`, naming nobody).

    The same act twice is one row. Refuses with `erased`, `channel_unknown` or `purpose_unknown`.
    """
    _check_choice("channel", channel, CHANNELS)
    _check_choice("purpose", purpose, PURPOSES)
    with transaction.atomic():
        row = profiles.lock(customer)
        newest = _newest(row, channel, purpose)
        if newest is not None and (newest.is_given, newest.how) == (is_given, how):
            return newest
        consent = Consent.objects.create(customer=row, channel=channel, purpose=purpose, is_given=is_given, how=how, at=at)
        given = "given" if is_given else "withdrawn"
        trail.record("consent.recorded", about=row, by=by, at=at, channel=channel, purpose=purpose, given=given, how=how)
    return consent


def has_consent(customer: Customer, channel: str, purpose: str) -> bool:
    """Whether the newest word of this customer on channel and purpose is a yes."""
    newest = _newest(customer, channel, purpose)
    return customer.erased_at is None and newest is not None and newest.is_given


def _newest(customer: Customer, channel: str, purpose: str) -> Consent | None:
    return Consent.objects.filter(customer=customer, channel=channel, purpose=purpose).order_by("-at", "-id").first()


def _check_choice(field: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise CustomerInvalid(f"{field}_unknown", f"There is no {field} “{value}”. It is one of {', '.join(allowed)}.")
