"""The background work of an import: check or store a portion, note how far it is, go on.

A portion, its counts and its place in the file are one transaction, and only whoever holds the lease can commit it. So a
worker may be killed at any instant: whoever takes the import up next begins behind the last portion that is in.
"""

import logging
import secrets
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet

from audit.actors import Actor, staff
from customers import import_files, import_runs
from customers.import_findings import Findings
from customers.import_kinds import kind_called
from customers.models import ImportRun
from customers.states import IMPORT_MOVES, IMPORT_WORKED_ON, ImportState
from desk.csv_files import CsvFile, Line, RejectsWriter
from desk.csv_imports import Course, ImportReport, Taken, batches_of, import_batch
from desk.moves import move
from desk.refusals import Refused

logger = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
"""How long one job works on one file. The queue kills a job after 60 seconds."""
LEASE = timedelta(seconds=120)
"""After this long without a finished portion, somebody else may take the import up."""
MAX_TRIES = 5

_NO_USER = "Whoever started this import has no account any more. Start it again yourself."
_NOT_ALLOWED = "Whoever started this import may not do so any more. Someone who may can start it again."


class _Lost(Exception):
    """Somebody else works on the import now, or it was cancelled."""


def due(at: datetime) -> QuerySet[ImportRun]:
    """Imports with work to do that nobody is at."""
    return ImportRun.objects.filter(_is_free(at), state__in=IMPORT_WORKED_ON).order_by("uploaded_at", "pk")


def _is_free(at: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lte=at)


def carry_on(*, run: ImportRun, at: datetime, seconds: float = SLICE_SECONDS) -> bool:
    """Work on an import for a while. Answers whether there is more to do; False too when somebody else is at it."""
    claimed = _claim(run, at)
    if claimed is None:
        return False
    by = staff(claimed.user) if claimed.user else Actor("staff:unknown")
    try:
        if claimed.tries > MAX_TRIES:
            raise _Stuck(claimed)
        return _Slice(claimed, at, by).work(seconds)
    except _Lost:
        return False
    except PermissionDenied:
        import_runs.fail(run=claimed, problem=_NOT_ALLOWED if claimed.user else _NO_USER, at=at, by=by)
    except Refused as refusal:
        import_runs.fail(run=claimed, problem=refusal.sentence, at=at, by=by)
    except Exception:
        # The next sweep takes it up; after MAX_TRIES it says that it cannot.
        ImportRun.objects.filter(pk=claimed.pk, worker=claimed.worker).update(leased_until=None)
        raise
    return False


class _Stuck(Refused):
    def __init__(self, run: ImportRun) -> None:
        sentence = (
            f"It stopped {MAX_TRIES} times after line {run.done_line}. What went in until there stays. Try again; if it stops at the"
            " same line, take that line out of the file, or ask an administrator to read the log of the background work."
        )
        super().__init__("stuck", sentence)


def _claim(run: ImportRun, at: datetime) -> ImportRun | None:
    worker = secrets.token_hex(16)
    free = ImportRun.objects.filter(_is_free(at), pk=run.pk, state__in=IMPORT_WORKED_ON)
    if not free.update(worker=worker, leased_until=at + LEASE, tries=F("tries") + 1):
        return None
    claimed = ImportRun.objects.select_related("user").get(pk=run.pk)
    if claimed.worker != worker:
        return None
    if claimed.state == ImportState.QUEUED:
        move(claimed, to=ImportState.RUNNING, moves=IMPORT_MOVES, refusal=Refused)
    return claimed


class _Slice:
    """One claimed import while a worker is at it."""

    def __init__(self, run: ImportRun, at: datetime, by: Actor) -> None:
        self._run, self._at, self._by = run, at, by
        self._kind = kind_called(run.kind)
        self._began = time.monotonic()
        by.require(self._kind.permission)

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    def work(self, seconds: float) -> bool:
        """Portion after portion; whether there is more to do when the time is up."""
        run = self._run
        file = import_files.open_file(run)
        self._findings = Findings(run.findings if run.done_line else {"ignored": self._ignored(file)})
        taken = Taken()
        self._taken = import_files.TakenFile(run, taken)
        self._rejects = RejectsWriter(
            import_files.rejects_target(run), file.header, kept_bytes=run.rejects_bytes, count=run.rejected
        )
        try:
            is_through = self._portions(file, self._course(file, taken), seconds)
        finally:
            self._rejects.pause()
            self._taken.close()
        if is_through:
            import_runs.finish(run=run, at=self._now(), by=self._by)
            return False
        ImportRun.objects.filter(pk=run.pk, worker=run.worker).update(leased_until=None)
        return True

    def _ignored(self, file: CsvFile) -> list[str]:
        return self._kind.map_with(self._run.mapping).ignored(file)

    def _course(self, file: CsvFile, taken: Taken) -> Course[Any]:
        columns = self._kind.bound(self._kind.map_with(self._run.mapping), file)
        is_check = not self._run.is_storing
        return self._kind.course_of(
            columns,
            at=self._at,
            by=self._by,
            is_dry_run=is_check,
            taken=taken,
            watch=self._findings.would_write if is_check else None,
            **self._run.options,
        )

    def _portions(self, file: CsvFile, course: Course[Any], seconds: float) -> bool:
        """Whether every line was looked at before the time was up."""
        ahead = (line for line in file.lines() if line.number > self._run.done_line)
        for batch in batches_of(ahead):
            if time.monotonic() - self._began > seconds:
                return False
            self._portion(batch, course)
        return True

    def _portion(self, batch: list[Line], course: Course[Any]) -> None:
        run = self._run
        report = ImportReport(created=run.created, updated=run.updated, unchanged=run.unchanged, rejected=run.rejected)
        with transaction.atomic():
            import_batch(batch, course, report, self._rejects, None if run.is_storing else self._findings.became)
            self._keep(batch[-1].number, replace(report))

    def _keep(self, line: int, report: ImportReport) -> None:
        run = self._run
        changes: dict[str, Any] = {
            "done_line": line, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
            "rejected": report.rejected, "rejects_bytes": self._rejects.make_safe(), "taken_bytes": self._taken.make_safe(),
            "leased_until": self._now() + LEASE, "tries": 0,
        }  # fmt: skip
        if not run.is_storing:
            changes["findings"] = self._findings.content
        if not ImportRun.objects.filter(pk=run.pk, worker=run.worker, state=run.state).update(**changes):
            raise _Lost
        for name, value in changes.items():
            setattr(run, name, value)
