"""Notices as SMS: through a provider that speaks Twilio's HTTP interface, or into the demo's mailbox.

Twilio's interface (Messages resource, version 2010-04-01) knows no key that would make a second request harmless. So after an attempt
whose end is not known the provider is asked first whether it has the text already.
"""

import base64
import http.client
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from campaigns.models import Brand
from notices.channels.troubles import DeliveryTrouble
from notices.models import Notice
from notices.rendering import as_subject

_SECONDS = 10
_ANSWER_LENGTH = 64_000
_TRY_LATER = frozenset({401, 403, 404, 408, 425, 429})
"""Answers below 500 that speak of our account or our pace, not of the text."""

Answer = tuple[int, dict[str, Any]]


def is_on() -> bool:
    """Whether texts can be sent here at all."""
    return settings.SMS_PROVIDER in _WAYS


def deliver(notice: Notice, at: datetime) -> str:
    """Send `notice`; answers the provider's name for it. Raises `DeliveryTrouble`. Call it outside any transaction."""
    way = _WAYS.get(settings.SMS_PROVIDER)
    if way is None:
        raise DeliveryTrouble("no provider", f"No provider is set up for {notice.channel}.", is_temporary=False)
    return way(notice, at)


def _to_file(notice: Notice, at: datetime) -> str:
    """Lay the text into the mailbox of the demo, in the form in which Django's file backend lays down mails."""
    message = EmailMessage()
    message["Subject"] = as_subject(notice.body_text)[:60]
    message["From"] = as_subject(Brand.current().name)
    message["To"] = notice.address
    message["Date"] = format_datetime(at.astimezone(UTC))
    message["Message-ID"] = notice.message_id
    message["X-Channel"] = "sms"
    message.set_content(notice.body_text)
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{at:%Y%m%d-%H%M%S}-{notice.pk}.log").open("ab") as file:
        file.write(message.as_bytes() + b"\n" + b"-" * 79 + b"\n")
    return ""


def _to_provider(notice: Notice, at: datetime) -> str:
    if notice.attempts > 1 and (known := _already_there(notice)):
        return known
    status, said = _ask("POST", "Messages.json", {**_from(), "To": notice.address, "Body": notice.body_text})
    if status not in (200, 201):
        raise _trouble(status, said)
    return str(said.get("sid", ""))[:120]


def _from() -> dict[str, str]:
    sender = "MessagingServiceSid" if settings.SMS_SENDER.startswith("MG") else "From"
    return {sender: settings.SMS_SENDER, "StatusCallback": f"{settings.SITE_URL}{reverse('sms_status')}"}


def _already_there(notice: Notice) -> str:
    """The provider's name for a text that an earlier attempt left with it; empty when there is none."""
    query = urlencode({"To": notice.address, "DateSent>": f"{notice.created_at:%Y-%m-%d}", "PageSize": "50"})
    status, said = _ask("GET", f"Messages.json?{query}")
    if status != http.client.OK:
        raise _trouble(status, said)
    sent = said.get("messages")
    same = [one for one in sent if one.get("body") == notice.body_text] if isinstance(sent, list) else []
    return str(same[0].get("sid", ""))[:120] if same else ""


def _ask(method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
    """One request to the provider, redirects not followed. Raises a temporary `DeliveryTrouble` when no answer comes."""
    address = urlsplit(settings.SMS_URL)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=_SECONDS)
    word = base64.b64encode(f"{settings.SMS_ACCOUNT}:{settings.SMS_TOKEN}".encode()).decode()
    head = {"Authorization": f"Basic {word}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(
            method, f"{address.path}/2010-04-01/Accounts/{settings.SMS_ACCOUNT}/{path}", urlencode(form) if form else None, head
        )
        answer = connection.getresponse()
        return answer.status, _read(answer.read(_ANSWER_LENGTH))
    except (OSError, http.client.HTTPException) as error:
        is_late = isinstance(error, TimeoutError)
        raise DeliveryTrouble("timed out" if is_late else "no connection", str(error), is_temporary=True) from error
    finally:
        connection.close()


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _trouble(status: int, said: Mapping[str, Any]) -> DeliveryTrouble:
    code, words = said.get("code", ""), str(said.get("message", "")) or "The provider gave no reason."
    is_lasting = 400 <= status < 500 and status not in _TRY_LATER
    return DeliveryTrouble(f"{status} {code}".strip(), f"{status} {words}", is_temporary=not is_lasting)


_WAYS: dict[str, Callable[[Notice, datetime], str]] = {"file": _to_file, "twilio": _to_provider}
