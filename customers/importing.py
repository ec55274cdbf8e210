"""Customers from a CSV file: who is new, who changed, who stays; and which lines cannot be used, and why."""

from datetime import datetime
from pathlib import Path

from django.db import DataError

from audit.actors import Actor
from customers import declaring, import_maps, profiles
from customers.import_batches import Store
from customers.import_lines import LineReader, Person
from customers.models import Attribute
from desk.csv_files import open_csv
from desk.csv_imports import Batches, Course, ImportReport, Progress, Taken, Watch, rejects_beside, run
from desk.csv_maps import ColumnMap

__all__ = ["ImportReport", "import_customers"]


def import_customers(
    *,
    path: Path | str,
    at: datetime,
    by: Actor,
    mapping: Path | str | None = None,
    is_dry_run: bool = False,
    progress: Progress | None = None,
    rejects_path: Path | str | None = None,
    encoding: str = "utf-8",
) -> ImportReport:
    """Create and update customers by `external_id` from a CSV file; the same file again changes nothing.

    `mapping` is a TOML map (see `docs/import.md`), or the name of a shipped one; without it the headings are our field
    names. An empty cell leaves what is known as it is. Good lines are stored in batches, each with its entries in the
    trail; refused ones are written with number, field and reason to `rejects_path` (default: beside the file).
    `is_dry_run` does it all and takes it back. `progress` is told (lines done, lines in all).
    Refuses with `FileRefused` or `MapRefused` when file or map cannot be used at all; then nothing was stored.
    """
    by.require("customers.import_customers")
    file = open_csv(Path(path), encoding=encoding)
    columns = import_maps.map_for(file, Path(mapping) if mapping is not None else None)
    course = course_of(columns, at=at, by=by, is_dry_run=is_dry_run)
    report = ImportReport(ignored=columns.ignored(file), is_dry_run=is_dry_run)
    rejects = Path(rejects_path) if rejects_path is not None else rejects_beside(Path(path))
    return run(file=file, course=course, report=report, rejects_path=rejects, progress=progress)


def course_of(
    columns: ColumnMap,
    *,
    at: datetime,
    by: Actor,
    is_dry_run: bool = False,
    taken: Taken | None = None,
    watch: Watch | None = None,
) -> Course[Person]:
    """How lines of customers are read by a bound map and stored. Attributes that the map declares are declared first.

    `taken` knows lines imported before, `watch` is told what each line would write. Refuses with `map_invalid`.
    """
    attributes = import_maps.attributes_for(columns)
    for attribute in attributes.values():
        if attribute._state.adding and not is_dry_run:
            _declare(attribute, at=at, by=by)
    keeper = Store(at=at, by=by, taken=taken, watch=watch)
    batches = Batches(once=keeper.store, done=keeper.claim, sentence_of=_sentence_of, is_dry_run=is_dry_run)
    return Course(read=LineReader(columns, attributes).read, store=batches.store)


def _declare(attribute: Attribute, *, at: datetime, by: Actor) -> None:
    declaring.declare(
        name=attribute.name,
        label=attribute.label,
        type=attribute.type,
        choices=attribute.choices,
        is_sensitive=attribute.is_sensitive,
        at=at,
        by=by,
    )


def _sentence_of(error: Exception) -> str:
    if isinstance(error, DataError):
        return "The database does not take a value of this line: it is too long or too large."
    if "unique" in str(error).lower():
        return profiles.taken(error).sentence
    return "The database does not take these values together. Compare the line with one that was taken."
