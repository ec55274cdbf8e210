"""Asha, who shares her code."""

import pytest

from audit.actors import Actor, customer
from customers.models import Customer


@pytest.fixture
def herself(asha: Customer) -> Actor:
    """Asha, acting for herself."""
    return customer(asha.reference)
