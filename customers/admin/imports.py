"""Bringing files in: upload, name the columns, look at what would change, let it run, fetch what was refused."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.screens import READING, ActingScreen
from audit.admin.timeline import VerbOnlyAdmin
from customers import import_files, import_proposals, import_runs
from customers.admin.import_form import ColumnsForm
from customers.admin.import_pages import examples, facts_of, steps_of, uploader_of
from customers.import_kinds import ImportKind, kind_called, kinds
from customers.models import ImportRun
from customers.states import IMPORT_TONES, IMPORT_WORKED_ON, ImportState
from desk import menu
from desk.badges import state_badge
from desk.columns import state_column
from desk.csv_files import ENCODINGS, CsvFile
from desk.csv_guesses import columns_of, first_lines
from desk.csv_maps import parse_map, to_toml
from desk.menu import Item
from desk.parts import Progress, grouped
from desk.refusals import Refused
from desk.screens import Crumb, add_screen

PERMISSIONS = ("customers.import_customers", "equipment.import_units")
WHO_IMPORTS = "Importing customers takes the role Marketing manager, importing equipment the role Handover desk."
FIRST_LINES = 10
RECENT = 15
MAP_BYTES = 1_000_000


class ImportsScreen(ActingScreen):
    """What can be brought in, and what was lately."""

    template_name = "imports/index.html"
    title = "Import"
    subtitle = "Bring customers or equipment in from a CSV file. You see what would change before anything is stored."
    permission = PERMISSIONS
    help = "import"
    how = (
        "Upload a file, say which column is what, look at what would change, then let it run. Lines that cannot be used "
        "come back with the reason; the same file again changes nothing."
    )
    is_readable = True
    who_acts = WHO_IMPORTS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Kinds this person may import, and the last imports of these; of all kinds for those who read everything."""
        mine = [kind for kind in kinds() if self.request.user.has_perm(kind.permission)]
        seen = kinds() if self.request.user.has_perm(READING) else mine
        runs = list(ImportRun.objects.filter(kind__in=[kind.name for kind in seen]).select_related("user")[:RECENT])
        rows = [
            {"run": run, "kind": kind_called(run.kind), "badge": state_badge(run, IMPORT_TONES), "by": uploader_of(run)}
            for run in runs
        ]
        return super().get_context_data(kinds=mine, rows=rows, **kwargs)


