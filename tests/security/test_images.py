"""What is uploaded as a photo may be anything: it is judged by its header, and only what was drawn anew is kept."""

import io
import resource
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageFile

from equipment import photos
from equipment.refusals import PhotoRefused
from tests.equipment.pictures import bomb, picture

GPS = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def read(body: bytes) -> photos.Photo:
    return photos.read(io.BytesIO(body), size=len(body))


def refusal(body: bytes) -> str:
    with pytest.raises(PhotoRefused) as caught:
        read(body)
    return caught.value.code


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every picture whose pixels are decoded while the test runs."""
    found: list[Any] = []
    load = ImageFile.ImageFile.load

    def watched(self: ImageFile.ImageFile) -> Any:
        found.append(self.size)
        return load(self)

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    yield found


@pytest.mark.parametrize("side", [9000, 13_000])
def test_a_bomb_is_refused_by_its_header_and_never_decoded(side: int, decoded: list[Any]) -> None:
    body = bomb(side)
    assert len(body) < 2_000_000, "small to send"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(body) == "photo_too_large"
    assert decoded == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kilobytes"


def test_the_watch_sees_what_is_decoded(decoded: list[Any]) -> None:
    read(picture())
    assert decoded


@pytest.mark.parametrize(("side", "fits"), [(6324, True), (6325, False)])
def test_forty_million_pixels_are_the_limit(side: int, fits: bool) -> None:
    body = picture("PNG", (side, side), "L")
    if fits:
        assert max(read(body).width, read(body).height) == photos.LONGEST_SIDE
    else:
        assert refusal(body) == "photo_too_large"


def test_nine_megabytes_are_refused_before_they_are_looked_at() -> None:
    class Unread(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(PhotoRefused) as caught:
        photos.read(Unread(), size=9_000_000)
    assert (caught.value.code, caught.value.status) == ("photo_too_large", 422)


def test_what_hangs_behind_a_photo_is_left_behind() -> None:
    kept = read(picture() + SCRIPT + b"PK\x03\x04")
    assert SCRIPT not in kept.body and b"PK\x03\x04" not in kept.body


def test_a_script_in_a_comment_is_left_behind() -> None:
    assert SCRIPT not in read(picture(comment=SCRIPT)).body


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_the_place_where_it_was_taken_and_the_device_are_gone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telltale Phones"
    exif.get_ifd(0x8825).update(GPS)
    body = picture(kind, exif=exif)
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(0x8825), "it was there"
    kept = read(body)
    assert b"Telltale" not in kept.body and b"Exif" not in kept.body
    assert dict(Image.open(io.BytesIO(kept.body)).getexif()) == {}


def test_a_photo_taken_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = read(picture(size=(320, 240), exif=exif))
    assert (kept.width, kept.height) == (240, 320)
    turned = Image.open(io.BytesIO(kept.body))
    red, _, blue = turned.getpixel((120, 20))  # type: ignore[misc]
    assert red > blue, "what was left is on top now"


@pytest.mark.parametrize(
    "body",
    [SVG, b"", b"GIF89a" + SCRIPT, b"%PDF-1.7 " + SCRIPT, picture("GIF"), picture("BMP"), picture("TIFF"), picture("ICO"), picture()[:200],
     picture("PNG")[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 40],
    ids=["svg", "nothing", "gif with script", "pdf", "gif", "bmp", "tiff", "ico", "half a jpeg", "half a png", "empty png", "empty jpeg"],
)  # fmt: skip
@pytest.mark.parametrize("others_take_halves", [False, True], ids=["alone", "beside a library that takes halves"])
def test_whatever_is_no_photo_is_refused_whatever_it_is_called(
    body: bytes, others_take_halves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", others_take_halves)
    assert refusal(body) == "photo_unreadable"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    assert refusal(out.getvalue()) == "photo_moves"


def test_a_phone_jpeg_with_a_second_picture_is_a_photo() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")])
    assert (read(out.getvalue()).width, read(out.getvalue()).height) == (40, 30)


def test_whatever_comes_in_a_jpeg_goes_out() -> None:
    for body in (
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="L"),
        picture("WEBP"),
        picture("PNG", mode="P"),
        picture(mode="CMYK"),
    ):
        kept = Image.open(io.BytesIO(read(body).body))
        assert (kept.format, kept.mode) == ("JPEG", "RGB")


def test_names_are_random() -> None:
    assert len({read(picture()).name for _ in range(5)}) == 5
