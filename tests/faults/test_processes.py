"""A child process is kept running, and ended with everything it started."""

import signal
import sys
import time

import pytest

from config.processes import LONGEST_PAUSE_SECONDS, Child
from tests.faults.background import processes, wait_for

pytestmark = pytest.mark.faults

SLEEPS = "import time; time.sleep(60)"
HAS_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); "
IGNORES = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


@pytest.fixture
def child():
    made: list[Child] = []

    def make(code: str) -> Child:
        made.append(Child("The child", [sys.executable, "-c", code]))
        return made[-1]

    yield make
    for each in made:
        each.kill()
        each.end(0)


def members(group: int) -> int:
    return sum(process.group == group and process.state != "Z" for process in processes())


def test_it_has_a_group_of_its_own_and_is_ended_with_it(child):
    one = child(HAS_A_CHILD + SLEEPS)
    one.start()
    group = one.group
    wait_for(lambda: members(group) == 2, 20, "its own child runs")
    one.end(0)
    assert members(group) == 0
    assert one.group is None
    assert not one.is_running()


def test_orphans_are_ended_before_it_starts_again(child):
    one = child(HAS_A_CHILD + "sys.exit(0)")
    one.start()
    group = one.group
    wait_for(lambda: not one.is_running(), 20, "it has ended")
    assert members(group) == 1
    assert one.keep_running()
    assert members(group) == 0
    assert one.group != group


@pytest.mark.parametrize("code", ["raise SystemExit(0)", "raise SystemExit(3)"])
def test_it_starts_again_at_once_and_then_after_longer_and_longer_pauses(child, code, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    one = child(code)
    pauses = []
    for _ in range(8):
        waited = now[0]
        while not one.keep_running():
            now[0] += 1.0
        pauses.append(now[0] - waited)
        while one.is_running():
            time.sleep(0.01)
    assert pauses == [0, 0, 1, 2, 4, 8, 16, 32]
    assert max(pauses) <= LONGEST_PAUSE_SECONDS


def test_a_long_life_ends_the_pauses(child, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    one = child(SLEEPS)
    one.start()
    for _ in range(5):
        one.restart("for the test.")
        now[0] += 30
        assert one.keep_running()
    now[0] += 100
    one.restart("for the test.")
    assert one.keep_running()


def test_one_that_does_not_stop_in_time_is_killed(child, capfd, caplog):
    one = child(IGNORES)
    one.start()
    wait_for(lambda: "ready" in capfd.readouterr().out, 20, "it ignores signals")
    one.ask_to_end()
    with caplog.at_level("INFO"):
        one.end(0.2)
    assert "did not stop in time and was killed" in caplog.text


def test_one_that_stops_when_asked_is_waited_for(child, caplog):
    one = child(SLEEPS)
    one.start()
    one.ask_to_end()
    with caplog.at_level("INFO"):
        one.end(20)
    assert "The child stopped." in caplog.text
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
