"""Keeping the web server and the queue cluster running, with the watchdog outside of both."""

import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connections
from django.utils import timezone

from config.processes import Child
from config.watchdog import Watchdog

logger = logging.getLogger(__name__)

GRACE_SECONDS = 20.0
"""How long a stop waits for jobs and requests that are under way. Jobs may be cut off: they are done again."""


def cluster() -> Child:
    """The queue cluster."""
    return Child("Background work", [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"])


def web(*, host: str, port: int, workers: int) -> Child:
    """The web server. Threads, because browsers open connections ahead and a worker without threads would wait for them."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--chdir", str(settings.BASE_DIR)]
    command += ["--bind", f"{host}:{port}", "--workers", str(workers), "--worker-class", "gthread", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", str(int(GRACE_SECONDS))]
    if Path("/dev/shm").is_dir():
        command += ["--worker-tmp-dir", "/dev/shm"]
    return Child("Web server", command)


class Supervisor:
    """Runs until it is told to stop. Children are started again whenever they end, for whatever reason."""

    def __init__(self, *, background: Child, others: list[Child], watchdog: Watchdog) -> None:
        self.background = background
        self.others = others
        self.watchdog = watchdog
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start everything, watch it until SIGTERM or SIGINT comes, then end everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopping.is_set():
                self.look()
                self._stopping.wait(min(self.watchdog.tick.total_seconds(), 1.0))
        finally:
            self.end()

    def look(self) -> None:
        """One round: start what is not running, and what the watchdog finds stalled."""
        for child in self.others:
            child.keep_running()
        if self.background.keep_running():
            self.watchdog.cluster_started(timezone.now())
        elif self.background.is_running():
            why = self.watchdog.look(timezone.now())
            if why:
                self.background.restart(why)

    def end(self) -> None:
        """End all children, giving them time together; a second signal kills at once."""
        children = [*self.others, self.background]
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end(GRACE_SECONDS)
        connections.close_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopping.is_set():
            for child in [*self.others, self.background]:
                child.kill()
        self._stopping.set()
