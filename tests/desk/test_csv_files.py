import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.csv_files import CsvFile, FileRefused, RejectsWriter, defused, open_csv, plain

HEADER = b"id,name,note\n"


@pytest.fixture
def file(tmp_path: Path):
    def make(content: bytes, **options: str) -> CsvFile:
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return open_csv(path, **options)

    return make


def refusal_of(make, content: bytes, **options: str) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        make(content, **options)
    return refusal.value


def good(file: CsvFile) -> list[tuple[int, str]]:
    return [(line.number, line.values["id"]) for line in file.lines() if not line.problem]


def problems(file: CsvFile) -> dict[int, str]:
    return {line.number: line.problem for line in file.lines() if line.problem}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(file, delimiter):
    found = file(b"id,name,note\n1,Asha,x\n".replace(b",", delimiter.encode()))
    assert (found.delimiter, good(found)) == (delimiter, [(2, "1")])


def test_excel_may_name_the_delimiter_in_a_line_of_its_own(file):
    found = file(b"sep=;\r\nid;name,note\r\n1;a,b\r\n")
    assert (found.header, good(found)) == (("id", "name,note"), [(3, "1")])


def test_a_byte_order_mark_is_no_part_of_the_first_heading(file):
    assert file(b"\xef\xbb\xbf" + HEADER).header == ("id", "name", "note")


def test_an_umlaut_in_another_encoding_is_refused_with_line_and_byte(file):
    refusal = refusal_of(file, HEADER + "1,Asha,x\n2,Jürgen,y\n".encode("cp1252"))
    assert refusal.code == "encoding_wrong"
    assert "Line 3, byte 4 (0xFC) is not UTF-8" in refusal.sentence


def test_the_other_encoding_is_read_when_it_is_declared(file):
    (line,) = file(HEADER + "2,Jürgen,y\n".encode("cp1252"), encoding="cp1252").lines()
    assert line.values["name"] == "Jürgen"
    assert refusal_of(file, HEADER, encoding="klingon").code == "encoding_unknown"


def test_utf_16_is_refused_by_name(file):
    assert "UTF-16" in refusal_of(file, "id,name\n".encode("utf-16")).sentence
    assert "NUL" in refusal_of(file, "id,name\n".encode("utf-16-le")).sentence


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_an_empty_file_is_refused(file, content):
    assert refusal_of(file, content).code == "file_empty"


def test_a_file_with_a_header_alone_has_no_lines(file):
    assert list(file(HEADER).lines()) == []


def test_a_file_that_is_not_there_is_refused():
    assert refusal_of(lambda path: open_csv(path), Path("/nowhere/at-all.csv")).code == "file_missing"


def test_a_heading_that_comes_twice_is_refused_and_named(file):
    refusal = refusal_of(file, b"id,Email,email\n1,a,b\n")
    assert refusal.code == "column_repeated"
    assert "Email" in refusal.sentence


def test_a_missing_column_is_named_with_those_there_are(file):
    with pytest.raises(FileRefused, match="no column “email”") as refusal:
        file(HEADER).require(["ID", "email"])
    assert "“id”, “name”, “note”" in refusal.value.sentence


def test_line_ends_inside_quotation_marks_belong_to_the_field(file):
    found = file(b'id,name,note\r\n1,"a\r\nb\r\n",x\r\n2,Ben,y\r\n')
    assert [(line.number, line.values["name"]) for line in found.lines()] == [(2, "a\r\nb\r\n"), (5, "Ben")]


def test_a_field_of_a_megabyte_costs_its_own_line_only(file):
    huge = b"x" * 1_000_000
    found = file(HEADER + b"1,a,b\n2," + huge + b',c\n3,"' + huge + b'\n",c\n4,d,e\n')
    assert good(found) == [(2, "1"), (6, "4")]
    assert all("longer than 100,000 characters" in problem for problem in problems(found).values())


def test_a_field_just_over_the_limit_is_refused_as_well(file):
    assert 2 in problems(file(HEADER + b"1,a," + b"x" * 100_001 + b"\n"))
    assert good(file(HEADER + b"1,a," + b"x" * 100_000 + b"\n")) == [(2, "1")]


def test_a_quotation_mark_that_never_closes_costs_its_own_line_only(file):
    found = file(HEADER + b'1,"open,x\n2,good,y\n3,"open,z\n4,"fine",w\n')
    assert good(found) == [(3, "2"), (5, "4")]
    assert set(problems(found)) == {2, 4}
    assert "never closed" in problems(found)[2]


def test_a_record_cannot_swallow_more_than_200_lines(file):
    found = file(HEADER + b'0,"open,x\n' + b"".join(b"%d,good,y\n" % n for n in range(1, 501)) + b'501,"open",y\n')
    assert len(good(found)) == 501


def test_lines_with_too_few_or_too_many_fields_are_refused(file):
    found = file(HEADER + b"1,a\n2,a,b,c\n3,a,b\n")
    assert problems(found) == {2: "The line has 2 fields; the header has 3.", 3: "The line has 4 fields; the header has 3."}
    assert good(found) == [(4, "3")]


def test_a_nul_and_a_stray_return_cost_their_own_line_only(file):
    found = file(HEADER + b"1,a\0,b\n2,a\rb,c\n3,a,b\n")
    assert "NUL" in problems(found)[2]
    assert "carriage return" in problems(found)[3]
    assert good(found) == [(4, "3")]


def test_empty_lines_are_no_lines(file):
    assert good(file(HEADER + b"\n1,a,b\n,,\n\n2,a,b")) == [(3, "1"), (6, "2")]


@pytest.mark.parametrize("start", list("=+-@|%") + ["\t", "\r", "＝", " =", "\u200b="])
def test_a_cell_that_would_be_a_formula_is_defused(start):
    cell = f"{start}1+1"
    assert defused(cell) == f"'{cell}"
    assert plain(defused(cell)) == cell


@given(st.text())
def test_no_defused_cell_begins_a_formula_and_none_is_changed_by_a_round_trip(cell):
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t"))
    if not cell.startswith("'"):
        assert plain(defused(cell)) == cell


def test_rejects_hold_number_field_reason_and_the_columns_as_they_came(tmp_path):
    writer = RejectsWriter(tmp_path / "out.csv", ["id", "name"])
    writer.write(number=7, field="name", reason="name is missing.", cells=["=cmd()", "", "surplus"])
    path = writer.close()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["rejected_line", "rejected_field", "rejected_reason", "id", "name"],
        ["7", "name", "name is missing.", "'=cmd()", "", "surplus"],
    ]


def test_no_rejects_leave_no_file(tmp_path):
    assert RejectsWriter(tmp_path / "out.csv", ["id"]).close() is None
    assert list(tmp_path.iterdir()) == []


def test_a_place_nobody_can_write_to_is_told_at_once(tmp_path):
    with pytest.raises(FileRefused, match="rejects_unwritable"):
        RejectsWriter(tmp_path / "missing" / "out.csv", ["id"])


CELLS = st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_whatever_is_written_as_csv_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name", "note"), *rows])
    read = [line.cells for line in open_csv(path).lines()]
    assert read == [row for row in rows if any(cell.strip() for cell in row)]
