"""Pages of rows: what a row says, what can be done with it, what belongs to it."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString

from desk.admin.facts import EMPTY, groups
from desk.admin.moves import MovesAdmin
from desk.lists.defaults import default_list
from desk.lists.page import ListPage
from desk.lists.views import Exported, answer
from desk.panels import SIDE, panels_of


class RowAdmin(MovesAdmin):
    """A page with moves and panels. `badges(row)` stand beside its title; `list_page` says what the list of all rows is like.

    Without a `list_page` the list is made of `list_display`, `list_filter`, `search_fields`, `date_hierarchy` and `ordering`.
    """

    change_form_template = "desk/change_form.html"
    list_page: type[ListPage] | None = None
    empty_value_display = EMPTY

    def badges(self, row: Any) -> list[SafeString]:
        """States of the row, shown at the top of its page."""
        return []

    def heading(self, row: Any) -> str:
        """The title of a row's page."""
        return str(row)

    def lead(self, row: Any) -> str:
        """One sentence that says what this row is about, under the title of its page."""
        return ""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with the moves and panels of the row."""
        row = kwargs.get("obj")
        if row is not None:
            context |= {
                "title": self.heading(row),
                "subtitle": None,
                "moves": self.bound_moves(request, row),
                "panels": panels_of(row, request.user),
                "side_panels": panels_of(row, request.user, SIDE),
                "badges": self.badges(row),
                "lead": self.lead(row),
            }
            if not self.has_change_permission(request, row):
                context["fact_groups"] = groups(context["adminform"], row)
        return super().render_change_form(request, context, *args, **kwargs)

    @cached_property
    def listing(self) -> ListPage:
        """The list of all rows, at the address of Django's own."""
        return (self.list_page or default_list(self))(self)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """The list: read it, search it, write it to a file, move many rows."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return answer(self.listing, request)

    def exported(self, request: HttpRequest, what: Exported) -> None:
        """Somebody is about to get rows of the list as a file; a floor with a trail records it."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The history of a row stands on its page."""
        return redirect("../change/")


class ReadOnlyMixin:
    """For rows that only verbs write: nothing can be added, changed or deleted on the page."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds such a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody writes into its columns by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes it."""
        return False


class KeptMixin:
    """For rows that can be written on the page, but are never deleted there."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What others may point at is not deleted by hand."""
        return False
