"""What opening an invitation costs behind a real web server: processor time of its processes and of the database, and requests a second.

The ways are asked for by turns, so that a busy machine slows all alike. Linux only: processor time is read from /proc.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.benching import BenchRefused
from config.landing_bench import BROWSER, Cost, forget_visits, newest_visit, open_code, paths, query_counts

_TURN = 400
"""Requests of one kind in a row."""
_CLIENTS = 4
_TICK = os.sysconf("SC_CLK_TCK")
_START_WITHIN_SECONDS = 60


def served_costs(*, count: int, progress: Callable[[int], object]) -> list[Cost]:
    """The same ways as `landing_costs`, asked of gunicorn with two processes. Raises `BenchRefused` likewise."""
    code = open_code()
    before, queries = newest_visit(), query_counts(code)
    try:
        with _server() as (port, processes):
            return _by_turns(paths(code), queries, port, processes, count, progress)
    finally:
        forget_visits(code, after=before)


def _by_turns(
    ways: dict[str, str], queries: dict[str, int], port: int, server: int, count: int, progress: Callable[[int], object]
) -> list[Cost]:
    processor, clock = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    for path in ways.values():
        _ask_many(port, path, _TURN // 4)
    for _ in range(-(-count // _TURN)):
        for name, path in ways.items():
            started, busy = time.perf_counter(), _busy(server)
            _ask_many(port, path, _TURN)
            processor[name] += _busy(server) - busy
            clock[name] += time.perf_counter() - started
            progress(_TURN)
    return [Cost(name, processor[name], clock[name], queries[name]) for name in ways]


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """A web server with the pages for measuring: its port and its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.bench_wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    command += ["--log-level", "error", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if _ask(port, "/empty/"):
                return
        except OSError:
            time.sleep(0.2)
    raise BenchRefused("no_server", "The web server did not start.")


def _ask_many(port: int, path: str, count: int) -> None:
    answers: list[bool] = []

    def client() -> None:
        answers.extend(_ask(port, path) for _ in range(count // _CLIENTS))

    clients = [threading.Thread(target=client) for _ in range(_CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if len(answers) != count // _CLIENTS * _CLIENTS or not all(answers):
        raise BenchRefused("bad_answer", f"{path} did not answer every time.")


def _ask(port: int, path: str) -> bool:
    """Whether one request on a connection of its own is answered with 200."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {BROWSER}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer.startswith(b"HTTP/1.1 200")


def _busy(server: int) -> float:
    """Seconds of processor time taken so far by the server's processes and by the database's for this database."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return sum(_seconds(pid) for pid in [str(server), *workers, *_backends()])


def _backends() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return [str(pid) for (pid,) in cursor.fetchall()]


def _seconds(pid: str) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK
