"""Notices as e-mail, through whatever backend the settings name: SMTP, a provider's API (anymail), files in the demo."""

import smtplib
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from campaigns.models import Brand
from notices import unsubscribing
from notices.channels.troubles import DeliveryTrouble
from notices.models import Notice
from notices.rendering import as_subject

_HOUSE_TROUBLES = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)
"""The server refuses us, not this message, whatever its code: right again as soon as the settings are."""

_KEEP_OUR_NAME = {"postmark": {"X-PM-KeepID": "true"}}
"""Providers that write a Message-ID of their own unless they are told not to, with how they are told."""
METADATA = "notice"
"""Under this name our reference travels with a mail, where the provider carries such things."""

_NEEDS_LOG_IN = 530
_TRY_LATER = frozenset({401, 403, 408, 425, 429})
"""HTTP answers of a provider's API below 500 that speak of our key or our pace, not of the message."""


def deliver(notice: Notice, at: datetime) -> str:
    """Send `notice` with its own fixed Message-ID, dated `at`; answers the provider's name for it, if it gives one.

    Raises `DeliveryTrouble`. Call it outside any transaction.
    """
    message = message_of(notice, at)
    try:
        taken = message.send()
    except (smtplib.SMTPException, AnymailError, OSError, ValueError) as error:
        raise _trouble(error) from error
    if not taken:
        raise DeliveryTrouble("no recipient", "The mail program found nobody to send it to.", is_temporary=False)
    named = getattr(getattr(message, "anymail_status", None), "message_id", None)
    return named[:120] if isinstance(named, str) else ""


def message_of(notice: Notice, at: datetime) -> EmailMultiAlternatives:
    """The MIME message: text, the same as HTML, and headers that say a machine wrote it."""
    brand = Brand.current()
    message = EmailMultiAlternatives(
        subject=notice.subject,
        body=notice.body_text,
        from_email=formataddr((_sender(brand), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[notice.address],
        reply_to=[brand.support_email] if brand.support_email else None,
        headers={"Message-ID": notice.message_id, "Date": format_datetime(at), "Auto-Submitted": "auto-generated", **_list(notice)},
    )
    message.attach_alternative(notice.body_html, "text/html")
    if settings.EMAIL_PROVIDER:
        _mark_for_provider(message, notice)
    return message


def _sender(brand: Brand) -> str:
    """The brand's name as the sender. What looks like an encoded word (RFC 2047) is taken apart: it would be read as what it hides."""
    return as_subject(brand.name).replace("=?", "= ?")


def _mark_for_provider(message: EmailMultiAlternatives, notice: Notice) -> None:
    """What the provider gives back when it tells what became of the mail, and that it is to keep our Message-ID where it asks for that."""
    message.metadata = {METADATA: notice.reference}  # type: ignore[attr-defined]
    message.extra_headers.update(_KEEP_OUR_NAME.get(settings.EMAIL_PROVIDER, {}))


def _list(notice: Notice) -> dict[str, str]:
    """How to stop news and offers; a service message cannot be stopped."""
    if not notice.is_marketing or notice.customer is None:
        return {}
    return unsubscribing.headers_for(notice.customer, notice.channel)


def _trouble(error: Exception) -> DeliveryTrouble:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _answered(code, words)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error, is_ours=isinstance(error, _HOUSE_TROUBLES))
    if isinstance(error, AnymailError):
        return _from_provider(error)
    if isinstance(error, OSError):
        return DeliveryTrouble(_kind_of_silence(error), str(error) or type(error).__name__, is_temporary=True)
    return DeliveryTrouble("not a message", str(error), is_temporary=False)


def _answered(code: int, words: bytes | str, *, is_ours: bool = False) -> DeliveryTrouble:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    is_lasting = 500 <= code < 600 and code != _NEEDS_LOG_IN and not is_ours
    return DeliveryTrouble(str(code), f"{code} {text}", is_temporary=not is_lasting)


def _from_provider(error: AnymailError) -> DeliveryTrouble:
    status = error.status_code or 0
    is_refused = isinstance(error, AnymailRecipientsRefused | ValueError)
    is_lasting = is_refused or (isinstance(error, AnymailAPIError) and 400 <= status < 500 and status not in _TRY_LATER)
    return DeliveryTrouble(str(status or "refused"), str(error), is_temporary=not is_lasting)


def _kind_of_silence(error: OSError) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "timed out"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return "disconnected" if isinstance(error, smtplib.SMTPServerDisconnected) else "no connection"
