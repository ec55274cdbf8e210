"""What files can try on the way in through the browser: nothing of it stores a wrong row, a wrong file, or takes the desk down."""

import csv
import io
import zipfile
from unicodedata import normalize

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers import import_files
from customers.models import Customer, ImportRun
from desk import csv_files
from desk.uploads import HOPELESS
from tests.admin.conftest import clock, manager, signed_in_as  # noqa: F401
from tests.importing import Importing, counts

pytestmark = pytest.mark.django_db

HEAD = "external_id,name,email\n"
ASHA = "1,Asha Rao,asha@example.org\n"


@pytest.fixture(autouse=True)
def as_in_production(settings) -> None:
    """How staff sign in is tested next door."""
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def mina(manager: Client) -> Importing:  # noqa: F811
    return Importing(manager)


def rejects(mina: Importing, run: ImportRun) -> list[dict[str, str]]:
    answer = mina.client.get(f"/admin/import/{run.reference}/rejected.csv")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def refused(mina: Importing, content: bytes, name: str = "customers.csv") -> str:
    """The page that refuses the file; nothing of it is left."""
    before = set(import_files.folder().iterdir())
    answer = mina.upload(content, name)
    assert answer.status_code == 422
    assert ImportRun.objects.count() == 0
    assert set(import_files.folder().iterdir()) == before
    return answer.content.decode()


def test_an_open_quotation_mark_costs_its_own_line_only(mina):
    run = mina.imported(HEAD + ASHA + '2,"Ben,ben@example.org\n' + "3,Chloe Lund,chloe@example.org\n")
    assert counts(run) == (2, 0, 0, 1)
    assert [row["rejected_line"] for row in rejects(mina, run)] == ["3"]


def test_a_nul_costs_its_line_only(mina):
    assert counts(mina.imported(HEAD + ASHA + "2,Be\0n,ben@example.org\n")) == (1, 0, 0, 1)


def test_a_nul_in_the_headings_is_refused(mina):
    assert "NUL" in refused(mina, b"external_id\0,name,email\n")


def test_a_cell_of_130_kilobytes_costs_its_line_only(mina):
    run = mina.imported(HEAD + ASHA + f"2,{'x' * 130_000},ben@example.org\n")
    assert counts(run) == (1, 0, 0, 1)
    assert "longer than 100,000" in rejects(mina, run)[0]["rejected_reason"]


def test_letters_of_windows_are_read_and_said_to_be_a_guess(mina):
    content = (HEAD + "1,Jürgen Groß,j@example.org\n").encode("cp1252")
    page = mina.columns(mina.uploaded(content)).content.decode()
    assert "this is a guess" in page and "Jürgen Groß" in page
    mina.imported(content)
    assert Customer.objects.get().name == "Jürgen Groß"


def test_a_wrong_guess_can_be_corrected_and_a_wrong_correction_is_refused(mina):
    run = mina.uploaded((HEAD + "1,Jürgen Groß,j@example.org\n").encode())
    address = f"/admin/import/{run.reference}/columns/"
    assert "JÃ¼rgen" in mina.client.post(address, {"encoding": "cp1252"}, follow=True).content.decode()
    assert "Jürgen" in mina.client.post(address, {"encoding": "utf-8"}, follow=True).content.decode()
    assert "can be read as" in mina.client.post(address, {"encoding": "utf-7"}, follow=True).content.decode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_marks_of_encodings_are_understood(mina, encoding):
    content = (HEAD + "1,Zoë Ångström 安,z@example.org\n").encode(encoding)
    page = mina.columns(mina.uploaded(content)).content.decode()
    assert "this is a guess" not in page
    mina.imported(content)
    assert Customer.objects.get().name == "Zoë Ångström 安"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\xd8\x00", b"\xff\xfe\x00\x00a\x00\x00\x00"])
def test_broken_or_rare_encodings_are_refused(mina, content):
    assert "Save it as" in refused(mina, content)


def test_a_workbook_is_refused_and_told_how_to_save_it(mina):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 5_000_000)
    assert "CSV UTF-8 (comma delimited)" in refused(mina, packed.getvalue(), "customers.xlsx")
    assert "not a CSV file" in refused(mina, packed.getvalue(), "customers.csv")


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"\x1f\x8b\x08", b"PK\x05\x06"])
def test_other_kinds_of_files_are_refused(mina, start):
    assert "not a CSV file" in refused(mina, start + b"\0" * 64)


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,,\n"])
def test_an_empty_file_is_refused(mina, content):
    answer = mina.upload(content)
    assert answer.status_code == 422
    assert "empty" in answer.content.decode() or "Choose a file" in answer.content.decode()


