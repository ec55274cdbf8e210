"""Whom not to write to: the suppression list and the reasons a notice is not sent."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from audit import trail
from audit.actors import Actor
from customers.consenting import has_consent
from customers.identity import email_key
from customers.models import Customer
from notices.models import Suppression
from notices.refusals import NoticeRefused
from notices.states import Channel


def address_hash(address: str, channel: str) -> str:
    """Keyed hash of a normalised address: comparable, and of no use to whoever steals the table without the key."""
    return salted_hmac("notices.suppression", f"{channel}:{email_key(address)}", algorithm="sha256").hexdigest()


def is_suppressed(address: str, channel: str) -> bool:
    """Whether `address` is on the suppression list of `channel`."""
    return Suppression.objects.filter(channel=channel, address_hash=address_hash(address, channel)).exists()


def why_not(*, to: Customer | None, address: str, channel: str, is_marketing: bool) -> str:
    """Why a notice to this address must not be sent, in words for the trail; empty when it may be.

    A test is written to no customer: `to` is None.
    """
    if to is not None and to.erased_at is not None:
        return "the customer was erased"
    if not address:
        return "no address"
    if is_suppressed(address, channel):
        return "the address is on the suppression list"
    if is_marketing and to is not None and not has_consent(to, channel, "marketing"):
        return "no marketing consent"
    return ""


def suppress(*, address: str, channel: Channel, reason: str, at: datetime, by: Actor) -> Suppression:
    """Never write to `address` by `channel` again. A second call changes nothing. Refuses with `address_missing`.

    Staff need `notices.add_suppression`.
    """
    if by.user is not None:
        by.require("notices.add_suppression")
    if not address.strip():
        raise NoticeRefused("address_missing", "Say which address is not to be written to.")
    row = Suppression(channel=channel, address_hash=address_hash(address, channel), reason=reason, at=at)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return Suppression.objects.get(channel=channel, address_hash=row.address_hash)
        trail.record("suppression.added", about=row, by=by, at=at, channel=str(channel))
    return row


def lift(*, address: str, channel: Channel, reason: str, at: datetime, by: Actor) -> None:
    """Write to `address` again. Needs `notices.delete_suppression`. Refuses with `not_suppressed`."""
    by.require("notices.delete_suppression")
    with transaction.atomic():
        row = Suppression.objects.select_for_update().filter(channel=channel, address_hash=address_hash(address, channel)).first()
        if row is None:
            raise NoticeRefused("not_suppressed", "This address is not on the suppression list: it is written to already.")
        trail.record("suppression.lifted", about=row, by=by, at=at, reason=reason, channel=str(channel))
        row.delete()
