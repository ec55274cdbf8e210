"""Time zones to choose from: those of places people live in, under their part of the world."""

from collections.abc import Iterable
from zoneinfo import available_timezones

_REGIONS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
_FORMER = {
    "Africa": "Asmera Timbuktu",
    "America": "Atka Buenos_Aires Catamarca Coral_Harbour Cordoba Ensenada Fort_Wayne Godthab Indianapolis Jujuy Knox_IN Louisville "
    "Mendoza Montreal Porto_Acre Rosario Santa_Isabel Shiprock Virgin",
    "Asia": "Ashkhabad Calcutta Chongqing Chungking Dacca Harbin Istanbul Kashgar Katmandu Macao Rangoon Saigon Tel_Aviv Thimbu "
    "Ujung_Pandang Ulan_Bator",
    "Atlantic": "Faeroe Jan_Mayen",
    "Australia": "ACT Canberra LHI NSW North Queensland South Tasmania Victoria West Yancowinna",
    "Europe": "Belfast Kiev Nicosia Tiraspol Uzhgorod Zaporozhye",
    "Pacific": "Enderbury Johnston Ponape Samoa Truk Yap",
}
_ALIASES = {f"{region}/{place}" for region, places in _FORMER.items() for place in places.split()}
"""Former and second names of zones that are offered under another one."""
ZONES = frozenset(
    zone for zone in available_timezones() if zone.count("/") == 1 and zone.split("/")[0] in _REGIONS and zone not in _ALIASES
) | {"UTC"}
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
