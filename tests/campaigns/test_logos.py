"""A logo is drawn anew: small, light, tight, with what is transparent; and found by what is in it."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from PIL import Image

from campaigns import logos
from campaigns.models import Brand
from campaigns.refusals import LogoRefused
from tests.campaigns.logos import logo, noise


def read(body: bytes) -> logos.Logo:
    return logos.read(io.BytesIO(body), size=len(body))


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def test_a_logo_is_kept_as_a_small_png_without_its_empty_edges() -> None:
    kept = read(logo())
    picture = opened(kept.body)
    assert (picture.format, picture.size) == ("PNG", (kept.width, kept.height))
    assert (kept.width, kept.height) == (319, 96)
    assert picture.convert("RGBA").getchannel("A").getbbox() == (0, 0, 319, 96)


def test_what_is_transparent_stays_transparent() -> None:
    assert opened(read(logo()).body).convert("RGBA").getpixel((160, 2))[3] == 0  # type: ignore[index]


def test_a_small_logo_is_not_made_larger() -> None:
    kept = read(logo((40, 20)))
    assert (kept.width, kept.height) == (41, 21)


@pytest.mark.parametrize("body", [logo(), noise(), noise((700, 700)), noise((96, 96))])
def test_a_logo_weighs_six_kilobytes_at_most(body: bytes) -> None:
    assert len(read(body).body) <= 6_000


def test_the_same_picture_has_the_same_name_and_another_another() -> None:
    assert read(logo()).sha256 == read(logo(kind="WEBP", lossless=True)).sha256
    assert read(logo()).sha256 != read(logo(ink="#1b2a50")).sha256


def test_a_jpeg_is_taken_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = read(logo(kind="JPEG", exif=exif))
    assert kept.height == 96 and kept.width < 96


@pytest.mark.parametrize("ink", ["#ffffff", "#fafafa", "#ffffff00"])
def test_a_logo_that_nobody_sees_on_white_is_refused_with_what_to_choose(ink: str) -> None:
    with pytest.raises(LogoRefused) as caught:
        read(logo(ink=ink))
    assert (caught.value.code, caught.value.status) == ("logo_unseen", 422)
    assert "made for light grounds" in caught.value.sentence


def test_a_yellow_one_is_seen() -> None:
    assert read(logo(ink="#ffd400"))


def test_it_is_put_on_and_taken_off(db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    brand, kept = Brand(pk=1), read(logo())
    logos.put_on(brand, kept)
    brand.save()
    brand.full_clean()
    assert logos.body_of(Brand.current().logo) == kept.body
    assert Brand.current().logo_shown == (160, 48)
    logos.take_off(brand)
    brand.save()
    assert (Brand.current().logo_path, Brand.current().logo_address) == ("", "")
    assert logos.body_of(kept.sha256) == kept.body, "mails that are out still show it"


def test_a_logo_without_a_size_cannot_be_stored(db: None) -> None:
    for wrong in ({"logo": "a" * 64}, {"logo_width": 3, "logo_height": 3}, {"logo": "a" * 64, "logo_width": 321, "logo_height": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Brand.objects.create(pk=1, **wrong)


@pytest.mark.parametrize(
    ("field", "colour", "said"),
    [
        ("colour", "#ffcc00", "a contrast of 1.31 to 1 on a light page"),
        ("colour", "#767676", "a contrast of 3.62 to 1 on a light page"),
        ("colour_dark", "#224488", "a contrast of 1.71 to 1 on a dark page"),
    ],
)
def test_a_colour_in_which_nobody_can_read_is_refused_with_its_ratio_and_the_nearest_that_works(
    field: str, colour: str, said: str
) -> None:
    brand = Brand(pk=1, **{field: colour})
    with pytest.raises(ValidationError) as caught:
        brand.clean_fields()
    [sentence] = caught.value.message_dict[field]
    assert f"Text in {colour} has {said}" in sentence
    offered = sentence.rstrip(".").split()[-1]
    Brand(pk=1, **{field: offered}).clean_fields()


def test_the_built_in_colours_are_readable() -> None:
    Brand(pk=1).clean_fields()


def test_something_that_is_no_colour_is_refused_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Brand(pk=1, colour="red").clean_fields()
    assert caught.value.message_dict["colour"] == ["Write a colour as #rrggbb in lower case."]
