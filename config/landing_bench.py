"""What opening an invitation costs, beside a page that does nothing: in one run, by turns, so that a busy machine slows all alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from config.benching import BenchRefused
from referrals import jobs
from referrals.models import Code, Touch

_TURN = 20
"""Requests of one kind in a row."""
_LONG = 3600
"""Seconds a page is kept while it is measured: how often it is rendered in between depends on how busy a site is."""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True)
class Cost:
    """One way to answer: seconds of this process's processor and of the clock for all its requests, and queries of each."""

    name: str
    processor: float
    clock: float
    queries: int

    def times_processor(self, other: "Cost") -> float:
        """How many times the processor time of the other."""
        return self.processor / other.processor

    def times_requests(self, other: "Cost") -> float:
        """How many times as many requests per second as the other."""
        return other.clock / self.clock


def landing_costs(*, count: int, progress: Callable[[int], object]) -> list[Cost]:
    """An empty page, the invitation as it is kept, and through models and templates alone; `count` requests of each, in this process.

    The visits made are deleted again. Raises `BenchRefused` outside the demo world or where no invitation is open.
    """
    code = open_code()
    before = newest_visit()
    try:
        return _measure(code, count, progress)
    finally:
        forget_visits(code, after=before)


def open_code() -> Code:
    """The code to measure with. Raises `BenchRefused`."""
    if not settings.DEMO:
        raise BenchRefused("demo_only", "This makes visits up; it only runs in the demo world (DEMO=1).")
    code = Code.objects.filter(state="active", campaign__state="live").order_by("pk").first()
    if code is None:
        raise BenchRefused("no_codes", "No live campaign has codes. Run `make demo` first.")
    return code


def newest_visit() -> int:
    """The key of the newest visit there is."""
    return Touch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget_visits(code: Code, *, after: int) -> None:
    """Delete the visits that were made up, those still in the spool too."""
    jobs.drain_visits()
    Touch.objects.filter(pk__gt=after, code=code).delete()


WAYS = ("an empty page", "invitation, kept", "invitation, by models")


def paths(code: Code) -> dict[str, str]:
    """What is asked for, by the name of the way. The empty page comes first: all are compared with it."""
    return dict(zip(WAYS, ("/empty/", code.get_absolute_url(), f"/by-models/{code.code}/"), strict=True))


def _measure(code: Code, count: int, progress: Callable[[int], object]) -> list[Cost]:
    ways = paths(code)
    processor, clock = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    queries = {name: _queries(path) for name, path in ways.items()}
    for _ in range(-(-count // _TURN)):
        for name, path in ways.items():
            started, busy = time.perf_counter(), time.process_time()
            for _ in range(_TURN):
                ask(path)
            processor[name] += time.process_time() - busy
            clock[name] += time.perf_counter() - started
            progress(_TURN)
    return [Cost(name, processor[name], clock[name], queries[name]) for name in ways]


def query_counts(code: Code) -> dict[str, int]:
    """How many queries each way takes once the page is kept."""
    return {name: _queries(path) for name, path in paths(code).items()}


def _queries(path: str) -> int:
    ask(path)
    with CaptureQueriesContext(connection) as captured:
        ask(path)
    return len(captured)


@lru_cache(maxsize=1)
def _handler() -> WSGIHandler:
    return WSGIHandler()


def ask(path: str) -> None:
    """One request through all middleware, as gunicorn would hand it over."""
    request = RequestFactory(headers={"user-agent": BROWSER}).get(path, SERVER_NAME="localhost")
    request.urlconf = "config.bench_urls"
    with override_settings(LANDING_KEPT_SECONDS=_LONG):
        response = _handler().get_response(request)
    if response.status_code != 200:
        raise BenchRefused("bad_answer", f"{path} answered {response.status_code}.")
