"""Stopping news and offers from the mail itself, without logging in: RFC 8058, "Signaling One-Click Functionality for List Email
Headers". Service messages about what somebody has borrowed go on: they are no news.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.actors import customer as acting_customer
from customers import consenting
from customers.models import Customer
from customers.states import CHANNELS
from notices.refusals import NoticeRefused

PURPOSE = "marketing"
_SALT = "notices.unsubscribe"


def address_for(customer: Customer, channel: str) -> str:
    """The full address that stops news and offers to this customer by this channel. It does not expire: old mails must work."""
    word = signing.Signer(salt=_SALT).sign_object([customer.reference, str(channel)])
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[word])}"


def headers_for(customer: Customer, channel: str) -> dict[str, str]:
    """Headers with which a mail program offers its own button (RFC 2369 section 3.2, RFC 8058 section 3.1)."""
    return {"List-Unsubscribe": f"<{address_for(customer, channel)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(word: str) -> tuple[Customer, str]:
    """Whom and which channel an address is about. Refuses with `link_invalid` a forged one, and one of an erased customer."""
    try:
        reference, channel = signing.Signer(salt=_SALT).unsign_object(word)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _invalid() from error
    customer = Customer.objects.filter(reference=reference, erased_at__isnull=True).first()
    if customer is None or channel not in CHANNELS:
        raise _invalid()
    return customer, channel


def stop(*, customer: Customer, channel: str, at: datetime) -> None:
    """Send no more news and offers. A second call changes nothing."""
    _record(customer, channel, at, is_given=False, how="the link in a message")


def go_on(*, customer: Customer, channel: str, at: datetime) -> None:
    """Send news and offers again: the way back for who pressed by mistake. A second call changes nothing."""
    _record(customer, channel, at, is_given=True, how="the page of the link in a message")


def _record(customer: Customer, channel: str, at: datetime, *, is_given: bool, how: str) -> None:
    by = acting_customer(customer.reference)
    consenting.record_consent(customer=customer, channel=channel, purpose=PURPOSE, is_given=is_given, how=how, at=at, by=by)


def _invalid() -> NoticeRefused:
    return NoticeRefused(
        "link_invalid",
        _(
            "This link is not complete. Open it again from the message, or copy the whole line. You can also answer any of our mails."
        ),
    )
