"""Files that people open in a spreadsheet: nothing in them calculates."""

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from desk.csv_writing import BOM, cell, write

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠"]
BLANKS = ["", " ", "   ", "\u00a0", "\ufeff", "\u200b", "\u2060", " \u200b "]


def looks_like_a_formula(text: str) -> bool:
    """As a spreadsheet sees it: blanks and what nobody sees before it do not count."""
    return text.lstrip(" \u00a0\u200b\u2060\ufeff").startswith(tuple(STARTS))


@pytest.mark.parametrize("start", STARTS)
def test_no_text_begins_a_formula(start: str) -> None:
    for blank in BLANKS:
        assert cell(f"{blank}{start}cmd|' /C calc'!A1").startswith("'")


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("read_with", [",", ";", "\t"])
def test_no_cell_begins_a_formula_whatever_the_file_is_read_with(separator: str, read_with: str) -> None:
    nasty = [
        f"{before}{start}1+1" for start in STARTS for before in ("0;", "0,", "0; ", "0\t", "0\n", "0\r\n", 'x";', '"', ";;", ",")
    ]
    text = "".join(write(["A", "B"], [[one, "end"] for one in nasty], separator=separator)).removeprefix(BOM)
    own = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert [len(row) for row in own] == [2] * (len(nasty) + 1)
    other = separator if read_with == separator else read_with
    cells = [one for line in csv.reader(io.StringIO(text, newline=""), delimiter=other) for one in line]
    assert [one for one in cells if looks_like_a_formula(one)] == []


def test_values_are_written_for_people_and_numbers_untouched() -> None:
    at = datetime(2026, 11, 22, 15, 5, tzinfo=timezone(timedelta(hours=1)))
    values = [Decimal("-12.50"), -3, 0.5, True, False, None, date(2026, 11, 22), at, at.astimezone(UTC), "Zoë"]
    written = ["-12.50", "-3", "0.5", "yes", "no", "", "2026-11-22", "2026-11-22T14:05:00Z", "2026-11-22T14:05:00Z", "Zoë"]
    assert [cell(value) for value in values] == written


def test_a_file_begins_with_a_mark_and_its_lines_end_as_spreadsheets_want() -> None:
    text = "".join(write(["=A", "B"], [["x", 'say "hi", then\nleave']], separator=","))
    assert text == BOM + '\'=A,B\r\nx,"say ""hi"", then\nleave"\r\n'