def test_no_file_at_all_is_refused(mina):
    answer = mina.client.post("/admin/import/customers/new/", {"file": "just text"})
    assert answer.status_code == 422 and "Choose a file first" in answer.content.decode()


def test_what_is_too_large_is_thrown_away_while_it_arrives(mina, monkeypatch):
    monkeypatch.setattr("desk.uploads.MAX_BYTES", 1_000_000)
    stored = []
    monkeypatch.setattr(import_files, "store", lambda pieces: stored.append(pieces))
    answer = mina.upload(HEAD.encode() + b"x" * 2_000_000)
    assert answer.status_code == 422 and "larger than 50 MB" in answer.content.decode()
    assert stored == []


def test_an_announced_size_beyond_reason_is_not_read_at_all(mina):
    class Endless(io.BytesIO):
        def read(self, *args):
            raise AssertionError("It was read.")

    answer = mina.client.generic(
        "POST",
        "/admin/import/customers/new/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(HOPELESS + 1),
        **{"wsgi.input": Endless()},
    )
    assert answer.status_code in (403, 422, 400)
    assert ImportRun.objects.count() == 0


def test_more_lines_than_the_limit_are_refused(mina, monkeypatch):
    monkeypatch.setattr(csv_files, "MAX_LINES", 3)
    assert "more than 3 lines" in refused(mina, (HEAD + ASHA * 4).encode())


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "|calc", "＝1"])
def test_a_formula_is_stored_as_text_and_harmless_in_what_is_fetched(mina, cell):
    run = mina.imported(HEAD + f'1,"{cell} Rao",asha@example.org\n2,"{cell}",no-address\n')
    # Full-width signs are stored as the plain ones they look like.
    assert Customer.objects.get().name == normalize("NFKC", f"{cell} Rao").strip()
    (row,) = rejects(mina, run)
    assert row["name"].startswith("'")


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        'a";x="b.csv',
        "<script>alert(1)</script>.csv",
        "a\r\nSet-Cookie: x.csv",
        "x" * 400 + ".csv",
    ],
)
def test_the_name_of_a_file_is_only_a_label(mina, name):
    run = mina.uploaded((HEAD + ASHA).encode(), name)
    assert "/" not in run.file_name and "\\" not in run.file_name and "\n" not in run.file_name and len(run.file_name) <= 120
    assert import_files.path_of(run.stored_as).parent == import_files.folder()
    assert "<script>alert" not in mina.columns(run).content.decode()


def test_html_in_cells_and_headings_is_shown_as_text(mina):
    evil = "<img src=x onerror=alert(1)>"
    run = mina.uploaded(f"external_id,name,email,{evil}\n1,{evil},asha@example.org,{evil}\n")
    assert evil not in mina.columns(run).content.decode()
    assert evil not in mina.page(mina.checked(f"external_id,name,email\n1,{evil},asha@example.org\n2,{evil},{evil}\n"))


def test_two_headings_of_one_name_are_refused(mina):
    assert "is there twice" in refused(mina, b"email,EMAIL,name,external_id\n")


def test_a_form_with_foreign_choices_stores_nothing(mina):
    run = mina.uploaded(HEAD + ASHA)
    assert mina.name_columns(run, column_0="reference").status_code == 422
    assert mina.name_columns(run, kept='{"attributes": {"x": "no section"}}', column_0="attribute.x").status_code == 422
    assert mina.name_columns(run, kept="[1").status_code == 302


def test_a_foreign_step_is_not_found_and_a_step_needs_its_token(mina):
    run = mina.checked(HEAD + ASHA)
    assert mina.client.post(f"/admin/import/{run.reference}/", {"do": "destroy"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mina.client.cookies
    assert strict.post(f"/admin/import/{run.reference}/", {"do": "start"}).status_code == 403
    file = SimpleUploadedFile("c.csv", (HEAD + ASHA).encode())
    assert strict.post("/admin/import/customers/new/", {"file": file}).status_code == 403
