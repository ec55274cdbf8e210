"""Whatever is killed or stalled, background work goes on within the watchdog's limit, and no orphan goes on without it."""

import os
import signal
from contextlib import suppress
from datetime import timedelta
from socket import socket
from urllib.request import urlopen

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from config import scheduling
from config.models import Heartbeat
from desk.queue import enqueue
from tests.faults.background import Background, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def background(tmp_path):
    scheduling.sync()
    with Background(tmp_path) as running:
        yield running


def test_workers_that_live_but_run_nothing_are_replaced_with_their_whole_group(background):
    """What an idle worker's death does to the others in more than half of all trials: everything lives, nothing moves."""
    group, parts, before = background.group, background.parts(), timezone.now()
    for part in ("worker", "other worker"):
        os.kill(parts[part], signal.SIGSTOP)
    background.wait_for_new_group(group)
    background.wait_for_beat(before)
    assert "has run no job for" in background.log.read_text()


@pytest.mark.parametrize("part", ["main", "sentinel"])
def test_orphans_of_a_killed_head_do_not_go_on(background, part):
    group, before = background.group, timezone.now()
    os.kill(background.parts()[part], signal.SIGKILL)
    background.wait_for_new_group(group)
    background.wait_for_beat(before)
    assert "ended by itself" in background.log.read_text()


def test_a_killed_idle_worker_stalls_nothing_for_long(background):
    os.kill(background.parts()["worker"], signal.SIGKILL)
    killed = timezone.now()
    wait_for(lambda: Heartbeat.objects.filter(at__gt=killed + timedelta(seconds=2)).exists(), 50, "jobs are run again")


def test_after_a_killed_monitor_jobs_are_acknowledged_again(background):
    """Without it jobs are run, but stay in the queue and come back for ever, while everything looks alive."""
    asked: list[int] = []

    def one_was_acknowledged() -> bool:
        enqueue("config.jobs.beat")
        asked.append(OrmQ.objects.latest("pk").pk)
        return OrmQ.objects.filter(pk__in=asked).count() < len(asked)

    os.kill(background.parts()["monitor"], signal.SIGKILL)
    wait_for(one_was_acknowledged, 50, "a job is acknowledged")


def test_a_killed_group_is_started_again(background):
    group, before = background.group, timezone.now()
    os.killpg(group, signal.SIGKILL)
    background.wait_for_new_group(group)
    background.wait_for_beat(before)


def test_it_stops_cleanly_and_leaves_nothing(background):
    group = background.group
    assert background.stop() == 0
    assert background.members(group) == []
    assert "Background work stopped." in background.log.read_text()


def test_the_web_server_serves_pages_and_files_and_is_started_again(tmp_path):
    scheduling.sync()
    port = free_port()

    def answers(path: str) -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return bool(answer.status == 200)
        return False

    with Background(tmp_path, "serve", "--port", str(port), "--workers", "1") as running:
        wait_for(lambda: answers("/admin/login/"), 40, "a page is served")
        assert answers("/static/admin/css/base.css")
        web, cluster = running.web_group, running.group
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: running.web_group not in {None, web} and not running.members(web), 40, "a new web server runs")
        wait_for(lambda: answers("/admin/login/"), 40, "a page is served again")
        assert running.group == cluster
        web = running.web_group
        assert running.stop() == 0
        assert running.members(web) == running.members(cluster) == []


def free_port() -> int:
    """A port nobody listens on."""
    with socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
