"""QR codes and the card: read back by a reader that is not ours, kept for ever, and never a visit."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.test import Client

from audit.actors import Actor
from campaigns import logos
from campaigns.models import Brand, Campaign
from referrals.models import Code, Touch
from referrals.sharing import pictures
from referrals.sharing.promo_codes import choose_promo_code
from tests.campaigns.logos import logo
from tests.make import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_of_before() -> None:
    cache.clear()


def read_back(picture: Path) -> list[str]:
    """What zbar reads in a picture: the lines of all QR codes."""
    command = ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def drawn(pdf: bytes, folder: Path) -> Path:
    """The first page of a PDF at 200 dots to the inch."""
    (folder / "card.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", "card.pdf", "card"], cwd=folder, check=True)
    return folder / "card.png"


def test_the_png_is_read_back_as_the_link_by_way_of_the_qr_code(client: Client, code: Code, tmp_path: Path) -> None:
    answer = client.get(f"/r/{code.code}/qr.png")
    assert answer["Content-Type"] == "image/png"
    (tmp_path / "qr.png").write_bytes(answer.content)
    assert read_back(tmp_path / "qr.png") == [f"http://testserver/r/{code.code}/?via=qr"]


def test_the_svg_says_the_same_and_holds_no_script(client: Client, code: Code) -> None:
    answer = client.get(f"/r/{code.code}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content == pictures.svg(code)
    assert b"script" not in answer.content


def test_the_card_is_read_back_and_says_the_offer_in_words(client: Client, code: Code, herself: Actor, tmp_path: Path) -> None:
    choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=herself)
    answer = client.get(f"/r/{code.code}/card.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert read_back(drawn(answer.content, tmp_path)) == [f"http://testserver/r/{code.code}/?via=card"]
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    words = "".join(pages[0].extract_text().split())
    for said in (
        "Asha R. invites you",
        "Bring a friend, borrow a camera",
        "ASHA-CAMERA",
        "testserver/join/",
        "Terms: testserver/terms/",
    ):
        assert said.replace(" ", "") in words
    assert "Rao" not in words


def test_the_card_is_a6_with_three_millimetres_to_cut_off(client: Client, code: Code) -> None:
    page = pypdf.PdfReader(io.BytesIO(client.get(f"/r/{code.code}/card.pdf").content)).pages[0]
    millimetre = 72 / 25.4
    assert float(page.trimbox.width) == pytest.approx(148 * millimetre, abs=1)
    assert float(page.trimbox.height) == pytest.approx(105 * millimetre, abs=1)
    assert float(page.bleedbox.width) >= 154 * millimetre
    assert float(page.mediabox.width) > float(page.bleedbox.width)  # room for the marks


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffee00"])
def test_the_card_stays_readable_in_any_colour_and_with_the_longest_words(
    client: Client, code: Code, campaign: Campaign, colour: str, tmp_path: Path
) -> None:
    Brand.objects.create(pk=1, colour=colour, name="B" * 60)
    Campaign.objects.filter(pk=campaign.pk).update(headline="Wide words " * 10)
    answer = client.get(f"/r/{code.code}/card.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1
    assert read_back(drawn(answer.content, tmp_path)) == [f"http://testserver/r/{code.code}/?via=card"]


@pytest.mark.parametrize("name", ["qr.svg", "qr.png"])
def test_a_qr_code_is_kept_for_ever_and_asked_for_in_vain(client: Client, code: Code, name: str) -> None:
    answer = client.get(f"/r/{code.code}/{name}")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(f"/r/{code.code}/{name}", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not answer.cookies


def test_a_card_is_drawn_again_only_when_what_it_says_has_changed(client: Client, code: Code, campaign: Campaign) -> None:
    tag = client.get(f"/r/{code.code}/card.pdf")["ETag"]
    assert client.get(f"/r/{code.code}/card.pdf", headers={"if-none-match": tag}).status_code == 304
    Campaign.objects.filter(pk=campaign.pk).update(headline="Something new")
    assert client.get(f"/r/{code.code}/card.pdf", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("name", ["qr.svg", "qr.png", "card.pdf"])
def test_looking_at_a_picture_is_no_visit(client: Client, code: Code, name: str) -> None:
    client.get(f"/r/{code.code}/{name}")
    assert not Touch.objects.exists()


@pytest.mark.parametrize("name", ["qr.svg", "qr.png", "card.pdf"])
def test_there_is_none_of_a_code_that_nobody_has(client: Client, name: str) -> None:
    answers = [client.get(f"/r/NOSUCH{n}/{name}").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_whoever_draws_many_cards_is_slowed_down(client: Client, code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures.paper, "pdf", lambda html, pictures: b"%PDF")
    answers = [client.get(f"/r/{code.code}/card.pdf").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_card_has_the_logo_and_is_still_read_back(client: Client, code: Code, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    brand = Brand(pk=1, name="Borrowdale")
    plain = client.get(f"/r/{code.code}/card.pdf").content
    logos.put_on(brand, logos.read(io.BytesIO(logo()), size=1))
    brand.save()
    answer = client.get(f"/r/{code.code}/card.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(plain)).pages[0].images) == 0
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].images) >= 1
    assert read_back(drawn(answer.content, tmp_path)) == [f"http://testserver/r/{code.code}/?via=card"]
