"""A list as a CSV file: what matches, in the order shown, with the columns this person may see."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from desk import csv_writing
from desk.lists.asking import Asked
from desk.lists.keyset import ordered
from desk.refusals import Refused

MOST = 250_000
"""Rows of one file."""
_CHUNK = 1_000


class ExportRefused(Refused):
    """A file that is not written, with the reason."""


def refuse_too_many(number: int) -> None:
    """Refuse (`export_too_large`) what no spreadsheet opens with ease."""
    if number > MOST:
        raise ExportRefused(
            "export_too_large", f"{number:,} rows match; a file holds {MOST:,} at most. Set filters, and export the parts."
        )


def lines(asked: Asked, viewer: Any, *, separator: str) -> Iterator[str]:
    """The file line by line; rows come from the database in portions."""
    columns = [(name, column) for name, column in asked.page.table.base_columns.items() if column.may_be_seen_by(viewer)]
    header = [str(column.verbose_name) for _, column in columns]
    return csv_writing.write(header, _cells(asked, columns, viewer), separator=separator)


def _cells(asked: Asked, columns: Sequence[tuple[str, Any]], viewer: Any) -> Iterator[list[object]]:
    rows = ordered(asked.rows, asked.sort).iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        asked.page.prepare_all(chunk, asked.at)
        for row in chunk:
            yield [column.plain(name, row, viewer) for name, column in columns]
