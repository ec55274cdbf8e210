"""A sweep does all due work once and then stops."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from audit import registry, trail
from audit.actors import SYSTEM
from audit.models import SealedEntry
from config import sweeping
from config.schedules import SCHEDULES, Scheduled
from tests.make import make_customer

calls: list[str] = []
answers: dict[str, list[object]] = {}


def first(at: datetime) -> object:
    calls.append("first")
    return answers["first"].pop(0) if answers["first"] else 0


def second(at: datetime) -> object:
    calls.append("second")
    return answers["second"].pop(0) if answers["second"] else {"done": 0, "failed": 7}


TABLE = [Scheduled("First", f"{__name__}.first"), Scheduled("Second", f"{__name__}.second")]


@pytest.fixture(autouse=True)
def _fresh():
    calls.clear()
    answers.update(first=[], second=[])


def test_jobs_go_on_until_each_has_run_since_the_last_change(at):
    answers.update(first=[2, 0, 1], second=[{"done": 1, "failed": 1}])
    assert sweeping.sweep(at, TABLE) == {TABLE[0].job: 2, TABLE[1].job: 1}
    assert calls == ["first", "second"] * 2


def test_a_job_that_changed_something_runs_again_and_then_no_other_does(at):
    answers.update(first=[2])
    sweeping.sweep(at, TABLE)
    assert calls == ["first", "second", "first"]


def test_work_made_by_a_later_job_is_done_in_the_next_pass(at):
    answers.update(first=[0, 3], second=[1])
    assert sweeping.sweep(at, TABLE) == {TABLE[0].job: 3, TABLE[1].job: 1}


def test_a_sweep_of_one_pass_leaves_the_rest_for_the_next(at):
    answers.update(first=[1, 1], second=[1])
    assert sweeping.sweep(at, TABLE, passes=1) == {TABLE[0].job: 1, TABLE[1].job: 1}
    assert calls == ["first", "second"]


def test_a_circle_ends_after_ten_passes(at):
    answers.update(first=[1] * 99)
    assert sweeping.sweep(at, TABLE)[TABLE[0].job] == 10


@pytest.mark.parametrize(
    ("answer", "done"), [(3, 3), (None, 0), ({"sent": 2, "failed": 4}, 2), ({"told": {"a": 1}}, 0), ("words", 0), ({}, 0)]
)
def test_what_failed_is_not_work_done(answer, done):
    assert sweeping.work_done(answer) == done


@pytest.mark.django_db
def test_the_command_prints_what_each_job_did(at, capsys, monkeypatch):
    monkeypatch.setitem(registry._sentences, "thing.seen", "Seen.")
    with transaction.atomic():
        trail.record("thing.seen", about=make_customer(), by=SYSTEM, at=at)
    call_command("sweep", "--at", "2026-03-02T12:00Z")
    told = capsys.readouterr().out
    assert [line.split()[1] for line in told.splitlines()] == [row.job for row in SCHEDULES if row.is_swept]
    assert "     1  audit.jobs.seal_entries" in told
    assert SealedEntry.objects.get().seal.at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_command_says_how_to_write_an_instant():
    with pytest.raises(CommandError, match="“someday” is not an instant. Write it as"):
        call_command("sweep", "--at", "someday")
