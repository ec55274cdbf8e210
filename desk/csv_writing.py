"""Writing CSV that people open in a spreadsheet: nothing in it can become a formula, whatever the separator it is read with.

UTF-8 with byte order mark, lines end with CR LF, days and instants in ISO 8601 (UTC), numbers as they are. For machines
there is the interface; a file written here carries an apostrophe before text that would calculate.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from desk.csv_files import defused

BOM = "\ufeff"
SEPARATORS = {"comma": ",", "semicolon": ";"}
"""What Excel expects depends on the language of the computer it runs on."""

_FORMULA = r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%\t＝＋－＠]"
_INSIDE = {own: re.compile(rf"([{other}\t\r\n])(?={_FORMULA})") for own, other in ((",", ";"), (";", ","))}
"""Where a cell would begin if the file were read with the other separator, or without its quotation marks."""


class _Line:
    """Takes one line from a `csv.writer` and hands it on."""

    def write(self, text: str) -> str:
        """The line as it came."""
        return text


def write(header: Sequence[str], rows: Iterable[Sequence[object]], *, separator: str = ",") -> Iterator[str]:
    """The file line by line, beginning with the byte order mark; holds one line at a time."""
    writer = csv.writer(_Line(), delimiter=separator, lineterminator="\r\n")
    yield BOM + writer.writerow([cell(heading, separator) for heading in header])
    for row in rows:
        yield writer.writerow([cell(value, separator) for value in row])


def cell(value: object, separator: str = ",") -> str:
    """One value as text for a cell: numbers untouched, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return _harmless(str(value), separator)


def _harmless(text: str, separator: str) -> str:
    """Text with an apostrophe wherever a spreadsheet would begin to calculate."""
    return defused(_INSIDE[separator].sub(r"\1'", text))
