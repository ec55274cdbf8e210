"""Getting into the portal in tests, and every address of it."""

import re
from dataclasses import dataclass

from django.core import mail
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from notices.models import Notice
from notices.sending import send
from rewards import jobs
from rewards.portal import sessions

_LINK = re.compile(r"https?://[^/\s]+(/my/in/[^\s]+)")
_CODE = re.compile(r"\b(\d{6})\b")


@dataclass(frozen=True)
class Letter:
    """What the mail with the way in says."""

    path: str
    code: str
    notice: Notice


def inside(customer: Customer) -> Client:
    """A browser of somebody who is signed in."""
    client = Client()
    _, key = sessions.begin(customer=customer, device="Firefox on Linux", at=timezone.now())
    client.cookies["portal"] = key
    return client


def ask(browser: Client, email: str) -> None:
    """Type the address on the page of the door."""
    assert browser.post("/my/sign-in/", {"email": email}).status_code == 302


def letter_to(browser: Client, email: str) -> Letter:
    """Ask for a way in and read the mail."""
    ask(browser, email)
    return read_the_mail()


def read_the_mail() -> Letter:
    """The background work that follows, and the mail it sends."""
    jobs.send_portal_links()
    notice = Notice.objects.filter(kind="portal_link").latest("pk")
    send(reference=notice.reference, at=timezone.now())
    text = mail.outbox[-1].body
    path, code = _LINK.search(text), _CODE.search(text.split("code", 1)[1])
    assert path and code, text
    return Letter(path.group(1), code.group(1), notice)
