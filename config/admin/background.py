"""What runs by itself: each job with when it runs next and how it went last, and what failed. Read only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_q.admin  # noqa: F401 (its import puts its own pages on the site, which are taken away below)
from django.contrib import admin
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success

from audit.admin.screens import READING
from config import heartbeats
from config.schedules import SCHEDULES
from desk import menu
from desk.badges import badge
from desk.menu import Item
from desk.needs import how_long
from desk.parts import Check
from desk.screens import Screen, add_screen

PERMISSION = "django_q.view_schedule"
SHOWN = 20
"""Newest failures that are shown."""
SILENCE = timedelta(minutes=5)
"""So long may nothing run before the page warns."""


@dataclass(frozen=True)
class Line:
    """One job of the table of schedules as it stands now."""

    name: str
    minutes: int
    next_run: datetime | None
    badge: str


class BackgroundWork(Screen):
    """Jobs and their failures, for administrators and those who read everything."""

    title = "Background work"
    subtitle = "What runs by itself, when it runs next, and what failed."
    permission = (PERMISSION, READING)
    template_name = "config/background.html"
    help = "background"
    how = (
        "Every job looks at the state of the rows and does what is due, so that one which comes late or twice does no harm. Nothing has to "
        "be started here: what failed is tried again with the next run."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether work is done, the jobs in the order of a day, and what failed."""
        at = timezone.now()
        failures = Failure.objects.order_by("-stopped").values("name", "func", "started", "stopped")[:SHOWN]
        shown = {"checks": [_life(at)], "lines": _lines(), "failures": list(failures)}
        return super().get_context_data(**{**shown, **kwargs})


def _life(at: datetime) -> Check:
    """Whether a worker was seen lately."""
    seen = heartbeats.last_life()
    if seen is None:
        return Check("No worker was ever seen", False, "Start one: manage.py work, or manage.py serve for everything in one.")
    words = f"A worker was last seen {how_long(at - seen)} ago"
    is_alive = at - seen < SILENCE
    return Check(words, is_alive, "" if is_alive else "Nothing runs by itself now. Start manage.py work, or look into its log.")


def _lines() -> list[Line]:
    """The jobs of the table, each with what the database says about it. Three queries."""
    known = {schedule.name: schedule for schedule in Schedule.objects.defer("kwargs", "args")}
    tasks = [schedule.task for schedule in known.values() if schedule.task]
    failed = set(Failure.objects.filter(pk__in=tasks).values_list("pk", flat=True))
    waiting = {queued.task_id() for queued in OrmQ.objects.all()}
    return [_line(one.name, one.minutes, known.get(one.name), failed, waiting) for one in SCHEDULES]


def _line(name: str, minutes: int, schedule: Schedule | None, failed: set[str], waiting: set[str]) -> Line:
    if schedule is None:
        return Line(name, minutes, None, badge("bad", "Not scheduled: run manage.py sync_schedules"))
    return Line(name, minutes, schedule.next_run, badge(*_how_it_went(schedule.task, failed, waiting)))


def _how_it_went(task: str | None, failed: set[str], waiting: set[str]) -> tuple[str, str]:
    """What is known of the last run. Runs that went well leave no row, and leave the queue when they are over."""
    if not task:
        return "plain", "Not yet run"
    if task in failed:
        return "bad", "Failed"
    return ("info", "Waits or runs") if task in waiting else ("ok", "Fine")


# Its own pages could start and delete jobs by hand, past the table in the program, and look like none of ours.
for _model in (Failure, OrmQ, Schedule, Success):
    admin.site.unregister(_model)
add_screen("background/", BackgroundWork, name="background_work")
menu.register(Item("background", "Settings", "Background work", "admin:background_work", "gauge", PERMISSION, 80, reading=READING))
