"""Going through the door as people and machines do."""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from audit.models import Entry

LOGIN = "/admin/login/"
CODE = "/admin/account/code/"
SET_UP = "/admin/account/factor/set-up/"
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_staff(name: str = "asha", *, password: str = PASSWORD, **fields: object) -> User:
    """Somebody who works here."""
    return User.objects.create_user(name, f"{name}@example.com", password, **{"is_staff": True, **fields})


def with_factor(user: User) -> User:
    """With an app that knows SECRET, and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def code(secret: str = SECRET, at: datetime | None = None, steps: int = 0) -> str:
    """What the app shows, by RFC 6238, written here a second time on purpose."""
    step = int((at or timezone.now()).timestamp()) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def recovery_codes(user: User) -> list[str]:
    """Those not used yet."""
    found: list[str] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    return found


def knock(
    client: Client, name: str = "asha", password: str = PASSWORD, address: str = "198.51.100.7", **query: str
) -> HttpResponse:
    """Type name and password at the door, from an address."""
    return client.post(LOGIN, {"login": name, "password": password, **query}, REMOTE_ADDR=address)


def type_code(client: Client, typed: str) -> HttpResponse:
    """Type the code of the second step."""
    return client.post(CODE, {"code": typed})


def come_in(name: str = "asha", password: str = PASSWORD, address: str = "198.51.100.7") -> Client:
    """A browser in which somebody went all the way through."""
    client = Client(REMOTE_ADDR=address)
    answer = knock(client, name, password, address)
    if answer["Location"] == CODE:
        answer = type_code(client, code())
    assert answer.status_code == 302, answer.content.decode()
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    """Whether this browser is logged in."""
    return "_auth_user_id" in client.session


def events(subject: str = "asha") -> list[str]:
    """What the trail says about somebody, oldest first."""
    return list(Entry.objects.filter(subject_reference=subject).order_by("id").values_list("event", flat=True))


def everything_on_the_trail() -> str:
    """All that is kept of all entries."""
    fields: Sequence[str] = ("subject_type", "subject_reference", "event", "sentence", "data", "actor")
    return "\n".join(" ".join(map(str, row)) for row in Entry.objects.values_list(*fields))


def words(answer: HttpResponse) -> str:
    """What a page says, without its marks and without what differs each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r" ([,.])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", text).split()))
