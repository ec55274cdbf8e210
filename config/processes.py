"""Child processes in groups of their own: started, watched, started again after a pause, and ended with all they started."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 60.0
LONG_LIFE_SECONDS = 60.0
"""A process that lived this long was not in a crash loop."""
GROUP_GONE_WITHIN_SECONDS = 5.0


class Child:
    """One process with its own process group, kept running.

    `name` is for the log. Ending it ends its whole group, so that nothing it started goes on without it.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = 0.0
        self._start_after = 0.0

    @property
    def group(self) -> int | None:
        """Number of its process group, which is the number of its first process; None when it is not started."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it now, in a session and a process group of its own."""
        self._process = subprocess.Popen(self.command, start_new_session=True)
        self._started = time.monotonic()
        logger.info("%s started (process group %d).", self.name, self._process.pid)

    def is_running(self) -> bool:
        """Whether its first process lives. Does not reap it: until then its group number cannot become another's."""
        if self._process is None:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def keep_running(self) -> bool:
        """Start it if it is not running and its pause is over. Answers whether it was started now.

        An exit is an exit: a cluster whose guard dies leaves with code 0 and orphans that go on working.
        """
        if self._process is not None and not self.is_running():
            logger.warning("%s ended by itself with code %s.", self.name, self._end_group())
            self._plan_start()
        if self._process is None and time.monotonic() >= self._start_after:
            self.start()
            return True
        return False

    def restart(self, why: str) -> None:
        """Kill the whole group and plan a new start."""
        logger.error("%s is killed and started again: %s", self.name, why)
        self._end_group()
        self._plan_start()

    def ask_to_end(self) -> None:
        """Send SIGTERM to the first process, which tells the others."""
        if self._process is not None and self.is_running():
            os.kill(self._process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Kill every process of the group at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self, within_seconds: float) -> None:
        """Wait until it has ended, kill what is left of its group after `within_seconds`."""
        deadline = time.monotonic() + within_seconds
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._process is not None:
            ended = not self.is_running()
            self._end_group()
            logger.info("%s %s.", self.name, "stopped" if ended else "did not stop in time and was killed")

    def _plan_start(self) -> None:
        """Start at once after a long life; after short ones wait 1, 2, 4 … at most 60 seconds."""
        lived = time.monotonic() - self._started
        if lived >= LONG_LIFE_SECONDS:
            self._pause = 0.0
        self._start_after = time.monotonic() + self._pause
        if self._pause:
            logger.warning("%s starts again in %.0f seconds.", self.name, self._pause)
        self._pause = min(max(self._pause * 2, 1.0), LONGEST_PAUSE_SECONDS)

    def _end_group(self) -> int:
        """Kill every process of the group, reap the first, and wait until the group is empty. Answers the exit code."""
        assert self._process is not None
        self.kill()
        process, self._process = self._process, None
        code = process.wait()
        deadline = time.monotonic() + GROUP_GONE_WITHIN_SECONDS
        while _group_exists(process.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        return code


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
