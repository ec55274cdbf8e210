"""Figures of a pool and of a model on their pages: the same definitions as on the page of a campaign."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils import timezone

from analytics import figures
from analytics.idle import Idle
from analytics.kpis import percent
from analytics.utilisation import Utilisation
from desk import panels
from desk.panels import Cell, Panel
from equipment.models import EquipmentModel, Pool
from referrals.models import Promise

DAYS = 90


def figures_of_pool(pool: Pool) -> Panel:
    """How well the units of a place were used in the last days."""
    return _panel([pool.pk])


def figures_of_model(model: EquipmentModel) -> Panel:
    """How well all units of a model were used in the last days."""
    return _panel(list(model.pools.values_list("pk", flat=True)))


def _panel(pools: Sequence[int]) -> Panel:
    at = timezone.now()
    start = at - timedelta(days=DAYS)
    used = figures.utilisation_of(pools, start, at, at=at)
    rows = [*_used(used), *_handled(pools, start, at)]
    title = f"The last {DAYS} days in figures"
    return Panel(title, ["Figure", "Value"], [[Cell(name), Cell(value)] for name, value in rows], "Nothing to count yet.")


def _used(used: Utilisation) -> list[tuple[str, str]]:
    shares = [
        (f"… by {account or 'nobody’s campaign'}", _share(used.share(account)))
        for account, days in sorted(used.account_days.items(), key=lambda one: -one[1])
        if days
    ]
    return [
        ("Utilisation, net of units out of service", _share(used.net)),
        *shares,
        ("Utilisation, gross", _share(used.gross)),
        ("Committed: out, held or being turned round", _share(used.committed)),
        ("Loans per unit owned", _number(figures.rounded(used.turnover, 2))),
    ]


def _handled(pools: Sequence[int], start: datetime, at: datetime) -> list[tuple[str, str]]:
    took = figures.turnaround(pools, start, at)
    kept = figures.kept_of(Promise.objects.filter(loan__pool__in=pools), start, at, at=at)
    queued, turned_away = figures.denied_of(start, at, pool__in=pools)
    return [
        ("Turnaround, median", _days(took.median_days)),
        ("Turnaround, nine of ten within", _days(took.p90_days)),
        ("Idle between two customers, median", _idle(figures.idle_times(pools, start, at))),
        ("Promises kept", f"{percent(str(kept.ratio))} of {kept.whole} fallen due" if kept.ratio is not None else "–"),
        ("Denied demand: joined the queue", str(queued)),
        ("Denied demand: turned away, as a campaign took nobody", str(turned_away)),
    ]


def _share(ratio: Fraction | None) -> str:
    return "–" if ratio is None else percent(str(figures.rounded(ratio, 4)))


def _number(value: object) -> str:
    return "–" if value is None else str(value)


def _days(value: object) -> str:
    return "–" if value is None else f"{value} days"


def _idle(found: Idle) -> str:
    half = "–" if found.median_days is None else f"{figures.rounded(found.median_days, 1)} days"
    return f"{half}; {found.still_open} still on the shelf" if found.still_open else half


panels.register("equipment.pool", figures_of_pool, permission="equipment.view_loan", column=panels.MAIN, order=60)
panels.register("equipment.equipmentmodel", figures_of_model, permission="equipment.view_loan", column=panels.MAIN, order=60)
