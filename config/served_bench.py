"""What opening an invitation costs behind a real web server: processor time of its processes and of the database, and requests a second.

The ways are asked for by turns, so that a busy machine slows all alike. Linux only: processor time is read from /proc.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.benching import BenchRefused
from config.landing_bench import BROWSER, Cost, forget_visits, newest_visit, open_code, paths, query_counts
from config.simulation import scratch

_TURN = 400
"""Requests of one kind in a row."""
_CLIENTS = 4
_TICK = os.sysconf("SC_CLK_TCK")
_START_WITHIN_SECONDS = 60
_PEER_CODE = "peer"


@dataclass(frozen=True)
class _Way:
    """One thing that is asked for: where, and of which first process of a web server."""

    name: str
    path: str
    queries: int
    port: int
    server: int
    answer: bytes = b"200"


def served_costs(*, count: int, progress: Callable[[int], object]) -> list[Cost]:
    """The same ways as `landing_costs`, asked of gunicorn with two processes. Raises `BenchRefused` likewise.

    Where pinax-referrals is installed beside it, its way comes last, in a site and a database of its own.
    """
    code = open_code()
    before, queries = newest_visit(), query_counts(code)
    try:
        with ExitStack() as stack:
            port, server = stack.enter_context(_server("config.bench_wsgi", "/empty/"))
            ways = [_Way(name, path, queries[name], port, server) for name, path in paths(code).items()]
            if has_peer():
                ways.append(stack.enter_context(_peer()))
            return _by_turns(ways, count, progress)
    finally:
        forget_visits(code, after=before)


def has_peer() -> bool:
    """Whether pinax-referrals is installed."""
    return importlib.util.find_spec("pinax") is not None and importlib.util.find_spec("pinax.referrals") is not None


def _by_turns(ways: list[_Way], count: int, progress: Callable[[int], object]) -> list[Cost]:
    processor, clock = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    for way in ways:
        _ask_many(way, _TURN // 4)
    for _ in range(-(-count // _TURN)):
        for way in ways:
            started, busy = time.perf_counter(), _busy(way.server)
            _ask_many(way, _TURN)
            processor[way] += sum(seconds - busy.get(pid, 0.0) for pid, seconds in _busy(way.server).items())
            clock[way] += time.perf_counter() - started
            progress(_TURN)
    return [Cost(way.name, processor[way], clock[way], way.queries) for way in ways]


@contextmanager
def _peer() -> Iterator[_Way]:
    with scratch.empty("peer") as database:
        surroundings = {**os.environ, "DATABASE": json.dumps(database), "CODE": _PEER_CODE}
        queries = prepare_peer(surroundings)
        with _server("config.bench_peer", f"/{_PEER_CODE}", surroundings, b"302") as (port, server):
            yield _Way("pinax-referrals, which only redirects", f"/{_PEER_CODE}", queries, port, server, b"302")


def prepare_peer(surroundings: Mapping[str, str]) -> int:
    """Make the peer's tables, in a process of its own. Answers how many queries a new visitor of it costs."""
    command = [sys.executable, "-m", "config.bench_peer"]
    return int(subprocess.run(command, cwd=settings.BASE_DIR, env=surroundings, check=True, capture_output=True).stdout)


@contextmanager
def _server(
    module: str, path: str, surroundings: Mapping[str, str] | None = None, answer: bytes = b"200"
) -> Iterator[tuple[int, int]]:
    """A web server with the pages for measuring: its port and its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", module, "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    command += ["--log-level", "error", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings, start_new_session=True)
    try:
        _wait_for(_Way(module, path, 0, port, process.pid, answer), process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(way: _Way, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if _ask(way):
                return
        except OSError:
            time.sleep(0.2)
    raise BenchRefused("no_server", "The web server did not start.")


def _ask_many(way: _Way, count: int) -> None:
    answers: list[bool] = []

    def client() -> None:
        answers.extend(_ask(way) for _ in range(count // _CLIENTS))

    clients = [threading.Thread(target=client) for _ in range(_CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if len(answers) != count // _CLIENTS * _CLIENTS or not all(answers):
        raise BenchRefused("bad_answer", f"{way.path} did not answer every time.")


def _ask(way: _Way) -> bool:
    """Whether one request on a connection of its own is answered as it should be."""
    with socket.create_connection(("127.0.0.1", way.port), timeout=20) as line:
        line.sendall(f"GET {way.path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {BROWSER}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer.startswith(b"HTTP/1.1 " + way.answer)


def _busy(server: int) -> dict[str, float]:
    """Seconds of processor time taken so far by each of the server's processes and of the database's for this database."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return {pid: _seconds(pid) for pid in (str(server), *workers, *_backends())}


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
