"""Every address of the desk, found in the routes themselves, so that a new page is walked without being named here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, reverse

from config.constraints import own_models
from desk import screens

_PAGES = ("changelist", "add", "change", "delete", "history")
_SKIPPED = {"logout", "autocomplete"}


@dataclass(frozen=True)
class Address:
    """One page: its name, where it is, and the permissions of which one opens it; None where the route itself does not say."""

    name: str
    url: str
    permissions: tuple[str, ...] | None


def addresses() -> list[Address]:
    """All pages of rows of ours (of the first row of each) and all screens."""
    return [*_rows(), *_screens()]


def first(model: type[Model]) -> Any:
    """The row whose pages are walked."""
    return model._default_manager.order_by("pk").first()


def _rows() -> Iterator[Address]:
    for model in own_models():
        row = first(model) if model in admin.site._registry else None
        if row is None:
            continue
        meta = model._meta
        view = (f"{meta.app_label}.view_{meta.model_name}", f"{meta.app_label}.change_{meta.model_name}")
        for page in _PAGES:
            arguments = [] if page in ("changelist", "add") else [row.pk]
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=arguments)
            yield Address(f"{meta.label} {page}", url, view if page in ("changelist", "change") else None)


def _screens() -> Iterator[Address]:
    for route in screens.routes(admin.site):
        url = _address(route)
        if url and route.name not in _SKIPPED:
            screen = route.callback.__wrapped__.view_class if hasattr(route.callback, "__wrapped__") else None
            wanted = getattr(screen, "permission", ())
            yield Address(f"screen {route.name}", url, (wanted,) if isinstance(wanted, str) else tuple(wanted))


def _address(route: URLPattern) -> str:
    """The address, with the name of a row that exists where one is asked for; empty when nothing fits."""
    converters = route.pattern.converters
    for guess in ("rwd", "1"):
        values = {name: _value(name, type(converter).__name__, guess, str(route.name)) for name, converter in converters.items()}
        try:
            return reverse(f"admin:{route.name}", kwargs=values)
        except NoReverseMatch:
            continue
    return ""


def _value(name: str, converter: str, guess: str, route: str) -> Any:
    if converter == "IntConverter":
        return 1
    if converter == "UUIDConverter":
        return "00000000-0000-0000-0000-000000000000"
    return guess
