"""What is found out about a file by looking, and what is not."""

import pytest

from desk.csv_files import FileRefused, open_csv
from desk.csv_guesses import AMBIGUOUS, columns_of, encoding_of, lost_zeros, match_headings, rewrite_as_utf8
from desk.csv_maps import DAY_FIRST, MONTH_FIRST, as_iso_day, load_map, parse_map, to_toml


@pytest.fixture
def write(tmp_path):
    def make(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.mark.parametrize(
    ("content", "name", "is_guess"),
    [
        (b"plain", "utf-8", False),
        ("ü".encode(), "utf-8", False),
        ("ü".encode("cp1252"), "cp1252", True),
        ("ü".encode("utf-16"), "utf-16", False),
        ("ü".encode("utf-8-sig"), "utf-8", False),
        ("ü".encode()[:1], "cp1252", True),
    ],
)
def test_an_encoding_is_found_or_guessed(write, content, name, is_guess):
    found = encoding_of(write(content))
    assert (found.name, found.is_guess) == (name, is_guess)


def test_sixteen_bits_become_eight(write):
    path = write("name\r\nZoë\r\n".encode("utf-16"))
    rewrite_as_utf8(path)
    assert path.read_bytes() == "name\r\nZoë\r\n".encode()
    broken = write("name\nZoë".encode("utf-16") + b"\x00")
    with pytest.raises(FileRefused, match="encoding_wrong"):
        rewrite_as_utf8(broken)


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["13.01.2024", "02.03.2024"], DAY_FIRST),
        (["01/13/2024", "02/03/2024"], MONTH_FIRST),
        (["01/02/2024", "02/03/2024"], AMBIGUOUS),
        (["13/02/2024", "02/13/2024"], AMBIGUOUS),
        (["2024-01-13", "2024-03-02"], ""),
        (["red", "blue"], ""),
        ([""], ""),
    ],
)
def test_the_order_of_days_is_that_of_the_column_or_unknown(write, days, order):
    (column, _) = columns_of(open_csv(write("day,n\n" + "".join(f"{day},1\n" for day in days))))
    assert column.dates == order


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("3.2.2024", DAY_FIRST, "2024-02-03"),
        ("3/2/2024", MONTH_FIRST, "2024-03-02"),
        ("31-12-2024 00:00", DAY_FIRST, "2024-12-31"),
        ("2024-12-31", DAY_FIRST, "2024-12-31"),
        ("31.12.24", DAY_FIRST, "31.12.24"),
        ("31.12/2024", DAY_FIRST, "31.12/2024"),
        ("soon", DAY_FIRST, "soon"),
    ],
)
def test_a_day_is_turned_only_when_it_is_written_so(text, order, iso):
    assert as_iso_day(text, order) == iso


def test_few_words_are_listed_and_many_are_not(write):
    text = "stage,note\n" + "".join(f"{'gold' if n % 3 else 'tin'},note {n}\n" for n in range(60))
    stage, note = columns_of(open_csv(write(text)))
    assert (stage.words, note.words, stage.samples) == (("gold", "tin"), (), ("tin", "gold"))


@pytest.mark.parametrize("cell", ["1.2E+15", "12345678901200000", "1-Mar", "Mar-01"])
def test_what_a_spreadsheet_did_is_noticed(write, cell):
    (column, _) = columns_of(open_csv(write(f"id,n\n{cell},1\n")))
    assert column.warnings


@pytest.mark.parametrize("cell", ["1234567890123456", "A-1", "2024-03-01", "E10"])
def test_what_it_did_not_do_is_not(write, cell):
    (column, _) = columns_of(open_csv(write(f"id,n\n{cell},1\n")))
    assert not column.warnings


def test_zeros_are_lost_only_where_the_longer_number_is_known():
    there = {"00123", "77"}
    assert lost_zeros(["123", "77", "5"], lambda keys: there & set(keys)) == ["123"]
    assert lost_zeros(["5"], lambda keys: there & set(keys)) == []


def test_headings_are_matched_by_letters_alone_and_each_field_once():
    names = {"email": ["E-Mail address"], "name": []}
    assert match_headings(["E_MAIL ADDRESS", "Email", "Name", "Other"], names) == {"E_MAIL ADDRESS": "email", "Name": "name"}


def test_a_map_written_down_is_read_again_the_same(tmp_path):
    content = {
        "columns": {"name": ["First", "Last"], "attribute.size": 'The "big" one', "day": "Day"},
        "values": {"attribute.size": {"a = b": "x\ty", "ü": "\\"}},
        "fixed": {"language": "en"},
        "dates": {"day": "day first"},
        "attributes": {"size": {"label": "Größe", "type": "choice", "choices": ["x\ty", "\\"], "is_sensitive": False}},
    }
    path = tmp_path / "map.toml"
    path.write_text(to_toml(content), encoding="utf-8")
    assert load_map(path, allows=lambda _: True, allowed="", sections=("attributes",)).content() == content
    assert parse_map(path.read_text(encoding="utf-8"))["fixed"] == {"language": "en"}


@pytest.mark.parametrize("dates", ['day = "sometimes"', 'other = "day first"'])
def test_an_order_of_days_must_be_one_of_two_and_have_a_column(tmp_path, dates):
    path = tmp_path / "map.toml"
    path.write_text(f'[columns]\nday = "Day"\n[dates]\n{dates}\n')
    with pytest.raises(FileRefused.__mro__[1], match="dates"):
        load_map(path, allows=lambda _: True, allowed="")
