"""Bringing a file in, step by step: upload, name the columns, look at what would change, start, and be done with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from customers import import_files
from customers.import_kinds import ImportKind, kind_called
from customers.models import ImportRun
from customers.refusals import CustomerRefused
from customers.states import IMPORT_MOVES, ImportState
from desk.csv_files import ENCODINGS, MAX_BYTES, FileRefused
from desk.csv_guesses import encoding_of, rewrite_as_utf8
from desk.moves import move
from desk.queue import enqueue

KEPT = timedelta(days=30)
"""How long a file and what was shown of it are kept."""

JOB = "customers.jobs.carry_on_import"
_UNDONE = {
    "done_line": 0, "created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "rejects_bytes": 0, "taken_bytes": 0,
    "tries": 0, "worker": "", "leased_until": None, "problem": "",
}  # fmt: skip


def upload(*, kind: ImportKind, name: str, pieces: Iterable[bytes], at: datetime, by: Actor) -> ImportRun:
    """Take a file in. It is looked through once; nothing of it is stored among the rows.

    Refuses with `FileRefused` for what makes all of it unusable; then the file is deleted at once.
    """
    by.require(kind.permission)
    stored = import_files.store(pieces)
    try:
        run = _look_at(stored, kind, name, at, by)
        with transaction.atomic():
            run.save(force_insert=True)
            trail.record("import.uploaded", about=run, by=by, at=at, kind=run.kind, bytes=run.bytes, sha256=run.sha256)
    except BaseException:
        import_files.delete(stored.name)
        raise
    return run


def _look_at(stored: import_files.Stored, kind: ImportKind, name: str, at: datetime, by: Actor) -> ImportRun:
    if stored.bytes > MAX_BYTES:
        raise FileRefused("file_too_large", f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts.")
    path = import_files.path_of(stored.name)
    encoding = encoding_of(path)
    if encoding.name == "utf-16":
        rewrite_as_utf8(path)
    run = ImportRun(
        kind=kind.name, file_name=_plain_name(name), stored_as=stored.name, sha256=stored.sha256, bytes=stored.bytes,
        encoding=encoding.name, is_encoding_guessed=encoding.is_guess, user=by.user, uploaded_at=at,
    )  # fmt: skip
    run.total_lines = import_files.open_file(run).physical_lines
    return run


def _plain_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:120] or "file.csv"


def read_as(*, run: ImportRun, encoding: str, at: datetime, by: Actor) -> ImportRun:
    """Read the letters of a file another way, when they look wrong. Harmless when it is read so already.

    Refuses with `FileRefused` when the bytes do not allow it, with `wrong_state` once columns were named.
    """
    by.require(kind_called(run.kind).permission)
    if encoding not in ENCODINGS or run.encoding == "utf-16":
        raise CustomerRefused("encoding_unknown", f"This file can be read as {' or '.join(ENCODINGS)}.")
    with transaction.atomic():
        run = _locked(run)
        if run.state != ImportState.UPLOADED:
            raise CustomerRefused(
                "wrong_state", "The columns of this file are named already. Upload it again to read it another way."
            )
        if run.encoding != encoding:
            run.encoding, run.is_encoding_guessed = encoding, False
            run.total_lines = import_files.open_file(run).physical_lines
            run.save(update_fields=["encoding", "is_encoding_guessed", "total_lines"])
            trail.record("import.reread", about=run, by=by, at=at, encoding=encoding)
    return run


def name_columns(*, run: ImportRun, content: Mapping[str, Any], options: Mapping[str, bool], at: datetime, by: Actor) -> ImportRun:
    """Say how the file is read, as the sections of a map, and have it checked in the background.

    Refuses with `MapRefused` or `FileRefused` naming what does not fit, with `wrong_state` once it was started.
    """
    kind = kind_called(run.kind)
    by.require(kind.permission)
    for option in kind.options:
        if options.get(option.name):
            by.require(option.permission)
    columns = kind.map_with(content)
    kind.bound(columns, import_files.open_file(run))
    with transaction.atomic():
        run = _locked(run)
        if run.is_storing:
            raise CustomerRefused("wrong_state", "This import has begun. Upload the file again to read it another way.")
        chosen = {"mapping": columns.content(), "options": dict(options), "findings": {}, "checked_at": None}
        _move(run, ImportState.MAPPED, **_UNDONE, **chosen)
        trail.record("import.mapped", about=run, by=by, at=at, columns=len(columns.columns))
        enqueue(JOB, run.reference)
    return run


def start(*, run: ImportRun, at: datetime, by: Actor) -> ImportRun:
    """Store for good, in the background. Harmless when it was started already.

    Refuses with `wrong_state` before the check is through, with `another_running` while one of its kind runs.
    """
    by.require(kind_called(run.kind).permission)
    with transaction.atomic():
        run = _locked(run)
        if run.is_storing and run.state != ImportState.FAILED:
            return run
        afresh = {} if run.is_storing else {**_UNDONE, "started_at": at}
        _queue_up(run, {**afresh, "problem": "", "tries": 0, "user": by.user or run.user})
        trail.record("import.started", about=run, by=by, at=at, sha256=run.sha256)
        enqueue(JOB, run.reference)
    return run


def _queue_up(run: ImportRun, changes: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            _move(run, ImportState.QUEUED, **changes)
    except IntegrityError as error:
        label = kind_called(run.kind).label.lower()
        sentence = f"Another import of {label} is running. Start this one when it is done."
        raise CustomerRefused("another_running", sentence) from error


def check_again(*, run: ImportRun, at: datetime, by: Actor) -> ImportRun:
    """Check once more, because the check stopped or because the rows have changed since."""
    return name_columns(run=run, content=run.mapping, options=run.options, at=at, by=by)


def cancel(*, run: ImportRun, at: datetime, by: Actor) -> ImportRun:
    """Stop. What went in stays. Harmless when it is cancelled already; refuses with `wrong_state` when it is done."""
    by.require(kind_called(run.kind).permission)
    with transaction.atomic():
        run = _locked(run)
        if run.state != ImportState.CANCELLED:
            _move(run, ImportState.CANCELLED, finished_at=at, worker="", leased_until=None)
            trail.record("import.cancelled", about=run, by=by, at=at, done=run.lines if run.is_storing else 0)
    return run


def finish(*, run: ImportRun, at: datetime, by: Actor) -> None:
    """Every line was looked at: the check is through, or the import is done."""
    counts: dict[str, Any] = {"created": run.created, "updated": run.updated, "unchanged": run.unchanged, "rejected": run.rejected}
    with transaction.atomic():
        if run.state == ImportState.RUNNING:
            _move(run, ImportState.DONE, finished_at=at, worker="", leased_until=None)
            trail.record("import.finished", about=run, by=by, at=at, sha256=run.sha256, **counts)
        else:
            findings = {**run.findings, "counts": counts}
            _move(run, ImportState.CHECKED, checked_at=at, worker="", leased_until=None, findings=findings)
            trail.record("import.checked", about=run, by=by, at=at, sha256=run.sha256, **counts)


def fail(*, run: ImportRun, problem: str, at: datetime, by: Actor) -> None:
    """It cannot go on. `problem` says why and what to do; it is not on the trail, for it may quote the file."""
    with transaction.atomic():
        _move(run, ImportState.FAILED, problem=problem, worker="", leased_until=None)
        trail.record("import.failed", about=run, by=by, at=at, line=run.done_line)


def forget(*, run: ImportRun, at: datetime) -> None:
    """Delete the file and what was kept of its content; counts stay. One that was never finished is cancelled."""
    with transaction.atomic():
        run = _locked(run)
        if IMPORT_MOVES[ImportState(run.state)]:
            _move(run, ImportState.CANCELLED, finished_at=at)
        stored_as = run.stored_as
        run.stored_as, run.findings, run.mapping, run.problem = "", {}, {}, ""
        run.save(update_fields=["stored_as", "findings", "mapping", "problem"])
        trail.record("import.file_deleted", about=run, by=SYSTEM, at=at)
    import_files.delete(stored_as)


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)


def _move(run: ImportRun, to: ImportState, **changes: Any) -> None:
    move(run, to=to, moves=IMPORT_MOVES, refusal=CustomerRefused, **changes)
