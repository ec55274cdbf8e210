# ruff: noqa: F401, F811 (fixtures of the desk are imported and used by name)
"""Receipts on paper: what they say, the code that brings their loan back to the desk, and what they may not reach for."""

import hashlib
import io
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns import logos
from campaigns.models import Brand
from desk import paper
from equipment import finding, lending, returning
from equipment.models import EquipmentModel, Loan
from tests.admin.conftest import approver, clock, desk, eve, signed_in_as
from tests.campaigns.logos import logo
from tests.make import AT, make_acceptance, make_customer, make_model, make_pool, make_terms, make_unit

CHECKLIST = ["Battery charged", "Strap attached"]
BODY = "Be fair. Bring it\nback clean.\n\nWhat you break you pay, at most its replacement value."


@pytest.fixture
def loan(clock: Any) -> Loan:
    """Asha's camera, handed over with everything on the list."""
    pool = make_pool(
        units=1, time_zone="Europe/Berlin", model=make_model(checklist=CHECKLIST, return_protocol="Bring it back in its bag.")
    )
    terms = make_terms("loan-terms", BODY)
    asha = make_customer("Asha <b>Rao</b>")
    loan = lending.hold(pools=[pool], borrower=asha, purpose="one", until=AT + timedelta(days=7), at=AT, by=SYSTEM, terms=terms)
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    lending.prepare(loan=loan, unit=pool.units.get(), at=AT, by=SYSTEM)
    return loan


def hand_over(loan: Loan) -> None:
    assert loan.terms is not None
    acceptance = make_acceptance(loan.borrower, loan.terms, loan.reference)
    lending.check_out(
        loan=loan, acceptance=acceptance, checklist_done=CHECKLIST, grade="good", accessories=["Spare battery"], note="Scratch <i>",
        at=AT, by=SYSTEM,
    )  # fmt: skip


def address(loan: Loan, name: str = "handover_receipt") -> str:
    return reverse(f"admin:{name}", args=[loan.reference])


def printed(client: Client, loan: Loan, name: str = "handover_receipt") -> tuple[bytes, str]:
    response = client.get(address(loan, name))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content, text_of(response.content)


