"""A worker is killed in the middle of an import: another one goes on, and nobody comes in twice."""

import multiprocessing
import os
import signal
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from audit.actors import staff
from audit.models import Entry
from audit.verifying import verify
from customers import import_running, import_runs, jobs
from customers.import_kinds import kind_called
from customers.models import Customer, ImportRun
from tests.faults.background import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

LINES = 3_000


def work(reference: str, at) -> None:
    """What the worker does, in a process of its own."""
    import_running.carry_on(run=ImportRun.objects.get(reference=reference), at=at)


def stored(run: ImportRun) -> int:
    run.refresh_from_db()
    return run.done_line


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing():
    at = timezone.now()
    mina = staff(User.objects.create_user("mina", is_superuser=True, is_staff=True))
    text = (
        "external_id,name,email\n"
        + "".join(f"{n},Person {n},p{n}@example.org\n" for n in range(LINES))
        + "7,Again,again@example.org\n"
    )
    run = import_runs.upload(kind=kind_called("customers"), name="c.csv", pieces=[text.encode()], at=at, by=mina)
    content = {"columns": {name: name for name in ("external_id", "name", "email")}}
    import_runs.name_columns(run=run, content=content, options={}, at=at, by=mina)
    ImportRun.objects.update(state="checked")
    run.refresh_from_db()
    import_runs.start(run=run, at=at, by=mina)
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=work, args=(run.reference, at))
    worker.start()
    wait_for(lambda: stored(run) > 1_000, 60, "a few portions are in")
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    half = stored(run)
    assert 1_000 < half < LINES
    assert Customer.objects.count() == half - 1
    assert jobs.carry_on_imports(at=at)["carried_on"] == 0
    later = at + import_running.LEASE + timedelta(seconds=60)
    for _ in range(20):
        jobs.carry_on_imports(at=later)
        if ImportRun.objects.get().state == "done":
            break
    run.refresh_from_db()
    assert (run.state, run.created, run.updated, run.unchanged, run.rejected) == ("done", LINES, 0, 0, 1)
    assert Customer.objects.count() == LINES
    assert Entry.objects.filter(event="customer.imported").count() == LINES
    assert verify().is_intact
