"""What is uploaded as a logo may be anything: it is refused in words, or drawn anew, and served as a picture and nothing else."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile

from campaigns import logos
from campaigns.models import Brand
from campaigns.refusals import LogoRefused
from tests.campaigns.logos import logo
from tests.campaigns.pages.test_brand_page import ADDRESS, typed
from tests.equipment.pictures import bomb, picture
from tests.security.test_images import SCRIPT, SVG


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


HOSTILE: dict[str, tuple[bytes | None, str]] = {
    "text renamed .png": (b"no picture at all", "This file is no logo that can be read. A logo is a PNG, JPEG or WebP"),
    "svg with script": (SVG, "export a drawing (SVG, PDF) as PNG"),
    "html renamed .png": (b"<!doctype html>" + SCRIPT, "This file is no logo"),
    "bomb": (None, "too many pixels; up to 40 million are possible"),
    "half a png": (logo()[:200], "This file is no logo"),
    "gif": (picture("GIF"), "This file is no logo"),
    "three megabytes": (logo() + bytes(3_000_000), "This logo has 3.0 MB; up to 2 MB are possible"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words_at_its_field_and_nothing_is_kept(administrator: Client, folder: Any, what: str) -> None:
    given, words = HOSTILE[what]
    body = bomb(20_000) if given is None else given
    assert what != "bomb" or len(body) < 2_000_000, "small to send"
    Brand.objects.create(pk=1, name="Borrowdale")
    answer = administrator.post(ADDRESS, typed(logo_file=SimpleUploadedFile("logo.png", body, content_type="image/png")))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Brand.current().logo == ""
    assert not folder.exists()


def test_a_bomb_is_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: ImageFile.ImageFile) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    body = bomb(9000)
    with pytest.raises(LogoRefused) as caught:
        logos.read(io.BytesIO(body), size=len(body))
    assert caught.value.code == "logo_too_large"


def test_what_the_file_carried_beside_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telltale Phones"
    body = logo(exif=exif, icc_profile=b"x" * 200) + SCRIPT + b"PK\x03\x04"
    kept = logos.read(io.BytesIO(body), size=len(body)).body
    assert all(word not in kept for word in (SCRIPT, b"PK\x03\x04", b"Telltale", b"eXIf", b"iCCP"))


def test_a_logo_is_served_as_a_picture_for_ever_under_what_is_in_it(client: Client, db: None) -> None:
    brand = Brand(pk=1)
    kept = logos.read(io.BytesIO(logo()), size=1)
    logos.put_on(brand, kept)
    answer = client.get(brand.logo_path)
    assert answer.content == kept.body
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert not answer.cookies


@pytest.mark.parametrize("name", ["a" * 64, "../condition/x", "..%2f..%2fsecret", "A" * 64, "a" * 63, "a" * 64 + "%00"])
def test_nothing_else_is_served_from_there(client: Client, db: None, folder: Any, name: str) -> None:
    (folder / "condition").mkdir(parents=True)
    (folder / "condition" / "x.png").write_bytes(b"secret")
    assert client.get(f"/brand/{name}.png").status_code == 404


def test_looking_at_a_logo_asks_no_database(client: Client, django_assert_num_queries: Any, db: None) -> None:
    brand = Brand(pk=1)
    logos.put_on(brand, logos.read(io.BytesIO(logo()), size=1))
    with django_assert_num_queries(0):
        assert client.get(brand.logo_path).status_code == 200
