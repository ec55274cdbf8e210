"""Pages of rows: what a row says, what can be done with it, what belongs to it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
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

_HOW = (
    "What can be done now is offered on the page; what is not offered is not possible in this state, or not yours to do. What belongs "
    "to the row stands below, and what happened to it, with who did it and why, beside it or under it."
)


class RowAdmin(MovesAdmin):
    """A page with moves and panels. `badges(row)` stand beside its title; `list_page` says what the list of all rows is like.

    `names` are what one row and many are called on the screens, where that is not the model's own name.

    `labels` and `helps` say what a field of the form is called and what it takes, where the model's own words would not do.

    `how` says in a few words how the page works, and `help` names the page of the help that says more (`docs/help/<help>.md`).

    `instead` are columns shown in the place of a field, on the page and in a list that is made of `list_display`: what a person reads
    for what is kept. A file has both.

    Without a `list_page` the list is made of `list_display`, `list_filter`, `search_fields`, `date_hierarchy` and `ordering`, and says
    `nothing_yet` while it is empty.
    """

    change_form_template = "desk/change_form.html"
    list_page: type[ListPage] | None = None
    nothing_yet = ""
    names: tuple[str, str] | None = None
    labels: Mapping[str, str] = {}
    helps: Mapping[str, str] = {}
    instead: Mapping[str, Callable[[Any], Any]] = {}
    help = "records"
    how = _HOW
    empty_value_display = EMPTY
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        },
    }

    @property
    def media(self) -> forms.Media:
        """None of Django's scripts: no form of ours needs them, and they weigh more than all the rest of a page."""
        return forms.Media()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field without the links that open Django's pop-up windows: what is missing is added on its own page."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None and isinstance(found.widget, RelatedFieldWidgetWrapper):
            found.widget = found.widget.widget
        if found is not None:
            found.label = self.labels.get(db_field.name, found.label)
            found.help_text = self.helps.get(db_field.name, found.help_text)
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The fields of the page, with what is shown instead of some."""
        return [self.instead.get(str(name), name) for name in super().get_fields(request, obj)]

    def found_in(self, path: str, text: str) -> Q:
        """Rows where what `search_fields` names begins with the text; is equal to it where the path begins with `=`."""
        return Q(**{path[1:]: text}) if path.startswith("=") else Q(**{f"{path}__istartswith": text})

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
        """The page, with the moves and panels of the row; 422 where what was typed cannot be kept."""
        row = kwargs.get("obj")
        context |= {"how": self.how, "help_slug": self.help, "many": self.listing.many}
        if row is None and self.names:
            context["title"] = f"Add {self.names[0]}"
        if row is not None:
            row = self._as_stored(row, request)
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
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = 422
        return response

    def _as_stored(self, row: Any, request: HttpRequest) -> Any:
        """The row as the database has it: what was typed and refused is in the form, and is nothing to judge a row by."""
        return self.get_queryset(request).filter(pk=row.pk).first() or row if request.method == "POST" else row

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
