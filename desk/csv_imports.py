"""The course every CSV import takes: read a batch, store it, count it, write down what was refused."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import DataError, IntegrityError, transaction
from tqdm import tqdm

from desk.csv_files import CsvFile, Line, RejectsWriter
from desk.refusals import Refused

BATCH = 500
"""Lines per transaction."""
PROBLEMS_KEPT = 20
"""Refused lines told in full in the report; all are in the rejects file."""

Tell = Callable[[Line, "Outcome | LineRefused"], None]
"""Told what became of each line."""

Progress = Callable[[int, int], None]
"""Told the physical lines done and all there are."""


class Outcome(Enum):
    """What became of a good line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class LineRefused(Exception):
    """One line cannot be imported: (field, sentence) for every fault of it. A field may be "" for the line as a whole."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__("; ".join(sentence for _, sentence in problems))
        self.problems = problems

    def fields(self) -> str:
        """The faulty fields, joined."""
        return "; ".join(dict.fromkeys(name for name, _ in self.problems if name))

    def reason(self) -> str:
        """All sentences, joined."""
        return " ".join(sentence for _, sentence in self.problems)


@dataclass
class ImportReport:
    """What an import did. The four counts add up to the lines of the file that were not empty."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects_path: Path | None = None
    ignored: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_dry_run: bool = False

    @property
    def lines(self) -> int:
        """All lines looked at."""
        return self.created + self.updated + self.unchanged + self.rejected

    def summary(self) -> list[str]:
        """The report in plain lines."""
        would = "Nothing was stored (dry run). It would be: " if self.is_dry_run else ""
        told = [f"{would}{self.created} created, {self.updated} updated, {self.unchanged} unchanged, {self.rejected} rejected."]
        if self.ignored:
            told.append(f"Columns nothing was read from: {', '.join(self.ignored)}.")
        told += self.problems
        if self.rejected > len(self.problems):
            told.append(f"… and {self.rejected - len(self.problems)} more.")
        if self.rejects_path:
            told.append(f"The rejected lines are in {self.rejects_path}: correct them there and import that file.")
        return told


Watch = Callable[[int, str, Mapping[str, tuple[object, object]]], None]
"""Told, before it is stored, what a line would write: its number, the key of its row, and before and after by field."""


class Taken:
    """Which line of a file took which key first (an id, an address), kept across batches and, written down, across processes."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, int]] = defaultdict(dict)
        self._news: list[tuple[str, str, int]] = []

    def of(self, kind: str) -> dict[str, int]:
        """Line numbers by key, as a copy that can be planned with."""
        return dict(self._lines[kind])

    def take(self, kind: str, key: str, line: int) -> None:
        """Remember a key for good."""
        self._lines[kind][key] = line
        self._news.append((kind, key, line))

    def news(self) -> list[tuple[str, str, int]]:
        """What was taken since this was last asked."""
        news, self._news = self._news, []
        return news

    def recall(self, known: Iterable[tuple[str, str, int]]) -> None:
        """Take up what was written down before."""
        for kind, key, line in known:
            self._lines[kind][key] = line


Row = TypeVar("Row")


@dataclass(frozen=True)
class Course(Generic[Row]):
    """How one kind of line is imported. `read` takes a line apart or raises `LineRefused`; `store` writes rows of one batch.

    `store` answers, row by row, what became of it; it commits what it answers for.
    """

    read: Callable[[Line], Row]
    store: Callable[[Sequence[Row]], list[Outcome | LineRefused]]


@dataclass(frozen=True)
class Batches(Generic[Row]):
    """Stores a batch in one transaction; when it is refused, row by row, so that only the bad row is lost.

    `once` writes inside the transaction; `done` is told what was stored once it is through; `sentence_of` puts an error in
    words. A dry run takes every transaction back.
    """

    once: Callable[[Sequence[Row]], list[Outcome | LineRefused]]
    done: Callable[[Sequence[Row], Sequence[Outcome | LineRefused]], None]
    sentence_of: Callable[[Exception], str]
    is_dry_run: bool = False

    def store(self, rows: Sequence[Row]) -> list[Outcome | LineRefused]:
        """What became of each row."""
        if not rows:
            return []
        try:
            return self._together(rows)
        except (IntegrityError, DataError, Refused):
            return [self._alone(row) for row in rows]

    def _together(self, rows: Sequence[Row]) -> list[Outcome | LineRefused]:
        with transaction.atomic():
            results = self.once(rows)
            if self.is_dry_run:
                transaction.set_rollback(True)
        self.done(rows, results)
        return results

    def _alone(self, row: Row) -> Outcome | LineRefused:
        try:
            return self._together([row])[0]
        except Refused as refusal:
            return LineRefused(("", refusal.sentence))
        except (IntegrityError, DataError) as error:
            return LineRefused(("", self.sentence_of(error)))


def run(
    *, file: CsvFile, course: Course[Row], report: ImportReport, rejects_path: Path, progress: Progress | None = None
) -> ImportReport:
    """Import every line of `file`, filling `report`. Lines refused go to `rejects_path`, which appears only if there are any.

    Refuses with `rejects_unwritable` before anything is stored.
    """
    rejects = RejectsWriter(rejects_path, file.header)
    try:
        for batch in batches_of(file.lines()):
            import_batch(batch, course, report, rejects)
            if progress is not None:
                progress(batch[-1].number, file.physical_lines)
    finally:
        report.rejects_path = rejects.close()
    if progress is not None:
        progress(file.physical_lines, file.physical_lines)
    return report


def batches_of(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines in portions that are stored together."""
    iterator = iter(lines)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def import_batch(
    batch: list[Line], course: Course[Row], report: ImportReport, rejects: RejectsWriter, tell: Tell | None = None
) -> None:
    """Import one portion, counting into `report` and writing refused lines to `rejects`."""
    results: dict[int, Outcome | LineRefused] = {}
    rows: dict[int, Row] = {}
    for place, line in enumerate(batch):
        try:
            rows[place] = _read(course, line)
        except LineRefused as refusal:
            results[place] = refusal
    results |= zip(rows, course.store(list(rows.values())), strict=True)
    for place, line in enumerate(batch):
        _count(results[place], line, report, rejects)
        if tell is not None:
            tell(line, results[place])


def _read(course: Course[Row], line: Line) -> Row:
    if line.problem:
        raise LineRefused(("", line.problem))
    return course.read(line)


def _count(result: Outcome | LineRefused, line: Line, report: ImportReport, rejects: RejectsWriter) -> None:
    if isinstance(result, Outcome):
        setattr(report, result.value, getattr(report, result.value) + 1)
        return
    report.rejected += 1
    rejects.write(number=line.number, field=result.fields(), reason=result.reason(), cells=line.cells)
    if len(report.problems) < PROBLEMS_KEPT:
        report.problems.append(f"Line {line.number}: {result.reason()}")


def rejects_beside(path: Path) -> Path:
    """Where rejects go when nobody said: beside the file, `customers.csv` giving `customers.rejects.csv`."""
    return path.with_name(f"{path.stem.removesuffix('.rejects')}.rejects.csv")


@contextmanager
def progress_bar(name: str, stream: Any) -> Iterator[Progress]:
    """A bar for a command on `stream`; silent when that is no terminal."""
    with tqdm(desc=name, unit=" lines", file=stream, disable=None if hasattr(stream, "isatty") else True, leave=False) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield tell
