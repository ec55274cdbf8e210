"""Whom not to write to: the suppression list and the reasons a notice is not sent."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from audit import trail
from audit.actors import Actor
from customers.consenting import has_consent
from customers.identity import email_key
from customers.models import Customer
from notices.models import ProviderEvent, Suppression
from notices.refusals import NoticeRefused
from notices.states import Channel, EventState

ERASED = "the customer was erased"
NO_CONSENT = "no marketing consent"
NO_ADDRESS = "no address"
ON_THE_LIST = "the address is on the suppression list"
UNREACHABLE = (NO_ADDRESS, ON_THE_LIST)
"""Reasons that speak of one way to reach somebody: another way may be open."""


def address_hash(address: str, channel: str) -> str:
    """Keyed hash of a normalised address: comparable, and of no use to whoever steals the table without the key."""
    return salted_hmac("notices.suppression", f"{channel}:{email_key(address)}", algorithm="sha256").hexdigest()


def address_of(customer: Customer, channel: str) -> str:
    """Where messages by `channel` reach this customer; empty where nothing does."""
    return customer.phone if channel == Channel.SMS else customer.email


def suppressions_of(customer: Customer) -> list[Suppression]:
    """What stands against writing to this customer's addresses of today, a channel at most once."""
    ways = [(channel, address_of(customer, channel)) for channel in Channel]
    keys = [Q(channel=channel, address_hash=address_hash(address, channel)) for channel, address in ways if address]
    return list(Suppression.objects.filter(reduce(or_, keys))) if keys else []


def is_suppressed(address: str, channel: str) -> bool:
    """Whether `address` is on the suppression list of `channel`."""
    return Suppression.objects.filter(channel=channel, address_hash=address_hash(address, channel)).exists()


def is_answer_open(customer: Customer, channel: str) -> bool:
    """Whether an answer of this customer waits for a person who reads it."""
    return ProviderEvent.objects.filter(customer=customer, channel=channel, state=EventState.FOR_PERSON).exists()


def why_not(*, to: Customer | None, address: str, channel: str, is_marketing: bool) -> str:
    """Why a notice to this address must not be sent, in words for the trail; empty when it may be.

    A test is written to no customer: `to` is None.
    """
    if to is not None and to.erased_at is not None:
        return ERASED
    if not address:
        return NO_ADDRESS
    if is_suppressed(address, channel):
        return ON_THE_LIST
    if is_marketing and to is not None and not has_consent(to, channel, "marketing"):
        return NO_CONSENT
    if is_marketing and to is not None and is_answer_open(to, channel):
        return "an answer of theirs has to be read by a person first"
    return ""


def suppress(*, address: str, channel: Channel, reason: str, at: datetime, by: Actor) -> Suppression:
    """Never write to `address` by `channel` again. A second call changes nothing. Refuses with `address_missing`.

    Staff need `notices.add_suppression`.
    """
    if by.user is not None:
        by.require("notices.add_suppression")
    if not address.strip():
        raise NoticeRefused("address_missing", "Say which address is not to be written to.")
    return suppress_hash(address_hash=address_hash(address, channel), channel=channel, reason=reason, at=at, by=by)


def suppress_hash(
    *, address_hash: str, channel: Channel, reason: str, at: datetime, by: Actor, permission: str = "notices.add_suppression"
) -> Suppression:
    """As `suppress`, where only the keyed hash of the address is known. Staff need `permission`."""
    if by.user is not None:
        by.require(permission)
    row = Suppression(channel=channel, address_hash=address_hash, reason=reason, at=at)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return Suppression.objects.get(channel=channel, address_hash=address_hash)
        trail.record("suppression.added", about=row, by=by, at=at, channel=str(channel))
    return row


def lift(*, address: str, channel: Channel, reason: str, at: datetime, by: Actor) -> None:
    """Write to `address` again. Needs `notices.delete_suppression`. Refuses with `not_suppressed`."""
    lifted = lift_hash(address_hash=address_hash(address, channel), channel=channel, reason=reason, at=at, by=by)
    if not lifted:
        raise NoticeRefused("not_suppressed", "This address is not on the suppression list: it is written to already.")


def lift_hash(*, address_hash: str, channel: Channel, reason: str, at: datetime, by: Actor, only: str = "") -> bool:
    """As `lift`, where only the keyed hash is known: answers whether there was something to lift. `only` names the one reason that may be
    lifted. Needs `notices.delete_suppression`.
    """
    by.require("notices.delete_suppression")
    with transaction.atomic():
        rows = Suppression.objects.select_for_update().filter(channel=channel, address_hash=address_hash)
        row = (rows.filter(reason=only) if only else rows).first()
        if row is None:
            return False
        trail.record("suppression.lifted", about=row, by=by, at=at, reason=reason, channel=str(channel))
        row.delete()
    return True
