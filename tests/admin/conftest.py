"""People at the desk, in their roles, at a clock that stands still until it is moved."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client

from config import roles
from tests.make import AT

At = Callable[[datetime], None]
As = Callable[[str], Client]


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[At]:
    """The clock stands at ten past twelve; call it to move it."""
    with time_machine.travel(AT + timedelta(minutes=10), tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def signed_in_as(clock: At, settings: Any) -> As:
    """A browser of someone in this role, signed in for good, wherever the clock goes."""
    settings.SESSION_COOKIE_AGE = 365 * 86400
    roles.sync()

    def sign_in(role: str) -> Client:
        user, _ = User.objects.get_or_create(username=role.split()[0].lower(), is_staff=True)
        user.groups.set([Group.objects.get(name=role)])
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def desk(signed_in_as: As) -> Client:
    return signed_in_as("Handover desk")


@pytest.fixture
def manager(signed_in_as: As) -> Client:
    return signed_in_as("Marketing manager")


@pytest.fixture
def approver(signed_in_as: As) -> Client:
    return signed_in_as("Approver")


@pytest.fixture
def administrator(signed_in_as: As) -> Client:
    return signed_in_as("Administrator")


@pytest.fixture
def eve(signed_in_as: As) -> Client:
    """The auditor: sees everything, may change nothing."""
    return signed_in_as("Auditor")
