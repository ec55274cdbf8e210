"""The help at the desk: for everyone, searchable, never more than a click away."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from config import help_pages
from config.help_pages import HelpPage
from desk import menu
from desk.menu import Item
from desk.screens import Crumb, Screen, add_screen


class HelpIndex(Screen):
    """The first page of the help, and what a search found."""

    template_name = "help/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The first page, or what was found."""
        words = self.request.GET.get("q", "").strip()[:100]
        page = help_pages.page_called(help_pages.INDEX)
        found = help_pages.search(words) if words else []
        return super().get_context_data(**{"title": "Help", "page": page, "q": words, "found": found, **kwargs})


class HelpScreen(Screen):
    """One page of the help."""

    template_name = "help/page.html"

    @cached_property
    def page(self) -> HelpPage:
        """The page named in the address."""
        try:
            return help_pages.page_called(self.kwargs["slug"])
        except KeyError:
            raise Http404("The help has no such page.") from None

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the first page of the help."""
        return [Crumb("Help", reverse("admin:help"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page with the others beside it."""
        return super().get_context_data(**{"title": self.page.title, "page": self.page, "pages": help_pages.pages(), **kwargs})


add_screen("help/", HelpIndex, name="help")
add_screen("help/<slug:slug>/", HelpScreen, name="help_page")

menu.register(Item("help", "Look back", "Help", "admin:help", "help", (), 90))
