"""Keeping the queue's rows of schedules equal to the table."""

from collections.abc import Sequence

from django.db import transaction
from django_q.models import Schedule

from config.schedules import SCHEDULES, Scheduled


def differences(schedules: Sequence[Scheduled] = SCHEDULES) -> list[str]:
    """What `sync` would change, in words; empty when the database equals the table."""
    rows = {row.name: row for row in Schedule.objects.order_by("-pk")}
    wanted = {scheduled.name: scheduled for scheduled in schedules}
    twice = Schedule.objects.count() - len(rows)
    found = [f"{name}: not scheduled" for name in wanted if name not in rows]
    found += [f"{name}: differs from the table" for name, row in rows.items() if name in wanted and _differs(row, wanted[name])]
    found += [f"{name or 'A schedule without a name'}: not in the table" for name in rows if name not in wanted]
    return found + ([f"{twice} schedules are there twice"] if twice else [])


@transaction.atomic
def sync(schedules: Sequence[Scheduled] = SCHEDULES) -> list[str]:
    """Create, change and delete schedules until the database equals the table. Answers what changed, in words.

    The time of the next run of a schedule that is already there is kept.
    """
    changes = []
    kept = []
    for scheduled in schedules:
        row = Schedule.objects.select_for_update().filter(name=scheduled.name).order_by("pk").first()
        if row is None or _differs(row, scheduled):
            changes.append(f"{scheduled.name}: {'changed' if row else 'scheduled'}, {scheduled.job} every {_minutes(scheduled)}")
        row = row or Schedule(name=scheduled.name)
        for field, value in _columns(scheduled).items():
            setattr(row, field, value)
        row.save()
        kept.append(row.pk)
    strangers = Schedule.objects.exclude(pk__in=kept)
    changes += [f"{row.name or 'A schedule without a name'}: removed, it is not in the table" for row in strangers]
    strangers.delete()
    return changes


def _columns(scheduled: Scheduled) -> dict[str, object]:
    return {
        "func": scheduled.job,
        "schedule_type": Schedule.MINUTES,
        "minutes": scheduled.minutes,
        "repeats": -1,
        "hook": None,
        "args": None,
        "kwargs": None,
        "cluster": None,
    }


def _differs(row: Schedule, scheduled: Scheduled) -> bool:
    return any(getattr(row, field) != value for field, value in _columns(scheduled).items())


def _minutes(scheduled: Scheduled) -> str:
    return "minute" if scheduled.minutes == 1 else f"{scheduled.minutes} minutes"
