"""Somebody at the door, at a clock that stands still until it is moved."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from config.settings import base
from tests.make import AT
from tests.security.sign_in.door import make_staff, with_factor

At = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[At]:
    """The clock stands at noon; call it to move it. Nobody has tried anything yet."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Staff must have a second factor, and sessions end when they really do."""
    settings.STAFF_SECOND_FACTOR = True
    settings.SESSION_ABSOLUTE_AGE = base.SESSION_ABSOLUTE_AGE


@pytest.fixture
def asha() -> User:
    """Works here, and has a second factor."""
    return with_factor(make_staff("asha"))


@pytest.fixture
def newcomer() -> User:
    """Works here, and has none yet."""
    return make_staff("nadia")
