"""Every address of the portal, found in the routes themselves, so that a new page is walked without being named here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from rewards.portal.urls import urlpatterns

OUTSIDE = {"my_door", "my_code", "my_enter", "my_link"}
"""Pages of those who are not in yet."""
_CHOICES = {"kind": ("handover", "return"), "name": ("return", "longer", "problem", "decline"), "form": ("html", "json")}


@dataclass(frozen=True)
class Address:
    """One page: its name, where it is, and whether it is about a thing that belongs to somebody."""

    name: str
    url: str
    is_about_something: bool

    @property
    def is_inside(self) -> bool:
        """Whether it is for those who are in."""
        return self.name not in OUTSIDE


def addresses(things: dict[str, str]) -> list[Address]:
    """All pages, with these names of things in them: by the first part of the address (`loans` takes `loan`)."""
    found = [address for route in urlpatterns for address in _of(str(route.name), things)]
    assert {address.name for address in found} == {str(route.name) for route in urlpatterns}
    return found


def _of(name: str, things: dict[str, str]) -> Iterator[Address]:
    for thing in ("", *things.values(), "k" * 43):
        for values in _values(thing):
            try:
                url = reverse(name, kwargs=values)
            except NoReverseMatch:
                continue
            if not thing or _fits(url, thing, things):
                yield Address(name, url, bool(thing) and thing in things.values())


def _fits(url: str, thing: str, things: dict[str, str]) -> bool:
    kind = next((kind for kind, value in things.items() if value == thing), "in")
    return url.startswith(f"/my/{kind}")


def _values(thing: str) -> Iterator[dict[str, str]]:
    yield {} if not thing else {"reference": thing}
    if thing:
        yield {"key": thing}
        yield {"code": thing}
        yield from ({"reference": thing, field: value} for field, values in _CHOICES.items() for value in values)
