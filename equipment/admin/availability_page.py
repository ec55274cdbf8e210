"""What each place can lend in the coming weeks, against what it has promised."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from desk import charts, menu, needs
from desk.columns import page_of
from desk.menu import Item
from desk.needs import Need
from desk.screens import Screen, add_screen
from equipment.models import Pool
from equipment.outlook import WEEKS, Outlook, outlooks


class AvailabilityScreen(Screen):
    """All pools, those that run short first; one of them as a stepped line."""

    title = "Availability"
    template_name = "equipment/availability.html"
    permission = "equipment.view_pool"
    help = "equipment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The chosen pool and all of them; without a choice, the one that needs somebody most."""
        weeks = _weeks(self.request.GET.get("weeks"))
        found = outlooks(Pool.objects.select_related("model"), at=timezone.now(), weeks=weeks)
        chosen = _chosen(found, self.request.GET.get("pool"))
        shown = {"outlooks": [(one, page_of(one.pool)) for one in found], "weeks": weeks, "choices": WEEKS, "chosen": chosen}
        lead = f"Units against promises and people who wait, next {weeks} weeks"
        return super().get_context_data(**shown, lead=lead, chart=_chart(chosen) if chosen else None, **kwargs)


def _weeks(text: str | None) -> int:
    return next((weeks for weeks in WEEKS if str(weeks) == text), WEEKS[0])


def _chosen(found: Sequence[Outlook], pk: str | None) -> Outlook | None:
    return next((one for one in found if str(one.pool.pk) == pk), found[0] if found else None)


def _chart(outlook: Outlook) -> charts.Chart:
    labels = [f"{day.on:%-d %b}" for day in outlook.days]
    series = [
        charts.Series("Units that can be lent", [outlook.lendable] * len(labels)),
        charts.Series("Promised, and wanted by those who wait", [day.needed for day in outlook.days]),
    ]
    return charts.line(labels, series, step=True, label=outlook.headline)


def _short(at: Any) -> Need:
    short = sum(one.gap < 0 for one in outlooks(Pool.objects.select_related("model"), at=at, weeks=WEEKS[0]))
    return Need(short, "Places that run short in the next 4 weeks", reverse("admin:availability"), "bad")


add_screen("availability/", AvailabilityScreen, name="availability")
menu.register(Item("availability", "Equipment", "Availability", "admin:availability", "chart", "equipment.view_pool", 10, 8))
needs.register("pools.short", _short, permission="equipment.change_pool")