def text_of(body: bytes) -> str:
    """The words of a PDF, as one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).split())


def code_in(svg: bytes) -> str:
    """What a reader sees in the drawing of a QR code, once it is a picture of dots."""
    side = int(re.search(rb'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]
    image = Image.new("L", (side * 8, side * 8), 255)
    draw = ImageDraw.Draw(image)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg.decode()):
        draw.rectangle((int(x) * 8, int(y) * 8, int(x) * 8 + 7, int(y) * 8 + 7), fill=0)
    out = io.BytesIO()
    image.save(out, "PNG")
    return read_code(Image.open(io.BytesIO(out.getvalue())))


def read_code(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def test_the_handover_receipt_says_what_was_lent_to_whom_and_under_which_terms(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    body, text = printed(desk, loan)
    assert len(pypdf.PdfReader(io.BytesIO(body)).pages) == 1, "signed where it is read"
    assert loan.unit is not None and loan.acceptance is not None
    for words in (
        "Handover receipt", finding.printed(loan), loan.pool.model.name, loan.unit.serial, "Berlin", "Monday, 2 March 2026, 13:00 CET",
        "Due back Monday, 16 March 2026", "Replacement value 900.00 EUR", "Battery charged", "Strap attached", "Spare battery", "Good",
        "Loan terms, version 1", "Be fair. Bring it back clean.", "What you break you pay", loan.acceptance.sha256,
        "Bring it back in its bag.", "by typing the name", "Borrower, date", "For Lendwell, date",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    "recipe", sorted((Path(settings.BASE_DIR) / "campaigns" / "recipes").glob("*.toml")), ids=lambda file: file.stem
)
def test_a_receipt_with_the_terms_of_a_shipped_recipe_is_signed_where_it_is_read(desk: Client, clock: Any, recipe: Path) -> None:
    model = make_model(
        checklist=["Battery and charger", "Two lenses with caps", "Strap and bag"],
        return_protocol="Take your card out. Put the camera, both lenses, charger and strap back in the bag and bring it to the desk.",
    )
    terms = make_terms("shipped-terms", tomllib.loads(recipe.read_text(encoding="utf-8"))["loan_terms"]["body"])
    loan = lending.hold(
        pools=[make_pool(units=1, model=model)], borrower=make_customer(), purpose="one", until=AT + timedelta(days=7), at=AT,
        by=SYSTEM, terms=terms,
    )  # fmt: skip
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    lending.prepare(loan=loan, unit=loan.pool.units.get(), at=AT, by=SYSTEM)
    lending.check_out(
        loan=loan, acceptance=make_acceptance(loan.borrower, terms, loan.reference), checklist_done=model.checklist, grade="good",
        at=AT, by=SYSTEM,
    )  # fmt: skip
    assert len(pypdf.PdfReader(io.BytesIO(printed(desk, loan)[0])).pages) == 1


def test_a_thing_is_worth_what_it_costs_in_its_own_currency_whatever_the_campaign_pays_in(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    EquipmentModel.objects.update(replacement_value=Decimal("1290.5"), currency="CHF")
    assert "Replacement value 1,290.50 CHF" in printed(desk, loan)[1]
    EquipmentModel.objects.update(replacement_value=0)
    text = printed(desk, loan)[1]
    assert "Replacement value" not in text and "CHF" not in text, "nobody has said it"


def test_the_accepted_terms_are_a_paper_of_their_own_with_their_hash_on_the_trail(desk: Client, loan: Loan) -> None:
    assert desk.get(address(loan, "handover_terms")).status_code == 404, "nothing is accepted yet"
    hand_over(loan)
    body, text = printed(desk, loan, "handover_terms")
    assert loan.acceptance is not None
    for words in (
        "Loan terms as accepted", "Loan terms, version 1", "by typing the name", "Monday, 2 March 2026, 13:00 CET",
        "What you break you pay, at most its replacement value.", loan.acceptance.sha256, finding.printed(loan),
    ):  # fmt: skip
        assert words in text, words
    assert printed(desk, loan, "handover_terms")[0] == body
    (entry,) = Entry.objects.filter(event="loan.receipt_printed")
    assert hashlib.sha256(body).hexdigest() in entry.data
    assert entry.sentence == "The loan terms receipt was made as a PDF."


def test_what_people_typed_is_printed_as_they_typed_it(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    _, text = printed(desk, loan)
    assert "Lent to Asha <b>Rao</b>" in text
    assert "Scratch <i>" in text


def test_the_return_receipt_says_what_came_back_and_what_did_not(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    assert desk.get(address(loan, "handover_return_receipt")).status_code == 404, "not back yet"
    returning.check_in(loan=loan, grade="worn", accessories=["Battery charged"], at=AT + timedelta(days=9), by=SYSTEM)
    _, text = printed(desk, loan, "handover_return_receipt")
    for words in (
        "Return receipt",
        "Taken back Wednesday, 11 March 2026",
        "Worn",
        "Not ticked as back: Strap attached, Spare battery",
    ):
        assert words in text, words
    assert "SHA-256" not in text, "the terms belong to the other receipt"


def test_the_code_on_the_receipt_brings_its_loan_to_the_desk(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    body, text = printed(desk, loan)
    scanned = dots(body)
    assert scanned == f"http://testserver/admin/handover/{loan.reference}/"
    for code in (scanned, finding.printed(loan)):
        assert code == scanned or code in text
        answer = desk.get(reverse("admin:handover"), {"code": code})
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/handover/{loan.reference}/")


def dots(body: bytes) -> str:
    """The QR code of a PDF: its black squares, drawn as a picture of dots and read as a scanner would."""
    squares = []
    for page in pypdf.PdfReader(io.BytesIO(body)).pages:
        squares += _black_squares(page)
    left, top = min(x for x, _ in squares), min(y for _, y in squares)
    step = 8
    side = int(max(max(x - left for x, _ in squares), max(y - top for _, y in squares))) + 1
    image = Image.new("L", ((side + 8) * step, (side + 8) * step), 255)
    draw = ImageDraw.Draw(image)
    for x, y in squares:
        spot = (round(x - left + 4) * step, round(y - top + 4) * step)
        draw.rectangle((*spot, spot[0] + step - 1, spot[1] + step - 1), fill=0)
    return read_code(image)


def _black_squares(page: Any) -> Iterator[tuple[float, float]]:
    """Corners, in modules, of squares of one module that are filled in black."""
    corner = None
    for operands, operator in page.get_contents().operations:
        if operator == b"m":
            corner, lines = (float(operands[0]), float(operands[1])), []
        elif operator == b"l" and corner:
            lines.append((float(operands[0]), float(operands[1])))
            x, y = corner
            if lines == [(x + 1, y), (x + 1, y + 1), (x, y + 1)]:
                yield corner


@pytest.mark.parametrize("text", ["http://localhost:8000/admin/handover/loan_7K2M9F3Q4TWX8ZAB/", "SN-00001"])
def test_a_code_can_be_read_by_a_scanner(text: str) -> None:
    assert code_in(paper.qr_svg(text)) == text


def test_a_receipt_can_be_read_aloud(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    body, _ = printed(desk, loan)
    root = pypdf.PdfReader(io.BytesIO(body)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert "QR code that opens this loan at the handover desk" in alternatives(root["/StructTreeRoot"])


def alternatives(node: Any) -> list[str]:
    """What is read aloud in place of pictures."""
    node = node.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        return [text for child in node for text in alternatives(child)]
    if not isinstance(node, pypdf.generic.DictionaryObject):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternatives(node.raw_get("/K")) if "/K" in node else [])


def test_the_same_facts_make_the_same_paper_and_it_is_recorded_once(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    body, _ = printed(desk, loan)
    again, _ = printed(desk, loan)
    assert again == body
    entry = Entry.objects.get(event="loan.receipt_printed")
    assert (entry.actor, entry.sentence) == ("staff:handover", "The handover receipt was made as a PDF.")
    assert hashlib.sha256(body).hexdigest() in entry.data


def test_other_facts_are_recorded_as_another_paper(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    printed(desk, loan)
    lending.extend(loan=loan, until=AT + timedelta(days=30), at=AT, by=SYSTEM)
    printed(desk, loan)
    assert Entry.objects.filter(event="loan.receipt_printed").count() == 2


def test_a_receipt_is_kept_by_no_cache_and_shows_the_brand(desk: Client, loan: Loan) -> None:
    hand_over(loan)
    Brand.objects.create(pk=1, name="Kite & Co", company="Kite Ltd", colour="#a01040")
    response = desk.get(address(loan))
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == f'inline; filename="handover-{finding.printed(loan)}.pdf"'
    assert "Kite & Co" in text_of(response.content) and "Kite Ltd" in text_of(response.content)


def test_nothing_is_drawn_inside_a_transaction(desk: Client, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over(loan)
    depth: list[int] = []
    draw, outside = paper.pdf, len(connection.savepoint_ids)

    def watched(*args: Any, **kwargs: Any) -> bytes:
        depth.append(len(connection.savepoint_ids))
        return draw(*args, **kwargs)

    monkeypatch.setattr(paper, "pdf", watched)
    printed(desk, loan)
    assert depth == [outside]
    with transaction.atomic():
        assert len(connection.savepoint_ids) > outside, "the watch would see one"


def test_there_is_no_receipt_before_the_hand_over_and_none_for_a_stranger(desk: Client, loan: Loan) -> None:
    assert desk.get(address(loan)).status_code == 404
    assert desk.get("/admin/handover/loan_0000000000000000/receipt.pdf").status_code == 404


def test_only_the_desk_prints_receipts(approver: Client, client: Client, loan: Loan) -> None:
    hand_over(loan)
    assert approver.get(address(loan)).status_code == 403
    assert client.get(address(loan)).status_code == 302
    assert not Entry.objects.filter(event="loan.receipt_printed").exists()


def test_the_auditor_reads_receipts_and_changes_nothing_by_it(eve: Client, loan: Loan) -> None:
    hand_over(loan)
    before = Loan.objects.filter(pk=loan.pk).values().get()
    assert loan.borrower.name in printed(eve, loan)[1]
    assert printed(eve, loan, "handover_terms")[0]
    assert not Entry.objects.filter(event="loan.receipt_printed").exists()
    assert Loan.objects.filter(pk=loan.pk).values().get() == before
    assert eve.post(address(loan)).status_code == 403


def test_what_the_auditor_read_is_recorded_when_the_desk_prints_it(eve: Client, desk: Client, loan: Loan) -> None:
    hand_over(loan)
    body, _ = printed(eve, loan)
    assert printed(desk, loan)[0] == body
    entry = Entry.objects.get(event="loan.receipt_printed")
    assert entry.actor == "staff:handover" and hashlib.sha256(body).hexdigest() in entry.data


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/x.svg", "file:///etc/hostname", "file:///etc/passwd", "static/../config/settings/base.py",
     "static/%2e%2e/manage.py", "https://paper.invalid/static//etc/hostname", "drawn/other.svg", "data:text/plain,hello",
     "ftp://127.0.0.1/x", "//127.0.0.1:{port}/x.svg", "static/css/print.css.map", "static/js/handover.js"],
)  # fmt: skip
def test_paper_reaches_for_nothing_but_our_own_static_files(url: str, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []
    look = paper._looked_up

    def watched(url: str, pictures: Any) -> Any:
        try:
            found = look(url, pictures)
        except ValueError:
            asked.append((url, False))
            raise
        asked.append((url, True))
        return found

    monkeypatch.setattr(paper, "_looked_up", watched)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *a, **k: pytest.fail("it went out"))
    target = url.format(port=live_server.thread.port)
    html = f'<html lang="en"><title>x</title><img src="{target}" alt="x"><link rel="stylesheet" href="{target}"><p>Here</p>'
    assert "Here" in text_of(paper.pdf(html))
    assert [answered for _, answered in asked if answered] == []


def test_our_own_stylesheet_and_font_are_used() -> None:
    html = '<html lang="en"><title>x</title><link rel="stylesheet" href="static/css/print.css"><p>Here</p>'
    fonts = pypdf.PdfReader(io.BytesIO(paper.pdf(html))).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert any("Figtree" in str(font.get_object()["/BaseFont"]) for font in fonts.values())


def test_every_unit_has_a_label_whose_code_is_its_serial_number(desk: Client, eve: Client, loan: Loan) -> None:
    unit = loan.pool.units.get()
    make_unit(loan.pool, serial="GONE-1", service="retired")
    url = reverse("admin:unit_labels", args=[loan.pool_id])
    body = desk.get(url).content
    assert unit.serial in text_of(body) and "GONE-1" not in text_of(body)
    assert dots(body) == unit.serial
    assert url in desk.get(reverse("admin:equipment_pool_change", args=[loan.pool_id])).content.decode()
    assert unit.serial in text_of(eve.get(url).content) and eve.post(url).status_code == 403
    assert desk.get(reverse("admin:unit_labels", args=[make_pool(units=0, place="Bonn").pk])).status_code == 404


def test_a_receipt_with_a_logo_has_it_and_is_no_longer_than_without(
    desk: Client, loan: Loan, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    hand_over(loan)
    brand = Brand(pk=1, name="Borrowdale")
    brand.save()
    plain = {name: pypdf.PdfReader(io.BytesIO(printed(desk, loan, name)[0])) for name in ("handover_receipt", "handover_terms")}
    logos.put_on(brand, logos.read(io.BytesIO(logo()), size=1))
    brand.save()
    for name, before in plain.items():
        after = pypdf.PdfReader(io.BytesIO(printed(desk, loan, name)[0]))
        assert (len(before.pages[0].images), len(after.pages[0].images) >= 1) == (0, True)
        assert len(after.pages) == len(before.pages)
        ends = [[word for word in page.extract_text().split()][-20:] for page in (before.pages[0], after.pages[0])]
        assert ends[0] == ends[1], "the page ends where it ended"
