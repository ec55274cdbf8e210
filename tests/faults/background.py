"""Real background work over the test's own database: started, looked at, and hurt."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.heartbeats import BACKGROUND_WORK
from config.models import Heartbeat

STALL_SECONDS = 6
BEAT_WITHIN_SECONDS = 50
"""A killed cluster is noticed, ended, started and has run a job, on a machine that is busy with other tests."""


@dataclass(frozen=True)
class Process:
    """A process of the cluster."""

    pid: int
    parent: int
    group: int
    state: str


class Background:
    """`manage.py work`, or another command with a cluster under it, in a process of its own and with a watchdog quick to act."""

    def __init__(self, folder: Path, *command: str, stall_seconds: int = STALL_SECONDS) -> None:
        self.folder = folder
        self.command = command or ("work",)
        self.stall_seconds = stall_seconds
        self.log = folder / "log"

    def __enter__(self) -> "Background":
        self._out = self.log.open("w")
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *self.command]
        self._process = subprocess.Popen(command, env=self._environment(), stdout=self._out, stderr=subprocess.STDOUT)
        try:
            self.wait_for_beat(timezone.now())
        except BaseException as problem:
            self.__exit__(type(problem), problem, problem.__traceback__)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        groups = [group for group in (self.group, self.web_group) if group is not None]
        self.stop()
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self._out.close()
        if problem is not None:
            problem.add_note(f"Background work said:\n{self.log.read_text()[-6000:]}")

    def stop(self) -> int:
        """Ask it to stop; kill it when it does not. Answers its exit code."""
        self._process.terminate()
        try:
            return self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": database_url(),
            "VAR_DIR": str(self.folder / "var"),
            "EMAIL_URL": "filemail://",
            "SECRET_KEY": settings.SECRET_KEY,
            "SEAL_KEY": settings.SEAL_KEY,
            "WATCHDOG_STALL_SECONDS": str(self.stall_seconds),
        }

    @property
    def group(self) -> int | None:
        """The cluster's process group now; None while there is none."""
        return self._group_of("qcluster")

    @property
    def web_group(self) -> int | None:
        """The web server's process group now; None while there is none."""
        return self._group_of("gunicorn")

    def _group_of(self, word: str) -> int | None:
        children = [process for process in processes() if process.parent == self._process.pid and process.state != "Z"]
        return next((process.group for process in children if word in command_of(process.pid)), None)

    def members(self, group: int | None = None) -> list[Process]:
        """The living processes of a group (default: the cluster's), the first of them first."""
        wanted = group or self.group
        return [process for process in processes() if process.group == wanted and process.state != "Z"]

    def parts(self) -> dict[str, int]:
        """Process ids by their part. The sentinel starts its workers first, then the monitor, then the pusher."""
        (main,) = [process for process in self.members() if process.pid == process.group]
        (sentinel,) = [process for process in self.members() if process.parent == main.pid]
        names = ("worker", "other worker", "monitor", "pusher")
        children = sorted(process.pid for process in self.members() if process.parent == sentinel.pid)
        return {"main": main.pid, "sentinel": sentinel.pid, **dict(zip(names, children, strict=False))}

    def wait_for_beat(self, since: datetime, seconds: float = BEAT_WITHIN_SECONDS) -> None:
        """Wait until a job was run after `since`."""
        wait_for(lambda: Heartbeat.objects.filter(name=BACKGROUND_WORK, at__gt=since).exists(), seconds, "a job is run")

    def wait_for_new_group(self, old: int, seconds: float = BEAT_WITHIN_SECONDS) -> None:
        """Wait until another group runs and nothing of the old one is left."""
        wait_for(lambda: self.group not in {None, old} and not self.members(old), seconds, "a new cluster runs and the old is gone")


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until `condition` holds, at most `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Waited {seconds} seconds in vain until {what}."
        time.sleep(0.1)


def processes() -> list[Process]:
    """All processes whose state can be read, by number."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The name stands in brackets and may hold anything; what follows it is plain.
            state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            found.append(Process(int(folder.name), int(parent), int(group), state))
    return sorted(found, key=lambda process: process.pid)


def command_of(pid: int) -> str:
    """The command line of a process, empty when it has ended."""
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_text().replace("\0", " ")
    return ""


def database_url() -> str:
    """The address of the database this test runs on."""
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    password = f":{quote(of['PASSWORD'], safe='')}" if of["PASSWORD"] else ""
    port = f":{of['PORT']}" if of["PORT"] else ""
    where = f"/{of['HOST']}" if str(of["HOST"]).startswith("/") else f"{of['HOST']}{port}"
    return f"postgres://{of['USER']}{password}@{where}/{of['NAME']}"
