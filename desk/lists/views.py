"""Answers of a list: the page, a file, the summary of a move on many rows, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify

from desk.csv_writing import SEPARATORS
from desk.lists import bulk, exports
from desk.lists.asking import Asked
from desk.lists.bulk import BulkMove
from desk.lists.page import ListPage
from desk.refusals import Refused


@dataclass(frozen=True)
class Exported:
    """That a list was written to a file: for the trail, without anything personal."""

    label: str
    filters: dict[str, str]
    rows: int


def answer(page: ListPage, request: HttpRequest) -> HttpResponseBase:
    """The page for reading, a file or a move for what is sent to it."""
    asked = Asked(page, request.GET, at=timezone.now())
    if request.method == "POST":
        return _export(asked, request) if "export" in request.POST else _bulk(asked, request)
    return _show(asked, request)


def _show(asked: Asked, request: HttpRequest) -> HttpResponse:
    page = asked.page
    table = page.table(asked.shown.rows, viewer=request.user, phone=page.phone)
    problems = asked.problems()
    context = _context(asked, request) | {
        "asked": asked,
        "table": table,
        "heads": asked.heads(table),
        "problems": problems,
        "moves_of_many": _offered(page, request),
        "list_moves": page.page.bound_list_moves(request),
        **_adding(page, request),
        "cap": bulk.CAP,
        "nothing_yet": page.nothing_yet or f"There are no {page.many} yet.",
        "way_in": page.way_in if page.way_in and request.user.has_perm(page.way_in.permission) else None,
        "next_url": asked.address(after=asked.shown.next, before=None) if asked.shown.next else "",
        "previous_url": asked.address(before=asked.shown.previous, after=None) if asked.shown.previous else "",
    }
    return TemplateResponse(request, "desk/list.html", context, status=422 if problems else 200)


def _context(asked: Asked, request: HttpRequest) -> dict[str, Any]:
    page = asked.page
    return {
        **page.page.admin_site.each_context(request),
        "title": capfirst(page.many),
        "subtitle": None,
        "lead": page.lead,
        "opts": page.meta,
        "list": page,
        "here": request.get_full_path(),
        "clear_url": request.path,
    }


def _adding(page: ListPage, request: HttpRequest) -> dict[str, str]:
    if not page.page.has_add_permission(request):
        return {}
    label, name = page.way_to_add()
    return {"add_label": label, "add_url": reverse(name)}


def _offered(page: ListPage, request: HttpRequest) -> list[BulkMove]:
    return [one for one in page.bulk if request.user.has_perm(one.move.permission)]


def _export(asked: Asked, request: HttpRequest) -> HttpResponseBase:
    separator = SEPARATORS.get(request.POST["export"], ",")
    number = asked.rows.order_by().count()
    try:
        exports.refuse_too_many(number)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(request.get_full_path())
    page = asked.page
    page.page.exported(request, Exported(page.meta.label_lower, asked.filters.for_the_trail(), number))
    response = StreamingHttpResponse(
        exports.lines(asked, request.user, separator=separator), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{slugify(page.many)}-{asked.at:%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _bulk(asked: Asked, request: HttpRequest) -> HttpResponseBase:
    one = next((one for one in asked.page.bulk if one.name == request.POST.get("move")), None)
    if one is None:
        raise Http404("This list has no such move.")
    if not request.user.has_perm(one.move.permission):
        raise PermissionDenied
    rows = _chosen(asked, request)
    if not rows:
        messages.error(request, f"Tick the {asked.page.many} first, then choose “{one.move.label}”.")
        return redirect(request.get_full_path())
    if one.elsewhere:
        return redirect(one.elsewhere(rows))
    return _confirmed(asked, request, one, rows) if "confirmed" in request.POST else _confirm(asked, request, one, rows)


def _chosen(asked: Asked, request: HttpRequest) -> list[Any]:
    """The ticked rows, or all that match, oldest key first; no more than may be moved at a time."""
    rows = asked.rows if "all" in request.POST else asked.page.rows().filter(pk__in=_keys(request))
    return list(rows.order_by("pk")[: bulk.CAP])


def _keys(request: HttpRequest) -> list[int]:
    texts = [*request.POST.getlist("rows"), *request.POST.get("chosen", "").split(",")]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _confirm(asked: Asked, request: HttpRequest, one: BulkMove, rows: Sequence[Any], form: Any = None) -> HttpResponse:
    """The summary: how many, which will be refused and why, what it means."""
    refusals = one.refusals(rows, asked.at)
    going = [row for row in rows if row.pk not in refusals]
    cut = "all" in request.POST and asked.count > bulk.CAP
    context = _context(asked, request) | {
        "title": f"{one.move.label}: {asked.page.counted(len(rows))}",
        "many": asked.page.many,
        "one": one,
        "form": form or one.move.form(row=None, auto_id="id_bulk_%s"),
        "going": going,
        "going_words": asked.page.counted(len(going)),
        "refused": [(row, refusals[row.pk]) for row in rows if row.pk in refusals],
        "facts": one.facts(going, asked.at),
        "chosen": ",".join(str(row.pk) for row in rows),
        "cut": f"{asked.how_many} match. {bulk.CAP} are moved at a time: these are the first." if cut else "",
    }
    return TemplateResponse(request, "desk/list_confirm.html", context, status=422 if form else 200)


def _confirmed(asked: Asked, request: HttpRequest, one: BulkMove, rows: Sequence[Any]) -> HttpResponse:
    form = one.move.form(request.POST, row=None, auto_id="id_bulk_%s")
    if not form.is_valid():
        return _confirm(asked, request, one, rows, form)
    outcome = bulk.make(one.move, rows, form.cleaned_data, by=asked.page.page.actor(request), at=asked.at)
    if outcome.done:
        messages.success(request, f"{outcome.done} {one.done}.")
    for sentence in outcome.sentences():
        messages.error(request, sentence)
    return redirect(request.get_full_path())
