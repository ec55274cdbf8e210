"""Reading CSV files written by anyone, line by line, so that one bad line never costs a good one; and writing rejects.

A file is refused as a whole only for what makes all of it doubtful: its encoding, its header, its size. Everything else
is the fault of one line, told with the line's number. Numbers are those an editor shows: physical lines, from 1.
"""

import codecs
import csv
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desk.refusals import Invalid

MAX_BYTES = 50_000_000
MAX_LINES = 500_000
"""Physical lines after the header."""
MAX_LINE_BYTES = 10_000_000
MAX_FIELD = 100_000
"""Characters in one field."""
MAX_RECORD_LINES = 200
"""Physical lines one record may span; more means a quotation mark was never closed."""
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "cp1252")
_OTHER_BOMS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_BLANKS = " \u00a0\u200b\u200c\u200d\u200e\u200f\u2060\u3000\ufeff"
_SHOWN = 1000

# Python's reader gives up in the middle of a field longer than this, and then nobody knows where the record ends. Here
# fields are measured once they are read; MAX_BYTES bounds them all.
csv.field_size_limit(MAX_BYTES)

_OPEN_QUOTE = "A quotation mark is opened and never closed."
_TOO_LONG = f"A field is longer than {MAX_FIELD:,} characters."
_BAD_QUOTES = "The quotation marks do not fit: after a closing one must come a delimiter. Double a quotation mark inside a field."
_STRAY_RETURN = "The line holds a carriage return in the middle; lines end with CR LF or LF."
_NUL = "The line holds a NUL character, which no text has."


class FileRefused(Invalid):
    """A file that cannot be used at all. `code` for tests, `sentence` says where it fails and what to do."""


@dataclass(frozen=True)
class Line:
    """One record. `values` by heading (as in `CsvFile.header`); `problem` is a sentence when it could not be taken apart."""

    number: int
    cells: tuple[str, ...]
    values: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class CsvFile:
    """A CSV file that was looked through once: its encoding holds to the last byte and its header is usable."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    physical_lines: int

    def lines(self) -> Iterator[Line]:
        """Every record after the header, in order; wholly empty lines are left out. Streams: holds one record at a time."""
        with self.path.open("rb") as file:
            for number, cells, problem in _records(_texts(file, self.encoding), self.delimiter, len(self.header)):
                if number > self.header_line and (problem or any(cell.strip() for cell in cells)):
                    yield self._line(number, cells, problem)

    def _line(self, number: int, cells: list[str], problem: str) -> Line:
        if not problem and len(cells) != len(self.header):
            problem = f"The line has {len(cells)} fields; the header has {len(self.header)}."
        values = {} if problem else {heading: plain(cell) for heading, cell in zip(self.header, cells, strict=True) if heading}
        return Line(number, tuple(cells), values, problem)

    def find(self, heading: str) -> str:
        """The heading as the file writes it, found without regard to case and outer spaces; "" when it is not there."""
        wanted = heading.strip().casefold()
        return next((found for found in self.header if found and found.casefold() == wanted), "")

    def require(self, headings: Iterable[str]) -> None:
        """Refuse the file (`column_missing`) unless it has all these columns."""
        missing = [heading for heading in headings if not self.find(heading)]
        if missing:
            there = ", ".join(f"“{heading}”" for heading in self.header if heading) or "none"
            named = ", ".join(f"“{heading}”" for heading in missing)
            raise FileRefused("column_missing", f"The file has no column {named}. Its columns are: {there}.")


def open_csv(path: Path, *, encoding: str = "utf-8") -> CsvFile:
    """Look through the file once and answer it, ready to stream.

    `encoding` is `utf-8` (with or without byte order mark) or `cp1252`; it is never guessed. Refuses with
    `file_missing`, `file_too_large`, `too_many_lines`, `encoding_unknown`, `encoding_wrong` (naming line and byte), `file_empty`,
    `header_unusable` or `column_repeated`.
    """
    if encoding.lower() not in ENCODINGS:
        raise FileRefused("encoding_unknown", f"The encoding “{encoding}” is not known here. It is one of {', '.join(ENCODINGS)}.")
    physical_lines = _look_through(path, encoding.lower())
    with path.open("rb") as file:
        header_line, delimiter, header = _header(_texts(file, encoding.lower()))
    if physical_lines - header_line > MAX_LINES:
        raise FileRefused("too_many_lines", f"The file has more than {MAX_LINES:,} lines. Split it and import the parts.")
    return CsvFile(path, encoding.lower(), delimiter, header, header_line, physical_lines)


def _look_through(path: Path, encoding: str) -> int:
    """Count the physical lines of a file whose every byte can be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused(
                "file_too_large", f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts."
            )
        with path.open("rb") as file:
            _refuse_other_encodings(file.read(4))
            file.seek(0)
            return sum(1 for _ in _texts(file, encoding))
    except OSError as error:
        raise FileRefused("file_missing", f"The file {path} cannot be opened: {error.strerror or error}.") from error


