"""Sixteen writers at once: nobody is told that the database is locked, and nothing that was written is missing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Entry
from audit.verifying import verify as verify_trail
from customers.models import Customer
from equipment.models import Loan
from tests.equipment import walk
from tests.make import make_customer, make_pool

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 16, 10


def write(borrowers: list[Customer], start: Barrier) -> list[Exception]:
    """Hold a unit for each of these people, as fast as it goes. Answers what went wrong."""
    troubles: list[Exception] = []
    pool = make_pool(units=EACH, place=f"Place of {borrowers[0].reference}")
    start.wait(60)
    for borrower in borrowers:
        try:
            walk.hold(pool, borrower, purpose=f"many:{borrower.reference}")
        except Exception as trouble:
            troubles.append(trouble)
    connection.close()
    return troubles


def all_write_at_once() -> list[Exception]:
    people = [[make_customer(f"Ben{n} Frost") for n in range(EACH)] for _ in range(WRITERS)]
    start = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as threads:
        return [trouble for found in threads.map(write, people, [start] * WRITERS) for trouble in found]


def test_with_our_settings_sixteen_writers_all_get_their_turn():
    assert all_write_at_once() == []
    assert Loan.objects.filter(state="held").count() == WRITERS * EACH == Entry.objects.filter(event="loan.held").count()
    assert verify_trail().is_intact
