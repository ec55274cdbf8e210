"""The public pages as a browser without pictures sees them, at one fixed instant."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from referrals import tokens
from referrals.models import Code, Referral
from tests.make import AT
from tests.stories import sign_up

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The instant of the test; `clock.shift(timedelta)` moves it."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": PERSON})


@pytest.fixture
def typed(code: Code) -> dict[str, str]:
    """What Ben types, as his browser sends it."""
    return {
        "name": "Ben Okoro",
        "email": "ben@example.net",
        "accept": "on",
        "terms": "1",
        "form": tokens.sign_form(code.code, at=AT),
    }


@pytest.fixture
def send(browser: Client, code: Code, typed: dict[str, str]) -> Callable[..., Any]:
    """Sends the form of the landing page; takes changes."""

    def post(**changes: str) -> Any:
        return browser.post(f"/r/{code.code}/", {**typed, **changes})

    return post


@pytest.fixture
def referral(code: Code) -> Referral:
    """Ben has signed up."""
    return sign_up(code)


@pytest.fixture
def link(referral: Referral) -> str:
    """The path of the link in Ben's mail."""
    return f"/verify/{tokens.make_verification(referral, at=AT)}/"