def _refuse_other_encodings(start: bytes) -> None:
    for mark, name in _OTHER_BOMS:
        if start.startswith(mark):
            raise FileRefused("encoding_wrong", f"The file is {name}. Save it as “CSV UTF-8” and import that.")


def _texts(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """Physical lines with their numbers, decoded strictly, line ends kept."""
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise FileRefused(
                "line_too_long", f"Line {number} is longer than {MAX_LINE_BYTES // 1_000_000} MB. Is this a CSV file?"
            )
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield number, raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise FileRefused("encoding_wrong", _wrong_encoding(number, error, encoding)) from error


def _wrong_encoding(number: int, error: UnicodeDecodeError, encoding: str) -> str:
    byte = error.object[error.start]
    other = (
        "Save it as “CSV UTF-8”, or declare its encoding as cp1252" if encoding == "utf-8" else "Declare the encoding it really has"
    )
    return f"Line {number}, byte {error.start + 1} (0x{byte:02X}) is not {encoding.upper()}. {other}."


def _header(texts: Iterator[tuple[int, str]]) -> tuple[int, str, tuple[str, ...]]:
    """Line number, delimiter and headings. A first line `sep=;`, as Excel writes it, names the delimiter."""
    declared = ""
    for number, text in texts:
        if number == 1 and text.strip().lower().startswith("sep=") and len(text.strip()) == 5:
            declared = text.strip()[4]
            continue
        if text.strip(" \t\r\n,;|"):
            return _parse_header(number, text, declared)
    raise FileRefused("file_empty", "The file is empty: it has no line with column names.")


def _parse_header(number: int, text: str, declared: str) -> tuple[int, str, tuple[str, ...]]:
    if "\0" in text:
        raise FileRefused(
            "header_unusable", "The first line holds NUL characters; this is not a CSV file in UTF-8. Save it as “CSV UTF-8”."
        )
    delimiter = declared or max(DELIMITERS, key=lambda candidate: len(_parse(text, candidate)[0]))
    cells, problem = _parse(text, delimiter)
    if problem:
        raise FileRefused("header_unusable", f"The line with the column names cannot be read. {problem}")
    header = tuple(cell.strip() for cell in cells)
    folded = [heading.casefold() for heading in header if heading]
    repeated = sorted({heading for heading in header if folded.count(heading.casefold()) > 1})
    if repeated:
        raise FileRefused("column_repeated", f"The column “{repeated[0]}” is there twice. Rename or remove one.")
    return number, delimiter, header


def _records(texts: Iterator[tuple[int, str]], delimiter: str, width: int) -> Iterator[tuple[int, list[str], str]]:
    """(line number, cells, problem) for each record. A record spans lines only inside quotation marks.

    When marks never close, the first line alone is given up and reading goes on with the next: what follows may be good.
    """
    waiting: deque[tuple[int, str]] = deque()
    while True:
        first = _next(waiting, texts)
        if first is None:
            return
        number, text = first
        cells, problem = _parse(text, delimiter)
        if problem == _OPEN_QUOTE:
            cells, problem = _longer_record(text, waiting, texts, delimiter, width)
        yield number, cells, problem


def _next(waiting: deque[tuple[int, str]], texts: Iterator[tuple[int, str]]) -> tuple[int, str] | None:
    return waiting.popleft() if waiting else next(texts, None)


def _longer_record(
    start: str, waiting: deque[tuple[int, str]], texts: Iterator[tuple[int, str]], delimiter: str, width: int
) -> tuple[list[str], str]:
    """Add lines to `start` until its quotation marks close and it has `width` cells, or is too long a record.

    Lines taken in vain go back to `waiting`, in order.
    """
    taken: list[tuple[int, str]] = []
    marks = start.count('"')
    while len(taken) < MAX_RECORD_LINES and (following := _next(waiting, texts)) is not None:
        taken.append(following)
        added = following[1].count('"')
        marks += added
        # Only a line with a mark can close one, and a record is whole only with an even number of them.
        if added and marks % 2 == 0:
            cells, problem = _parse(start + "".join(text for _, text in taken), delimiter)
            if problem in ("", _TOO_LONG) and len(cells) == width:
                return cells, problem
    waiting.extendleft(reversed(taken))
    return [start[:_SHOWN]], _OPEN_QUOTE


def _parse(text: str, delimiter: str) -> tuple[list[str], str]:
    """The cells of one record, or its beginning and the problem."""
    if "\0" in text:
        return [text[:_SHOWN]], _NUL
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return [text[:_SHOWN]], _sentence_of(error)
    if len(rows) > 1:
        return [text[:_SHOWN]], _BAD_QUOTES
    cells = rows[0] if rows else []
    return (cells, "") if all(len(cell) <= MAX_FIELD for cell in cells) else ([cell[:_SHOWN] for cell in cells], _TOO_LONG)


def _sentence_of(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end of data" in words:
        return _OPEN_QUOTE
    return _STRAY_RETURN if "new-line character" in words else _BAD_QUOTES


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula: a leading apostrophe where it would begin one."""
    return f"'{cell}" if _starts_a_formula(cell) else cell


def plain(cell: str) -> str:
    """The cell without the apostrophe that `defused` put there, so that a corrected rejects file can be read again."""
    return cell[1:] if cell.startswith("'") and _starts_a_formula(cell[1:]) else cell


def _starts_a_formula(cell: str) -> bool:
    return cell.lstrip(_BLANKS).startswith(_FORMULA_STARTS)


class RejectsWriter:
    """Writes refused lines to a CSV file: number, field, reason, then the columns as they came. UTF-8 with byte order mark.

    Opened before the work begins, so that a place nobody may write to is known at once; the file appears under its name
    only when the writer is closed with something in it. Corrected, it can be imported as it is. `kept_bytes` and `count` take
    up what an earlier writer had made safe; what was written after that is cut off.
    """

    HEADINGS = ("rejected_line", "rejected_field", "rejected_reason")

    def __init__(self, path: Path, header: Sequence[str], *, kept_bytes: int = 0, count: int = 0) -> None:
        self.path = path
        self.count = count
        self._width = len(header)
        self._kept = [place for place, heading in enumerate(header) if heading not in self.HEADINGS]
        self._part = path.with_name(f"{path.name}.part")
        try:
            if kept_bytes:
                os.truncate(self._part, kept_bytes)
            self._file = self._part.open("a" if kept_bytes else "w", encoding="utf-8" if kept_bytes else "utf-8-sig", newline="")
        except OSError as error:
            sentence = f"The rejects file {path} cannot be written: {error.strerror or error}. Name another place for it."
            raise FileRefused("rejects_unwritable", sentence) from error
        self._writer = csv.writer(self._file)
        if not kept_bytes:
            self._writer.writerow([*self.HEADINGS, *(defused(header[place]) for place in self._kept)])

    def write(self, *, number: int, field: str, reason: str, cells: Sequence[str]) -> None:
        """Add one refused line."""
        originals = [cells[place] for place in self._kept if place < len(cells)]
        surplus = cells[self._width :]
        self._writer.writerow([str(number), *(defused(cell) for cell in (field, reason, *originals, *surplus))])
        self.count += 1

    def make_safe(self) -> int:
        """See that what was written outlives this process. Answers how many bytes that is."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._part.stat().st_size

    def pause(self) -> None:
        """Let go of the file, for another writer to take up."""
        self._file.close()

    def close(self) -> Path | None:
        """Finish. Answers where the rejects are, or None when there were none."""
        self._file.close()
        if not self.count:
            with suppress(FileNotFoundError):
                self._part.unlink()
            return None
        self._part.replace(self.path)
        return self.path
