"""Pages of rows: what a row says, what can be done with it, what belongs to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from desk.admin.moves import MovesAdmin
from desk.panels import panels_of


class RowAdmin(MovesAdmin):
    """A page with moves and panels. `badges(row)` stand beside its title."""

    change_form_template = "desk/change_form.html"
    change_list_template = "desk/change_list.html"
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = mark_safe('<span class="nothing">–</span>')

    def badges(self, row: Any) -> list[SafeString]:
        """States of the row, shown at the top of its page."""
        return []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with the moves and panels of the row."""
        row = kwargs.get("obj")
        if row is not None:
            context |= {
                "title": str(row),
                "subtitle": None,
                "moves": self.bound_moves(request, row),
                "panels": panels_of(row, request.user),
                "badges": self.badges(row),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the moves that need no row."""
        context = {"title": capfirst(self.opts.verbose_name_plural), "list_moves": self.bound_list_moves(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

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
