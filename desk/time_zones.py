"""Time zones to choose from: those of places people live in, under their part of the world."""

from collections.abc import Iterable
from zoneinfo import available_timezones

_REGIONS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
ZONES = frozenset(zone for zone in available_timezones() if zone.count("/") == 1 and zone.split("/")[0] in _REGIONS) | {"UTC"}
"""Names such as Europe/Berlin."""


def by_region(*besides: str, only: Iterable[str] = ZONES) -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones under their part of the world, so that a list of hundreds is found by typing the name of a city.

    `besides` are zones that are offered too, such as the one that is chosen already.
    """
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted({*only, *filter(None, besides)}):
        region, _, place = zone.rpartition("/")
        regions.setdefault(region or "Everywhere", []).append((zone, place.replace("_", " ")))
    return sorted(regions.items())
