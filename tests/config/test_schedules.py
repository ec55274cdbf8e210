"""The table of schedules, the jobs there are, and the rows of the queue say the same."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django_q.models import Schedule

from config import scheduling
from config.schedules import ON_DEMAND, SCHEDULES, Scheduled


def public_jobs() -> Iterator[str]:
    """Dotted paths of all public functions of all modules called jobs."""
    for file in sorted(Path(settings.BASE_DIR).glob("*/jobs.py")):
        module = importlib.import_module(f"{file.parent.name}.jobs")
        for name, thing in vars(module).items():
            if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}"


def test_jobs_and_schedules_agree():
    scheduled = {row.job for row in SCHEDULES}
    assert set(public_jobs()) == scheduled | ON_DEMAND.keys()
    assert not scheduled & ON_DEMAND.keys()


@pytest.mark.parametrize("scheduled", SCHEDULES, ids=lambda row: row.job)
def test_a_scheduled_job_can_be_called_without_arguments_and_at_an_instant(scheduled: Scheduled):
    parameters = inspect.signature(scheduled.resolve()).parameters
    assert all(parameter.default is not parameter.empty for parameter in parameters.values())
    assert not scheduled.is_swept or "at" in parameters


def test_names_are_unique_and_intervals_are_minutes():
    assert len({row.name for row in SCHEDULES}) == len({row.job for row in SCHEDULES}) == len(SCHEDULES)
    assert all(row.minutes >= 1 for row in SCHEDULES)
    assert all(len(reason) > 20 for reason in ON_DEMAND.values())


@pytest.mark.django_db
def test_syncing_makes_the_rows_equal_to_the_table():
    assert len(scheduling.differences()) == len(SCHEDULES)
    assert len(scheduling.sync()) == len(SCHEDULES)
    assert scheduling.differences() == []
    assert {(row.name, row.func, row.minutes) for row in Schedule.objects.all()} == {(s.name, s.job, s.minutes) for s in SCHEDULES}


@pytest.mark.django_db
def test_syncing_again_changes_nothing_and_keeps_the_next_run(capsys):
    scheduling.sync()
    before = list(Schedule.objects.order_by("pk").values())
    call_command("sync_schedules")
    assert list(Schedule.objects.order_by("pk").values()) == before
    assert capsys.readouterr().out == "Schedules are as they should be.\n"


@pytest.mark.django_db
def test_syncing_mends_what_was_changed_and_removes_strangers_and_doubles(capsys):
    scheduling.sync()
    first = SCHEDULES[0]
    Schedule.objects.filter(name=first.name).update(minutes=99)
    Schedule.objects.create(name="Stranger", func="os.getcwd")
    Schedule.objects.create(name=SCHEDULES[1].name, func=SCHEDULES[1].job)
    assert len(scheduling.differences()) == 3
    call_command("sync_schedules")
    told = capsys.readouterr().out
    assert f"{first.name}: changed, {first.job} every minute" in told
    assert "Stranger: removed" in told
    assert scheduling.differences() == []
    assert Schedule.objects.count() == len(SCHEDULES)
