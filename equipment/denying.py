"""Who asked for a unit where nobody could ask: counted per place and hour, and nothing else is kept of them.

Who finds nothing free joins the queue and is a loan like every other. Who is turned away before that (the campaign is paused, used up or
over) leaves no loan; without this count a place would look less wanted the longer it is closed.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from equipment.models import DeniedHour, Pool


def note(*, pools: Iterable[Pool], account: str, at: datetime) -> int:
    """Count one more asked for of each of these pools (as often as it is named) by an account, in vain. Answers how many were counted."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    wanted = [pool.pk for pool in pools]
    with transaction.atomic():
        rows = [DeniedHour(pool_id=pk, account=account, hour=hour, number=0) for pk in sorted(set(wanted))]
        DeniedHour.objects.bulk_create(rows, ignore_conflicts=True)
        for pk in sorted(wanted):
            DeniedHour.objects.filter(pool_id=pk, account=account, hour=hour).update(number=F("number") + 1)
    return len(wanted)


def denied(start: datetime, end: datetime) -> QuerySet[DeniedHour]:
    """The hours of a period that begin in it."""
    return DeniedHour.objects.filter(hour__gte=start, hour__lt=end)


def total(rows: QuerySet[DeniedHour]) -> int:
    """How many were asked for in vain in these hours."""
    return rows.aggregate(total=Sum("number"))["total"] or 0
