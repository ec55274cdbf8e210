"""Asha in her own pages, at one fixed instant."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from customers.models import Customer
from tests.make import AT
from tests.portal.walking import inside
from tests.referrals.conftest import asha, campaign, code, pool

__all__ = ["asha", "campaign", "code", "pool"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The instant of the test; `clock.shift(timedelta)` moves it."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})


@pytest.fixture
def as_customer() -> Callable[[Customer], Client]:
    return inside


@pytest.fixture
def me(asha: Customer) -> Client:
    """Asha's browser, signed in."""
    return inside(asha)
