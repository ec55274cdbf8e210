"""The watchdog judges by jobs that were run, not by processes that live."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import Failure, OrmQ, Task
from django_q.signals import post_execute_in_worker, pre_execute

from config import heartbeats
from config import watchdog as module
from config.heartbeats import BACKGROUND_WORK, last_life
from config.jobs import beat, prune_queue
from config.models import Heartbeat
from config.schedules import SCHEDULES
from config.watchdog import Watchdog
from tests.config.world import make_notice

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def watchdog(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Watchdog:
    """Over a cluster started at `at`: 60 seconds of silence, 300 of waiting."""
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    watchdog = Watchdog(stall=60 * SECOND, pending=300 * SECOND)
    watchdog.cluster_started(at)
    OrmQ.objects.all().delete()
    return watchdog


def answer(at: datetime) -> None:
    """The cluster runs what is in the queue."""
    OrmQ.objects.all().delete()
    beat(at)


def test_it_asks_for_a_heartbeat_through_the_queue(watchdog, at):
    assert watchdog.look(at) == ""
    assert [row.func() for row in OrmQ.objects.all()] == ["config.jobs.beat"]


def test_it_does_not_ask_while_anything_waits_in_the_queue(watchdog, at):
    for second in range(60):
        watchdog.look(at + second * SECOND)
        OrmQ.objects.update(lock=at)
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("answered", [True, False])
def test_it_asks_again_when_the_queue_is_empty_whether_it_was_answered_or_lost(watchdog, at, answered):
    watchdog.look(at)
    OrmQ.objects.all().delete()
    if answered:
        beat(at + SECOND)
    watchdog.look(at + 4 * SECOND)
    assert not OrmQ.objects.exists()
    watchdog.look(at + 5 * SECOND)
    assert OrmQ.objects.count() == 1


def test_silence_beyond_the_limit_is_a_stall(watchdog, at):
    answer(at)
    assert watchdog.look(at + 60 * SECOND) == ""
    assert watchdog.look(at + 61 * SECOND) == "it has run no job for 61 seconds."


def test_a_heartbeat_from_before_the_start_says_nothing_about_this_cluster(watchdog, at):
    answer(at - 10 * SECOND)
    assert watchdog.look(at + 59 * SECOND) == ""
    assert watchdog.look(at + 61 * SECOND) == "it ran no job since it was started 61 seconds ago."


def test_a_short_limit_still_leaves_time_to_start(at, monkeypatch):
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    watchdog = Watchdog(stall=3 * SECOND, pending=300 * SECOND)
    watchdog.cluster_started(at)
    assert watchdog.look(at + 29 * SECOND) == ""
    assert watchdog.look(at + 31 * SECOND) != ""


def test_work_left_undone_is_a_reason_although_heartbeats_come(watchdog, at):
    make_notice(next_attempt_at=at)
    for second in (0, 100, 200, 300):
        answer(at + second * SECOND)
        assert watchdog.look(at + second * SECOND) == ""
    answer(at + 301 * SECOND)
    assert watchdog.look(at + 301 * SECOND).startswith("a notice to send has waited for 301 seconds.")


def test_where_a_new_start_did_not_help_the_next_one_waits_twice_as_long(watchdog, at):
    make_notice(next_attempt_at=at)
    restarts = []
    for second in range(0, 2400, 20):
        now = at + second * SECOND
        answer(now)
        if watchdog.look(now):
            restarts.append(second)
            watchdog.cluster_started(now)
            OrmQ.objects.all().delete()
    assert restarts == [320, 940, 2160]


def test_jobs_that_are_done_and_never_acknowledged_are_a_reason(watchdog, at):
    for second in range(0, 24, 6):
        now = at + second * SECOND
        assert watchdog.look(now) == ""
        OrmQ.objects.update(lock=now + timedelta(seconds=240))
        beat(now + SECOND)
    assert OrmQ.objects.count() == 4
    watchdog.look(at + 24 * SECOND)
    OrmQ.objects.update(lock=at + timedelta(seconds=240))
    assert watchdog.look(at + 25 * SECOND) == "5 jobs were done and are still in the queue."
    watchdog.cluster_started(at + 26 * SECOND)
    assert watchdog.look(at + 27 * SECOND) == ""


def test_rows_of_another_key_are_not_heartbeats(watchdog, at):
    for _ in range(9):
        OrmQ.objects.create(key="lendwell", payload="forged", lock=at + timedelta(seconds=240))
    assert watchdog.look(at) == ""


def test_a_new_cluster_looks_for_all_due_work_at_once(at, monkeypatch):
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    Watchdog().cluster_started(at)
    assert {row.func() for row in OrmQ.objects.all()} == {row.job for row in SCHEDULES if row.is_swept}


def test_a_new_cluster_is_watched_even_while_the_database_is_away(at, monkeypatch, caplog):
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    monkeypatch.setattr(module, "enqueue", lambda job: _unreachable())
    Watchdog().cluster_started(at)
    assert "could not be woken" in caplog.text


def test_a_database_that_cannot_be_reached_is_no_reason_and_starts_the_wait_anew(watchdog, at, monkeypatch, caplog):
    answer(at)
    with monkeypatch.context() as broken:
        broken.setattr(module, "last_life", _unreachable)
        assert watchdog.look(at + 600 * SECOND) == ""
    assert "cannot reach the database" in caplog.text
    assert watchdog.look(at + 640 * SECOND) == ""


def _unreachable() -> None:
    raise OperationalError("gone")


def test_beats_of_many_workers_leave_one_row(at):
    beat(at)
    beat(at + SECOND)
    assert Heartbeat.objects.get().at == at + SECOND
    beat()
    assert timezone.now() - Heartbeat.objects.get(name=BACKGROUND_WORK).at < timedelta(minutes=1)


def test_any_job_a_worker_starts_or_ends_shows_life_at_most_once_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(heartbeats, "_last_shown", 0.0)
    monkeypatch.setattr(heartbeats.time, "monotonic", lambda: now[0])
    pre_execute.send(sender="django_q", func=beat, task={})
    first = last_life()
    assert first is not None
    post_execute_in_worker.send(sender="django_q", func=beat, task={})
    assert last_life() == first
    now[0] += 1
    post_execute_in_worker.send(sender="django_q", func=beat, task={})
    assert last_life() > first


def test_a_sign_of_life_that_cannot_be_written_does_not_end_the_worker(monkeypatch, caplog):
    monkeypatch.setattr(heartbeats, "_last_shown", 0.0)
    monkeypatch.setattr(heartbeats, "show_life", lambda at: _unreachable())
    pre_execute.send(sender="django_q", func=beat, task={})
    assert "could not be written" in caplog.text


def test_failures_of_the_queue_are_kept_for_30_days(at):
    for days in (31, 29):
        stopped = at - timedelta(days=days)
        Task.objects.create(id=f"{days}", name="x", func="x", started=stopped, stopped=stopped, success=False)
    assert prune_queue(at) == 1
    assert Failure.objects.get().id == "29"
