"""The web process or the drainer is killed while visits come in: none is lost, none is there twice."""

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from referrals import draining, jobs, spool
from referrals.models import Code, Segment, Touch
from tests.make import AT, make_campaign, make_customer
from tests.stories import issue_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

VISITS = 500
_FORK = multiprocessing.get_context("fork")


@pytest.fixture
def code(settings: Any, tmp_path: Path) -> Code:
    settings.VAR_DIR, settings.LANDING_KEPT_SECONDS = tmp_path, 3600
    cache.clear()
    return issue_to(make_customer(), make_campaign(starts_at=None))


def answer(path: str, told: Connection) -> None:
    """A web process: answers, and says so, until it is killed."""
    browser = Client(headers={"user-agent": "Mozilla/5.0"})
    while True:
        told.send(browser.get(path).status_code)


@pytest.mark.parametrize("is_spooled", [False, True], ids=["rows", "spool"])
def test_after_a_kill_every_visit_that_was_answered_is_there(code: Code, settings: Any, is_spooled: bool) -> None:
    settings.LANDING_SPOOL = is_spooled
    connections.close_all()
    here, there = _FORK.Pipe(duplex=False)
    web = _FORK.Process(target=answer, args=(f"/r/{code.code}/", there))
    web.start()
    there.close()
    statuses = [here.recv() for _ in range(VISITS)]
    os.kill(web.pid, signal.SIGKILL)
    web.join()
    while here.poll():
        try:
            statuses.append(here.recv())
        except EOFError:
            break
    assert set(statuses) == {200}
    jobs.drain_visits(AT)
    # It may have been killed between storing a visit and saying so.
    assert len(statuses) <= Touch.objects.count() <= len(statuses) + 1
    assert spool.segments() == []


def drain_until_killed(segment: Path) -> None:
    """The drainer, killed after the rows are written and before their place in the file is."""
    store = draining.store

    def store_and_die(found: Any) -> None:
        store(found)
        os.kill(os.getpid(), signal.SIGKILL)

    draining.store = store_and_die  # type: ignore[assignment]
    draining.drain(segment)


def test_a_drainer_killed_between_rows_and_place_loses_nothing_and_doubles_nothing(code: Code, settings: Any) -> None:
    settings.LANDING_SPOOL = True
    browser = Client(headers={"user-agent": "Mozilla/5.0"})
    for _ in range(VISITS):
        browser.get(f"/r/{code.code}/")
    spool.close()
    segment = spool.segments()[0]
    connections.close_all()
    drainer = _FORK.Process(target=drain_until_killed, args=(segment,))
    drainer.start()
    drainer.join()
    assert drainer.exitcode == -signal.SIGKILL
    assert Touch.objects.count() == 0
    assert jobs.drain_visits(AT)["drained"] == VISITS
    assert Touch.objects.count() == VISITS
    assert (spool.segments(), Segment.objects.count()) == ([], 0)
