"""Background work of customers: imports go on, and old files are deleted."""

from datetime import datetime

from django.utils import timezone

from customers import import_files, import_running, import_runs
from customers.models import ImportRun
from customers.states import IMPORT_WORKED_ON
from desk.queue import enqueue
from desk.sweeping import each


def carry_on_import(reference: str, at: datetime | None = None) -> int:
    """Work on one import for a while and ask to be called again when there is more to do. Answers 1 when it did."""
    run = ImportRun.objects.filter(reference=reference).first()
    if run is None:
        return 0
    if import_running.carry_on(run=run, at=at or timezone.now()):
        enqueue(import_runs.JOB, reference)
    return 1


def carry_on_imports(at: datetime | None = None) -> dict[str, int]:
    """Take up imports that nobody is at: their wake-up was lost, or whoever worked on them was killed."""
    now = at or timezone.now()
    return each(
        import_running.due(now),
        lambda run: carry_on_import(run.reference, at),
        "carried_on",
        again="customers.jobs.carry_on_imports",
    )


def forget_import_files(at: datetime | None = None) -> dict[str, int]:
    """Delete files that were uploaded 30 days ago, and files that no import knows."""
    now = at or timezone.now()
    old = (
        ImportRun.objects.filter(uploaded_at__lte=now - import_runs.KEPT).exclude(stored_as="").exclude(state__in=IMPORT_WORKED_ON)
    )
    counts = each(old, lambda run: import_runs.forget(run=run, at=now), "forgotten")
    known = set(ImportRun.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    before = (now - import_runs.KEPT).timestamp()
    for path in import_files.folder().iterdir():
        if path.name.split(".")[0] not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
    return counts
