"""What is asked of a pool, how long each asking takes a unit, and whether the pool is large enough for it.

Every promise and every place in a queue is a loan, so that who found nothing free is counted like everybody else; who was turned away
before that is counted by `denying`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Sum
from django.db.models.functions import TruncDate

from equipment import denying, sizing
from equipment.forecasting import Forecast, forecast
from equipment.models import Loan, Pool
from equipment.relocating import INSTEAD

WEEKS_BACK = 156
"""Three years: two are needed to know a season."""
ENDED_WITHIN = timedelta(days=180)
LEAST_ENDED = 10
"""Fewer ended loans than these say nothing about how long a unit is taken; the plan is used instead."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Demand:
    """Loans asked for in each of the past whole weeks, since the first; and days a unit is taken for each on average."""

    weeks: Sequence[int]
    taken_days: float
    is_taken_observed: bool

    @property
    def forecast(self) -> Forecast | None:
        """What to expect per week; None while there is too little to go by."""
        return forecast(self.weeks)


@dataclass(frozen=True)
class Fit:
    """How a pool fits what is expected of it. `level` and `share_without` are shares from 0 to 1."""

    lendable: int
    per_week: float
    taken_days: float
    level: float

    @property
    def load(self) -> float:
        """Units taken at one time on average, if there were enough of them."""
        return self.per_week * self.taken_days / 7

    @property
    def share_without(self) -> float:
        """The share of those who ask that will have to wait."""
        return sizing.share_without(max(self.lendable, 0), self.load)

    @property
    def is_enough(self) -> bool:
        """Whether the pool serves as many as it should."""
        return self.share_without <= self.level

    @property
    def units_needed(self) -> int:
        """The fewest units to lend with which it would."""
        return sizing.units_for(self.load, self.level)

    @property
    def spare(self) -> int:
        """Units more than the level needs; nought for a pool that is too small."""
        return max(self.lendable - self.units_needed, 0)

    def ways_out(self) -> list[str]:
        """What would bring a pool that is too small to its level, each alone; nothing for one that is large enough."""
        if self.is_enough:
            return []
        missing = self.units_needed - max(self.lendable, 0)
        ways = [f"{missing} more {'unit' if missing == 1 else 'units'}"]
        bearable = sizing.most_load(max(self.lendable, 0), self.level)
        if bearable:
            ways.append(f"slower invitations: at most {bearable * 7 / self.taken_days:.1f} asked for per week")
            ways.append(
                f"units back sooner: after {bearable * 7 / self.per_week:.1f} days on average, inspection and turnaround included"
            )
        return ways


def demands(pools: Iterable[Pool], *, at: datetime) -> dict[int, Demand]:
    """Per pool id: what was asked of it up to the day before `at` (in UTC). Three queries, however many pools."""
    known = list(pools)
    days = _asked_per_day(known, at)
    taken = _taken(known, at)
    return {pool.pk: _demand(pool, days.get(pool.pk, {}), taken.get(pool.pk), at) for pool in known}


def _demand(pool: Pool, ages: dict[int, int], taken: timedelta | None, at: datetime) -> Demand:
    length = max(ages, default=-1) // 7 + 1
    weeks = [0] * length
    for age, number in ages.items():
        weeks[length - 1 - age // 7] += number
    plan = pool.blocked_by_hand_over(at) - at
    return Demand(weeks, (taken or plan) / _DAY, taken is not None)


def _asked_per_day(pools: Sequence[Pool], at: datetime) -> dict[int, dict[int, int]]:
    """Per pool id: how many loans were asked for, by how many days before yesterday."""
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(weeks=WEEKS_BACK)
    asked = Loan.objects.filter(pool__in=pools, created_at__lt=today, created_at__gte=since)
    asked = asked.exclude(purpose__startswith=INSTEAD)  # offered by us, asked for by nobody
    by_day = asked.order_by().annotate(day=TruncDate("created_at", tzinfo=UTC)).values("pool", "day").annotate(number=Count("pk"))
    in_vain = denying.denied(since, today).filter(pool__in=pools).order_by().annotate(day=TruncDate("hour", tzinfo=UTC))
    found: dict[int, dict[int, int]] = {}
    for row in [*by_day, *in_vain.values("pool", "day").annotate(total=Sum("number")).values("pool", "day", number=F("total"))]:
        ages, age = found.setdefault(row["pool"], {}), (today.date() - row["day"]).days - 1
        ages[age] = ages.get(age, 0) + row["number"]
    return found


def _taken(pools: Sequence[Pool], at: datetime) -> dict[int, timedelta]:
    """Per pool id: how long a unit was taken on average by loans that ended lately, where enough did."""
    ended = Loan.objects.filter(pool__in=pools, starts_at__isnull=False, ended_at__gt=at - ENDED_WITHIN, ended_at__lte=at)
    long = ExpressionWrapper(F("ended_at") - F("starts_at"), output_field=DurationField())
    rows = ended.order_by().values("pool").annotate(number=Count("pk"), mean=Avg(long))
    return {row["pool"]: row["mean"] for row in rows if row["number"] >= LEAST_ENDED}
