"""What each place can lend in the coming weeks, against what it has promised."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from desk import charts, menu, needs
from desk.columns import page_of
from desk.menu import Item
from desk.needs import Need
from desk.parts import Empty
from desk.screens import Screen, add_screen
from equipment import availability, shortages
from equipment.models import Pool
from equipment.outlook import WEEKS, Outlook, outlooks

NOTHING = Empty("There is no equipment yet, so there is nothing to lend.", "Look at places", "../equipment/pool/")
LEVELS = (1, 5, 10)
"""Per cent of those who ask that may have to wait."""


class AvailabilityScreen(Screen):
    """All pools, those that run short first; one of them as a stepped line."""

    subtitle = "Units against promises, people who wait and people who are expected to ask."
    title = "Availability and forecast"
    template_name = "equipment/availability.html"
    permission = "equipment.view_pool"
    help = "equipment"
    how = (
        "The green line is what a place can lend. The stepped line is what it has promised or holds, with everybody who waits served "
        "today: where it rises above the green one, units are missing. The dashed line adds those who are expected to ask."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The chosen pool and all of them; without a choice, the one that needs somebody most."""
        weeks = _choice(self.request.GET.get("weeks"), WEEKS, WEEKS[-1])
        level = _choice(self.request.GET.get("level"), LEVELS, 5)
        found = outlooks(Pool.objects.select_related("model"), at=timezone.now(), weeks=weeks)
        chosen = _chosen(found, self.request.GET.get("pool"))
        short = shortages.shortages(found, level=level / 100)
        rows = [{"one": one, "fit": one.fit(level / 100), "url": page_of(one.pool), "bar": _bar(one)} for one in found]
        shown = {
            "rows": rows,
            "short": short,
            "weeks": weeks,
            "week_choices": WEEKS,
            "level": level,
            "level_choices": LEVELS,
            "chosen": chosen,
            "empty": NOTHING,
        }
        if chosen:
            shown |= {"chart": _chart(chosen), "steps": _steps(chosen.pool, weeks), **_size(chosen, found, level / 100)}
        return super().get_context_data(**shown, **kwargs)


def _choice(text: str | None, choices: Sequence[int], default: int) -> int:
    return next((choice for choice in choices if str(choice) == text), default)


def _chosen(found: Sequence[Outlook], pk: str | None) -> Outlook | None:
    return next((one for one in found if str(one.pool.pk) == pk), found[0] if found else None)


def _chart(outlook: Outlook) -> charts.Chart:
    labels = [f"{day.on:%-d %b}" for day in outlook.days]
    series = [
        charts.Series("Units that can be lent", [outlook.lendable] * len(labels)),
        charts.Series("Promised, and wanted by those who wait", [day.needed for day in outlook.days]),
    ]
    if outlook.forecast:
        expected = [round(day.expected or 0, 1) for day in outlook.days]
        series.append(charts.Series("With those expected to ask", expected, step=False, is_quiet=True))
    return charts.line(labels, series, step=True, label=outlook.headline)


def _steps(pool: Pool, weeks: int) -> list[dict[str, Any]]:
    """What can be promised from when, and why not more, in days of the place."""
    at, day = timezone.now(), pool.opening().day
    steps = availability.steps([pool], start=at, end=at + timedelta(weeks=weeks), at=at)[pool.pk]
    return [{"step": step, "on": day(step.start)} for step in steps]


def _bar(outlook: Outlook) -> charts.Bar:
    return charts.bar(outlook.out_share, tone="bad" if outlook.overdue else "")


def _size(chosen: Outlook, found: Sequence[Outlook], level: float) -> dict[str, Any]:
    fit = chosen.fit(level)
    return {"fit": fit, "share": fit.share_without * 100, "ways": shortages.ways(chosen, found, level)} if fit else {}


def _short(at: Any) -> Need:
    short = sum(one.gap < 0 for one in outlooks(Pool.objects.select_related("model"), at=at, weeks=WEEKS[0]))
    return Need(short, "Places that run short in the next 4 weeks", reverse("admin:availability"), "bad")


add_screen("availability/", AvailabilityScreen, name="availability")
menu.register(Item("availability", "Equipment", "Availability", "admin:availability", "chart", "equipment.view_pool", 10, 8))
needs.register("pools.short", _short, permission="equipment.change_pool")
