"""Pages of the desk that are not the page of one row: dashboards, queues, tools. One class each, added to the site by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import TemplateView


@dataclass(frozen=True)
class Crumb:
    """A step of the way to a page."""

    label: object
    url: str


class Screen(TemplateView):
    """A page in the shell of the desk. Its template extends `desk/screen.html`.

    `permission` may be several, of which one is enough to open the page; what the page does is refused by its verbs. `how`
    says in a few words how the page works, and `help` names the page of the help that says more (`docs/help/<help>.md`).
    """

    title = ""
    subtitle = ""
    permission: str | tuple[str, ...] = ()
    help = ""
    how = ""
    leaf = ""
    """The end of the way here, where the title is that of what the page is beside."""
    site: AdminSite | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the page to those who may."""
        if not self.may_open(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may_open(self, request: HttpRequest) -> bool:
        """Whether this person may open the page."""
        wanted = (self.permission,) if isinstance(self.permission, str) else self.permission
        return not wanted or any(request.user.has_perm(permission) for permission in wanted)

    def crumbs(self) -> Sequence[Crumb]:
        """The way here, from under the first page of the desk."""
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The shell, the title and the way here; subclasses add what the page shows."""
        named = {
            "title": self.title,
            "subtitle": None,
            "lead": self.subtitle,
            "crumbs": self.crumbs(),
            "leaf": self.leaf,
            "help_slug": self.help,
            "how": self.how,
        }
        return super().get_context_data(**{**self._shell(), **named, **kwargs})

    def _shell(self) -> dict[str, Any]:
        assert self.site is not None, "routes() gives the site"
        return self.site.each_context(self.request)


@dataclass(frozen=True)
class _Added:
    route: str
    screen: type[Screen]
    name: str


_added: dict[str, _Added] = {}


def add_screen(route: str, screen: type[Screen], *, name: str) -> None:
    """Put a screen at `/admin/<route>`, to be found as `admin:<name>`; the same name replaces."""
    _added[name] = _Added(route, screen, name)


def routes(site: AdminSite) -> list[URLPattern]:
    """Addresses of all screens, for staff only and never kept by a cache on the way."""
    return [path(one.route, site.admin_view(one.screen.as_view(site=site)), name=one.name) for one in _added.values()]
