"""Verbs as forms on a row's page: what is possible now is listed, each with what it asks; everything else is not there.

A move only parses the form, calls one verb and shows its answer. Permission, rules and the trail are the verb's.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from desk.panels import Panel
from desk.refusals import Refused


class MoveForm(forms.Form):
    """What a move asks. Every form knows the row it is about."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.row = row
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to `self.row`."""

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Let one of these values, each with its label, be chosen in the field `name`."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def offer_rows(self, name: str, rows: QuerySet[Any]) -> None:
        """Let one of these rows be chosen in the field `name`."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class ReasonForm(MoveForm):
    """A reason that stays on the trail."""

    reason = forms.CharField(
        label="Reason", max_length=300, help_text="Stays on the trail: name no person, address or number.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def always(row: Any, at: datetime) -> bool:
    """For a move that is possible in every state."""
    return True


Answer = str | Sequence[Panel]


@dataclass(frozen=True)
class Move:
    """One verb on a page. `fits` asks whether it is its time.

    `act(row, data, by, at)` calls the verb and answers a sentence, or panels to be shown once on a page of their own.
    """

    name: str
    label: str
    act: Callable[[Any, dict[str, Any], Any, datetime], Answer]
    permission: str
    fits: Callable[[Any, datetime], bool] = always
    form: type[MoveForm] = MoveForm
    tone: str = ""
    help: str = ""


@dataclass(frozen=True)
class BoundMove:
    """A move of one row as a template shows it."""

    move: Move
    url: str
    form: MoveForm

    @property
    def is_simple(self) -> bool:
        """Whether a button is enough: nothing is asked and nothing is explained."""
        return not self.form.fields and not self.move.help


_added: dict[str, list[Move]] = defaultdict(list)


def add_move(label: str, move: Move) -> None:
    """Put a move of an upper app on the pages of the model `label` (`app.model`); the same name replaces."""
    _added[label] = [known for known in _added[label] if known.name != move.name] + [move]


class MovesAdmin(ModelAdmin):
    """A ModelAdmin whose `moves` appear on the change page and whose `list_moves` (with no row) appear above the list."""

    moves: Sequence[Move] = ()
    list_moves: Sequence[Move] = ()

    def actor(self, request: HttpRequest) -> Any:
        """Who acts when this request calls a verb; a floor that has actors of its own answers one of them."""
        return request.user

    def get_urls(self) -> list[URLPattern]:
        """The pages of the model, and one POST-only address per move."""
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view
        return [
            path("moves/<slug:name>/", view(self.list_move_view), name="{}_{}_list_move".format(*info)),
            path("<path:object_id>/moves/<slug:name>/", view(self.move_view), name="{}_{}_move".format(*info)),
            *super().get_urls(),
        ]

    def bound_moves(self, request: HttpRequest, row: Any) -> list[BoundMove]:
        """The moves of this row that fit now and that this person may make; what cannot be taken back stands last."""
        at = timezone.now()
        moves = [move for move in self._all_moves() if request.user.has_perm(move.permission) and move.fits(row, at)]
        return [self._bind(move, row) for move in sorted(moves, key=lambda move: move.tone == "danger")]

    def bound_list_moves(self, request: HttpRequest) -> list[BoundMove]:
        """The moves above the list that this person may make."""
        return [self._bind(move, None) for move in self.list_moves if request.user.has_perm(move.permission)]

    def move_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Make one move of one row; afterwards the row's page shows what came of it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("There is no such row.")
        return self._make(request, self._move_called(self._all_moves(), name), row)

    def list_move_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Make a move that belongs to no row yet."""
        return self._make(request, self._move_called(self.list_moves, name), None)

    def _make(self, request: HttpRequest, move: Move, row: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request, row) and request.user.has_perm(move.permission)):
            raise PermissionDenied
        form = move.form(request.POST, request.FILES, row=row, auto_id=f"id_{move.name}_%s")
        if not form.is_valid():
            return self._page(request, BoundMove(move, request.path, form), row)
        try:
            answer = move.act(row, form.cleaned_data, self.actor(request), timezone.now())
        except Refused as refusal:
            if form.visible_fields():
                form.add_error(None, refusal.sentence)
                return self._page(request, BoundMove(move, request.path, form), row, status=refusal.status)
            messages.error(request, refusal.sentence)
        else:
            if not isinstance(answer, str):
                return self._answer(request, move, row, answer)
            messages.success(request, answer)
        return redirect(self._address(row))

    def _answer(self, request: HttpRequest, move: Move, row: Any, panels: Sequence[Panel]) -> HttpResponse:
        """What a move found out, on a page of its own: it is not kept, so that it cannot be read again unnoticed."""
        context = self._context(request, move, row) | {"panels": panels}
        return TemplateResponse(request, "desk/answer.html", context, headers={"Cache-Control": "no-store"})

    def _page(self, request: HttpRequest, bound: BoundMove, row: Any, status: int = 422) -> HttpResponse:
        """The move alone, with what is wrong with it, and what was typed kept."""
        return TemplateResponse(
            request, "desk/move.html", self._context(request, bound.move, row) | {"bound": bound}, status=status
        )

    def _context(self, request: HttpRequest, move: Move, row: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": move.label,
            "opts": self.opts,
            "original": row,
            "back_url": self._address(row),
        }

    def _all_moves(self) -> list[Move]:
        return [*self.moves, *_added[self.opts.label_lower]]

    def _move_called(self, moves: Sequence[Move], name: str) -> Move:
        for move in moves:
            if move.name == name:
                return move
        raise Http404("There is no such move.")

    def _bind(self, move: Move, row: Any) -> BoundMove:
        info = self.opts.app_label, self.opts.model_name
        arguments = [move.name] if row is None else [row.pk, move.name]
        url = reverse("admin:{}_{}_{}".format(*info, "list_move" if row is None else "move"), args=arguments)
        return BoundMove(move, url, move.form(row=row, auto_id=f"id_{move.name}_%s"))

    def _address(self, row: Any) -> str:
        info = self.opts.app_label, self.opts.model_name
        if row is None:
            return reverse("admin:{}_{}_changelist".format(*info))
        return reverse("admin:{}_{}_change".format(*info), args=[row.pk])