class UploadScreen(ActingScreen):
    """The first step: the file itself."""

    template_name = "imports/upload.html"
    permission = PERMISSIONS
    help = "import"
    how = (
        "The file is only read. Next you say what each column is, then you see how many rows would be new, changed or refused, and "
        "nothing is stored before you say so."
    )

    @cached_property
    def kind(self) -> ImportKind:
        """What the file holds."""
        try:
            return kind_called(self.kwargs["kind"])
        except KeyError:
            raise Http404("There is nothing of this name to import.") from None

    def may_act(self, request: HttpRequest) -> bool:
        """Those who may import this kind."""
        return request.user.has_perm(self.kind.permission)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to all imports."""
        return [Crumb("Import", reverse("admin:import"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The kind, its fields, and the steps to come."""
        texts = {"title": f"Import {self.kind.label.lower()}", "lead": self.kind.about}
        return super().get_context_data(
            **{**texts, "fields": self.kind.fields({}), "steps": steps_of(None), **kwargs, "kind": self.kind}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the file, or say at the field why not."""
        file = request.FILES.get("file")
        try:
            if getattr(request, "upload_was_too_large", False):
                raise Refused("file_too_large", "The file is larger than 50 MB. Split it and import the parts.")
            if file is None:
                raise Refused("file_missing", "Choose a file first.")
            run = import_runs.upload(kind=self.kind, name=file.name or "", pieces=file.chunks(), at=timezone.now(), by=self.actor)
        except Refused as refusal:
            return self.render_to_response(self.get_context_data(problem=refusal.sentence), status=422)
        return redirect("admin:import_columns", run.reference)


class RunScreen(ActingScreen):
    """One import, whatever its state."""

    template_name = "imports/run.html"
    permission = PERMISSIONS
    help = "import"
    how = (
        "First you say what each column is, then every line is looked at, and only then, when you say so, are the good ones stored. "
        "The work goes on when you leave the page."
    )
    is_readable = True
    who_acts = WHO_IMPORTS

    @cached_property
    def run(self) -> ImportRun:
        """The import named in the address."""
        run = ImportRun.objects.select_related("user").filter(reference=self.kwargs["reference"]).first()
        if run is None:
            raise Http404("There is no such import.")
        return run

    @cached_property
    def kind(self) -> ImportKind:
        """What the file holds."""
        return kind_called(self.run.kind)

    def may_act(self, request: HttpRequest) -> bool:
        """Those who may import this kind."""
        return request.user.has_perm(self.kind.permission)

    @property
    def shows_lines(self) -> bool:
        """Whether this person may see what stands in the file: its people's addresses stand there as well."""
        return self.may_act(self.request) or self.request.user.has_perm("customers.read_contact")

    def crumbs(self) -> Sequence[Crumb]:
        """Back to all imports."""
        return [Crumb("Import", reverse("admin:import"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page; a file whose columns have no names yet is at an earlier step, which has nothing to read but the file."""
        if self.run.state == ImportState.UPLOADED and type(self) is RunScreen and self.may_act(request):
            return redirect("admin:import_columns", self.run.reference)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The import with its facts, its way and its examples."""
        run = self.run
        shown = {
            "title": run.file_name,
            "lead": f"Import of {self.kind.label.lower()}",
            "run": run,
            "kind": self.kind,
            "badge": state_badge(run, IMPORT_TONES),
            "steps": steps_of(run, can_go_back=self.may_act(self.request)),
            "facts": facts_of(run),
            "examples": examples(run, self.kind, with_lines=self.shows_lines),
            "shows_lines": self.shows_lines,
            "is_working": run.state in IMPORT_WORKED_ON,
            "progress": Progress(run.done_line, max(run.total_lines, run.done_line), _work(run)),
            "has_rejects": import_files.rejects_of(run) is not None,
        }
        return super().get_context_data(**{**shown, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Start, check again or cancel."""
        run, at, by = self.run, timezone.now(), self.actor
        moves = {
            "start": (lambda: import_runs.start(run=run, at=at, by=by), "Started. You can leave this page; the work goes on."),
            "check": (lambda: import_runs.check_again(run=run, at=at, by=by), "It is being checked again."),
            "cancel": (lambda: import_runs.cancel(run=run, at=at, by=by), "Cancelled. What was stored by then stays."),
        }
        if request.POST.get("do") not in moves:
            raise Http404("There is no such step.")
        self.attempt(*moves[request.POST["do"]])
        return redirect("admin:import_run", run.reference)


def _work(run: ImportRun) -> str:
    words = {
        ImportState.MAPPED: "Checking the lines",
        ImportState.QUEUED: "Waiting to begin",
        ImportState.RUNNING: "Storing the lines",
    }
    return words.get(ImportState(run.state), "Lines looked at")


class ColumnsScreen(RunScreen):
    """The second step: what each column is."""

    template_name = "imports/columns.html"

    @cached_property
    def file(self) -> CsvFile:
        """The file, looked through."""
        if not self.run.stored_as:
            raise Http404("The file was deleted.")
        return import_files.open_file(self.run)

    @cached_property
    def seen(self) -> list[Any]:
        """What is in its columns."""
        return columns_of(self.file)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, filled with what is known, proposed, or written in the map that was asked for."""
        if self.run.is_storing or self.run.state == ImportState.CANCELLED or not self.may_act(request):
            return redirect("admin:import_run", self.run.reference)
        content, source = self._beginning(request.GET.get("map", ""))
        return self.render_to_response(self.get_context_data(form=self._form(content), source=source))

    def _beginning(self, name: str) -> tuple[dict[str, Any], str]:
        if name in self.kind.shipped_maps():
            return import_proposals.shipped_map(self.kind, name), f"From the map “{name}” that comes with the program."
        if self.run.mapping:
            return self.run.mapping, "As you chose before."
        proposal = import_proposals.proposal_for(self.kind, self.file, self.seen)
        return proposal.content, proposal.source

    def _form(self, content: dict[str, Any], data: Any = None) -> ColumnsForm:
        return ColumnsForm(data, kind=self.kind, seen=self.seen, content=content, user=self.request.user, initial=self._options())

    def _options(self) -> dict[str, Any]:
        return {f"option_{name}": chosen for name, chosen in self.run.options.items()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the first lines as they are read."""
        form = kwargs.get("form")
        content = form.base if form is not None else {}
        return super().get_context_data(
            **{
                "file": self.file,
                "counted": grouped(self.file.physical_lines - self.file.header_line),
                "first_lines": first_lines(self.file, FIRST_LINES),
                "delimiter": {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}.get(
                    self.file.delimiter, "its own sign"
                ),
                "encodings": [] if self.run.encoding == "utf-16" else [name for name in ENCODINGS if name != self.run.encoding],
                "maps": self.kind.shipped_maps(),
                "warnings": self._warnings(content),
                "required": [field.label for field in self.kind.fields({}) if field.is_required],
                **kwargs,
            }
        )

    def _warnings(self, content: dict[str, Any]) -> list[str]:
        try:
            return import_proposals.warnings_for(self.kind, self.file, self.kind.map_with(content), self.seen)
        except Refused:
            return []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the letters another way, begin from a saved map, or go on to the check."""
        if "encoding" in request.POST:
            return self._reread(request.POST["encoding"])
        if "map" in request.FILES:
            return self._apply_map(request.FILES["map"])
        form = self._form({}, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        options = {option.name: bool(form.cleaned_data.get(f"option_{option.name}")) for option in form.options}
        try:
            import_runs.name_columns(run=self.run, content=form.content, options=options, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return redirect("admin:import_run", self.run.reference)

    def _reread(self, encoding: str) -> HttpResponseBase:
        words = "The letters are read another way now. Look whether they are right."
        self.attempt(lambda: import_runs.read_as(run=self.run, encoding=encoding, at=timezone.now(), by=self.actor), words)
        return redirect("admin:import_columns", self.run.reference)

    def _apply_map(self, upload: Any) -> HttpResponseBase:
        try:
            if upload.size > MAP_BYTES:
                raise Refused("map_too_large", "This is larger than 1 MB; no map is.")
            content = self.kind.map_with(parse_map(upload.read().decode("utf-8-sig"))).content()
        except UnicodeDecodeError:
            problem = "The map is not UTF-8. Save it as UTF-8."
        except Refused as refusal:
            problem = refusal.sentence
        else:
            form = self._form(import_proposals.with_dates(self.kind, content, self.seen))
            return self.render_to_response(
                self.get_context_data(form=form, source=f"From your map {upload.name}. Look it over, then go on.")
            )
        content, source = self._beginning("")
        return self.render_to_response(
            self.get_context_data(form=self._form(content), source=source, map_problem=problem), status=422
        )


class MapFile(RunScreen):
    """The map of an import as a file to keep."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The TOML text."""
        if not self.run.mapping:
            raise Http404("No columns are named yet, or the map was deleted with the file.")
        head = f"# How {self.kind.label.lower()} were read on {self.run.uploaded_at:%-d %b %Y}.\n\n"
        response = HttpResponse(head + to_toml(self.run.mapping), content_type="application/toml; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.kind.name}-map.toml"'
        return response


class Rejects(RunScreen):
    """The refused lines as a file, with number, field and reason."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The CSV file."""
        if not self.shows_lines:
            raise PermissionDenied
        path = import_files.rejects_of(self.run)
        if path is None:
            raise Http404("No line was refused, or the file was deleted.")
        name = f"{self.kind.name}-rejected.csv"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


class ProgressAnswer(RunScreen):
    """How far an import is, for a page that is open."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """State and lines."""
        run = self.run
        total = max(run.total_lines, run.done_line)
        counted = Progress(run.done_line, total, "").counted
        return JsonResponse({"state": run.state, "done": run.done_line, "total": total, "counted": counted})


@admin.register(ImportRun)
class ImportRunAdmin(VerbOnlyAdmin):
    """Every file that was brought in: who, when, how many lines, its SHA-256. Nothing of its content."""

    help = "import"
    list_display = [
        "file_name",
        "kind",
        state_column(IMPORT_TONES),
        "created",
        "updated",
        "unchanged",
        "rejected",
        "user",
        "uploaded_at",
    ]
    list_filter = ["kind", "state"]
    search_fields = ["file_name", "reference", "sha256"]
    date_hierarchy = "uploaded_at"
    list_select_related = ["user"]
    fields = [
        "reference", "kind", "file_name", "sha256", "bytes", "encoding", "total_lines", "created", "updated", "unchanged",
        "rejected", "user", "uploaded_at", "checked_at", "started_at", "finished_at",
    ]  # fmt: skip

    def badges(self, row: ImportRun) -> list[SafeString]:
        """How far it is."""
        return [state_badge(row, IMPORT_TONES)]


add_screen("import/", ImportsScreen, name="import")
add_screen("import/<slug:kind>/new/", UploadScreen, name="import_upload")
add_screen("import/<str:reference>/columns/", ColumnsScreen, name="import_columns")
add_screen("import/<str:reference>/map.toml", MapFile, name="import_map")
add_screen("import/<str:reference>/rejected.csv", Rejects, name="import_rejects")
add_screen("import/<str:reference>/progress.json", ProgressAnswer, name="import_progress")
add_screen("import/<str:reference>/", RunScreen, name="import_run")

menu.register(Item("import", "Settings", "Import", "admin:import", "import", PERMISSIONS, 20, reading=READING))
