"""The one admin site staff work in."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.functional import SimpleLazyObject
from django.views.decorators.gzip import gzip_page

from desk import screens
from desk.menu import Item, menu_of, register
from desk.views import first_page

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])

APP_ORDER = ("campaigns", "referrals", "rewards", "equipment", "customers", "notices", "audit", "auth", "config", "django_q")
"""The order of work, not of the alphabet."""


class DeskSite(AdminSite):
    """Django's admin under our name; pages of daily work are added to it by the apps above."""

    site_title = "Lendwell"
    site_header = "Lendwell"
    index_title = "Desk"
    index_template = "desk/index.html"
    enable_nav_sidebar = True

    def admin_view(self, view: _View, cacheable: bool = False) -> _View:
        """For staff only, and compressed on its way: a desk in a cellar has a weak connection.

        Django adds a random length to what it compresses, so that the length of a page tells nobody what stands on it (BREACH).
        """
        return gzip_page(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The screens of the apps, then the pages of the models."""
        return [*screens.routes(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the menu of this person."""
        menu = menu_of(request.user, request.path) if self.has_permission(request) else None
        return {**super().each_context(request), "menu": menu}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps in the order of work; worked out when a page shows them, and few do."""
        ordered = partial(super().get_app_list, request, app_label)
        return cast(list[Any], SimpleLazyObject(lambda: sorted(ordered(), key=lambda app: _position(app["app_label"]))))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page: what needs you today, then how things go. The list of all models has its own page."""
        context = {**self.each_context(request), **first_page(request), **(extra_context or {})}
        request.current_app = self.name
        return TemplateResponse(request, self.index_template or "desk/index.html", context)


def _position(label: str) -> int:
    return APP_ORDER.index(label) if label in APP_ORDER else len(APP_ORDER)


register(Item("home", "Today", "Home", "admin:index", "gauge", order=0, phone=1))
