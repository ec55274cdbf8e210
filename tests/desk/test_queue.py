"""The one door to the queue."""

import pytest
from django.db import transaction
from django_q.models import OrmQ

from desk.queue import asleep, enqueue

pytestmark = pytest.mark.django_db


def test_a_wake_up_goes_with_the_transaction_it_was_asked_in() -> None:
    with pytest.raises(RuntimeError, match="undo"), transaction.atomic():
        enqueue("config.jobs.beat")
        raise RuntimeError("undo")
    assert OrmQ.objects.count() == 0
    enqueue("config.jobs.beat")
    assert OrmQ.objects.count() == 1


def test_within_a_sleep_nobody_is_woken_and_after_it_everybody_again() -> None:
    with asleep():
        enqueue("config.jobs.beat")
    assert OrmQ.objects.count() == 0
    enqueue("config.jobs.beat")
    assert OrmQ.objects.count() == 1
