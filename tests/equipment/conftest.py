"""What the tests of equipment lean on."""

import pytest

from equipment.models import Pool
from tests.make import make_pool


@pytest.fixture
def pool(db: None) -> Pool:
    """Three cameras in Berlin, open every day, so that days are easy to count."""
    return make_pool(open_days="1111111")


@pytest.fixture
def lone(db: None) -> Pool:
    """A pool of one camera."""
    return make_pool(units=1, open_days="1111111")
