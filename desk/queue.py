"""The one door to the background queue. It only wakes: the state of the rows is the memory.

With django-q2's ORM broker a wake-up is a row in the same database, so it commits or rolls back with the work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django_q.tasks import async_task

_is_asleep: ContextVar[bool] = ContextVar("_is_asleep", default=False)


def enqueue(job: str, *arguments: str | int) -> None:
    """Ask for `job` (a dotted path such as `rewards.jobs.accrue_qualified_referrals`) soon.

    Arguments are references, ids and dates only. The job may run twice, late or never; its sweep finds what was missed.
    """
    if not _is_asleep.get():
        async_task(job, *arguments, group=job)


@contextmanager
def asleep() -> Iterator[None]:
    """Wake nobody within this block. For work that is followed by a sweep of its own, such as making the demo world."""
    token = _is_asleep.set(True)
    try:
        yield
    finally:
        _is_asleep.reset(token)
