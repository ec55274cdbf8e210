"""How late the units of each pool came back of late: what its return curve is made of."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from equipment.models import Loan
from equipment.return_curve import ReturnCurve
from equipment.states import LoanState

WITHIN = timedelta(days=365)
MOST = 5_000
"""The newest returns that are read, of all pools asked about together."""
_DAY = timedelta(days=1)


def curves(pools: Iterable[int], *, at: datetime) -> dict[int, ReturnCurve]:
    """Per pool id: its return curve from the loans that came back or were lost in the year before `at`. One query."""
    known = list(pools)
    ended = Loan.objects.filter(pool__in=known, due_at__isnull=False, due_at__gt=at - WITHIN, due_at__lte=at + WITHIN)
    rows = ended.exclude(returned_at__isnull=True, ended_at__isnull=True).order_by("-due_at").annotate(due=F("due_at"))
    late: dict[int, list[float]] = defaultdict(list)
    lost: dict[int, int] = defaultdict(int)
    for pool, state, due, back in rows.values_list("pool", "state", "due", "returned_at")[:MOST]:
        if back is None:
            lost[pool] += state == LoanState.LOST
        else:
            late[pool].append((back - due) / _DAY)
    return {pk: ReturnCurve(sorted(late[pk]), lost[pk]) for pk in known}
