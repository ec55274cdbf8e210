"""What can be found out about a CSV file by looking at it, and what stays a guess and is said to be one."""

import codecs
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from desk.csv_files import CsvFile, FileRefused
from desk.csv_maps import DAY_FIRST, MONTH_FIRST

LOOKED_AT = 20_000
"""Records looked at for words and days; enough for every word that matters, short enough to wait for."""
WORDS_KEPT = 40
"""Different words of one column; more are no list of words but free text."""
AMBIGUOUS = "ambiguous"

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 20
_NOT_CSV = (
    (b"PK\x03\x04", "an Excel workbook or another zip file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text document"),
)
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}(?:[ T]00:00(?::00)?)?\Z")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+\Z", re.IGNORECASE)
_ROUNDED = re.compile(r"\d{11,}0{5}\Z")
_MONTH_WORD = re.compile(r"\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\Z|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}\Z", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file are read. A guess is one when other readings would be possible too."""

    name: str
    is_guess: bool = False


def encoding_of(path: Path) -> Encoding:
    """The encoding of a file: by its mark, else UTF-8 when every byte fits, else Windows' as a guess.

    Refuses with `not_csv` what is another kind of file, telling how to save it as CSV.
    """
    with path.open("rb") as file:
        start = file.read(8)
        _refuse_other_kinds(start)
        if start.startswith(_UTF16) and not start.startswith(codecs.BOM_UTF32_LE):
            return Encoding("utf-16")
        file.seek(0)
        decode = codecs.getincrementaldecoder("utf-8")().decode
        try:
            while chunk := file.read(_CHUNK):
                decode(chunk)
            decode(b"", True)
        except UnicodeDecodeError:
            return Encoding("cp1252", is_guess=True)
    return Encoding("utf-8")


def _refuse_other_kinds(start: bytes) -> None:
    for beginning, kind in _NOT_CSV:
        if start.startswith(beginning):
            sentence = (
                f"This is {kind}, not a CSV file. In Excel choose File, Save As, “CSV UTF-8 (comma delimited)”, and upload that."
            )
            raise FileRefused("not_csv", sentence)


def rewrite_as_utf8(path: Path) -> None:
    """Turn a UTF-16 file into UTF-8, line by line. Refuses with `encoding_wrong` when it is broken."""
    part = path.with_name(f"{path.name}.part")
    try:
        with path.open(encoding="utf-16", newline="") as old, part.open("w", encoding="utf-8", newline="") as new:
            while text := old.read(_CHUNK):
                new.write(text)
        part.replace(path)
    except UnicodeError as error:
        part.unlink(missing_ok=True)
        raise FileRefused("encoding_wrong", "The file begins as UTF-16 and then is not. Save it as “CSV UTF-8”.") from error


def first_lines(file: CsvFile, count: int) -> list[tuple[str, ...]]:
    """The cells of the first good records."""
    return [line.cells for line in islice((line for line in file.lines() if not line.problem), count)]


@dataclass(frozen=True)
class Column:
    """What was seen in one column. `words` are its different values when there are few, most frequent first; `dates` the order of days."""

    heading: str
    samples: tuple[str, ...]
    words: tuple[str, ...]
    dates: str
    warnings: tuple[str, ...]


class _Looking:
    """One column while the records pass by."""

    def __init__(self, heading: str) -> None:
        self.heading = heading
        self.samples: list[str] = []
        self.counts: dict[str, int] | None = {}
        self.days = self.first_over = self.second_over = self.filled = 0
        self.scientific = self.rounded = self.months = 0

    def see(self, value: str) -> None:
        """Take notice of one cell."""
        text = value.strip()
        if not text:
            return
        self.filled += 1
        if len(self.samples) < 3 and text not in self.samples:
            self.samples.append(text)
        self._count(text)
        if found := _DAY.match(text):
            self.days += 1
            self.first_over += int(found[1]) > 12
            self.second_over += int(found[3]) > 12
        self.scientific += bool(_SCIENTIFIC.match(text))
        self.rounded += bool(_ROUNDED.match(text))
        self.months += bool(_MONTH_WORD.match(text))

    def _count(self, text: str) -> None:
        if self.counts is None:
            return
        self.counts[text] = self.counts.get(text, 0) + 1
        if len(self.counts) > WORDS_KEPT:
            self.counts = None

    def order(self) -> str:
        """The order of day and month, "" for a column that holds no such days."""
        if not self.days or self.days < self.filled * 0.6:
            return ""
        if self.first_over and not self.second_over:
            return DAY_FIRST
        return MONTH_FIRST if self.second_over and not self.first_over else AMBIGUOUS

    def warnings(self) -> tuple[str, ...]:
        """What Excel seems to have done to the column."""
        found = (
            (self.scientific, "{} look like 1.2E+15: a spreadsheet has shortened long numbers"),
            (self.rounded, "{} are long numbers ending in 00000: a spreadsheet may have rounded them"),
            (self.months, "{} look like 1-Mar: a spreadsheet may have taken them for days"),
        )
        return tuple(f"{sentence.format(f'{count:,} values')}. Export the column as text." for count, sentence in found if count)

    def column(self) -> Column:
        """What was seen."""
        words = sorted(self.counts or {}, key=lambda word: (-(self.counts or {})[word], word))
        return Column(self.heading, tuple(self.samples), tuple(words), self.order(), self.warnings())


def columns_of(file: CsvFile) -> list[Column]:
    """What was seen in each column with a heading, in the order of the file."""
    looking = {heading: _Looking(heading) for heading in file.header if heading}
    for line in islice(file.lines(), LOOKED_AT):
        for heading, value in line.values.items():
            looking[heading].see(value)
    return [each.column() for each in looking.values()]


def lost_zeros(values: Iterable[str], known: Callable[[Sequence[str]], set[str]]) -> list[str]:
    """Values that would be known if they had not lost zeros in front, as a spreadsheet takes them; at most 500 are looked at."""
    numbers = [value for value in islice(values, 500) if value.isascii() and value.isdigit()]
    longer = {value.zfill(width): value for value in numbers for width in range(len(value) + 1, 13)}
    strangers = set(numbers) - known(numbers)
    return sorted({longer[found] for found in known(list(longer)) if longer[found] in strangers})


def match_headings(headings: Iterable[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Our field for each heading whose letters and digits are those of one of the field's names; each field once."""
    wanted = {_letters(word): field for field, words in names.items() for word in (field, *words)}
    found: dict[str, str] = {}
    for heading in headings:
        field = wanted.get(_letters(heading))
        if field is not None and field not in found.values():
            found[heading] = field
    return found


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
