"""Looking things up in the trail: whose, what, when; the found entries as a story, and as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit import registry, searching
from audit.admin.screens import ActingScreen
from audit.chain import canonical
from audit.list_exports import record_export
from audit.models import Entry, Seal
from audit.searching import Search
from audit.trail import body_of
from desk import menu
from desk.csv_writing import write
from desk.menu import Item
from desk.screens import add_screen

MOST_IN_A_FILE = 100_000
_COLUMNS = ("at", "event", "subject_type", "subject_reference", "n", "sentence", "actor", "data", "request_id")


class SearchForm(forms.Form):
    """What is looked for."""

    text = forms.CharField(
        label="About or by", required=False, max_length=254,
        help_text="The name of a colleague or customer; an e-mail address; or a reference of a customer, code, referral, reward or loan.",
    )  # fmt: skip
    subject = forms.ChoiceField(label="Kind", required=False)
    event = forms.ChoiceField(label="What happened", required=False)
    first_day = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        events = sorted(registry.registered())
        kinds = sorted({event.split(".")[0] for event in events})
        self._offer("event", {event: event for event in events})
        self._offer("subject", {kind: kind.replace("_", " ") for kind in kinds})

    def _offer(self, name: str, words: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Anything"), *words.items()]

    def clean(self) -> dict[str, Any]:
        """The days stand in their order."""
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first one.")
        return data

    def search(self) -> Search:
        """What was asked for; parts that cannot be used are left out."""
        self.is_valid()
        return Search(**{name: value for name, value in self.cleaned_data.items() if value})


class AuditSearch(ActingScreen):
    """Everything that was recorded, searched."""

    title = "Audit"
    subtitle = "Who did what to whom, when and why. Nothing here can be changed."
    permission = "audit.view_entry"
    help = "audit"
    how = "Nothing here can be changed or deleted. Search by any name in the system, and verify that nothing was."
    template_name = "audit/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, and what was found; 422 when what was typed cannot be searched for."""
        context = self.get_context_data(**kwargs)
        return self.render_to_response(context, status=422 if context["form"].errors else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The newest entries that fit."""
        form = SearchForm(self.request.GET)
        search = form.search()
        page = searching.page(searching.entries(search), before=_number(self.request.GET.get("before", "")))
        query = {name: value for name, value in self.request.GET.items() if value and name != "before"}
        context = {
            "form": form,
            "is_searched": bool(search.in_words()),
            "lines": [
                {"entry": entry, "data": searching.data_in_words(entry), "concerned": searching.concerned(entry)}
                for entry in page.entries
            ],
            "more_url": f"{reverse('admin:audit_search')}?{urlencode({**query, 'before': page.before})}" if page.before else "",
            "query": urlencode(query),
            "may_verify": self.request.user.has_perm("audit.verify_trail"),
            "entries_in_all": Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
            "newest_seal": Seal.objects.order_by("-n").first(),
        }
        return super().get_context_data(**{**context, **kwargs})


class AuditFile(ActingScreen):
    """The found entries as a file; that they were taken away is recorded."""

    permission = "audit.verify_trail"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """CSV for people, JSON lines for machines."""
        form = SearchForm(request.GET)
        search = form.search()
        rows = searching.entries(search)
        number = rows.order_by().count()
        if form.errors or number > MOST_IN_A_FILE:
            messages.error(
                request, f"{number:,} entries are too many for one file ({MOST_IN_A_FILE:,} at most). Narrow the search."
            )
            return redirect(f"{reverse('admin:audit_search')}?{request.GET.urlencode()}")
        at = timezone.now()
        newest = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
        record_export(label="audit.entry", filters=search.in_words(), rows=number, at=at, by=self.actor)
        return _file(rows.filter(pk__lte=newest), is_csv=request.POST.get("format") != "jsonl", name=f"audit-{at:%Y-%m-%d}")


def _file(rows: Any, *, is_csv: bool, name: str) -> StreamingHttpResponse:
    lines = write(_COLUMNS, (_cells(entry) for entry in rows.iterator(chunk_size=2000))) if is_csv else _json_lines(rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8" if is_csv else "application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{name}.{"csv" if is_csv else "jsonl"}"'
    response["Cache-Control"] = "no-store"
    return response


def _cells(entry: Entry) -> list[object]:
    return [getattr(entry, column) for column in _COLUMNS]


def _json_lines(rows: Any) -> Iterator[str]:
    for entry in rows.iterator(chunk_size=2000):
        yield canonical({**body_of(entry), "previous_hash": entry.previous_hash, "hash": entry.hash}) + "\n"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


add_screen("audit/search/", AuditSearch, name="audit_search")
add_screen("audit/search/file/", AuditFile, name="audit_search_file")
menu.register(Item("audit", "Look back", "Audit", "admin:audit_search", "shield", "audit.view_entry", 40, 3))
