"""The brand's colours: any two are taken, and what is written in them can be read."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import Brand
from config.branding import contrast, mix, palette, stylesheet

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
CSS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()


def tokens_after(start: str) -> dict[str, str]:
    """The tokens of the first block after `start`."""
    block = CSS.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"(--[a-z0-9-]+): ([^;]+);", block))


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_mixing_goes_from_one_to_the_other() -> None:
    assert (mix("#102030", "#ffffff", 0), mix("#102030", "#ffffff", 1)) == ("#102030", "#ffffff")


@given(COLOURS)
def test_every_colour_can_be_read_on_light_and_on_dark(colour: str) -> None:
    for ground, towards in (("#f3f5f4", "#06231d"), ("#171f1c", "#ffffff")):
        made = palette(colour, ground, towards)
        assert contrast(made["--brand"], ground) >= 4.5
        assert contrast(made["--brand"], made["--brand-soft"]) >= 4.5
        assert contrast(made["--on-brand"], made["--brand"]) >= 4.5


def test_the_built_in_colours_need_no_stylesheet(db: None) -> None:
    assert stylesheet(Brand()) == ""
    assert "brand.css" not in Client().get("/").content.decode()


def test_a_page_asks_for_the_colours_under_a_name_that_changes_with_them(db: None) -> None:
    brand = Brand.objects.create(pk=1, name="Borrowdale", colour="#224488")
    first = re.findall(r"/brand\.css\?[0-9a-f]{12}", Client().get("/").content.decode())
    brand.colour = "#442288"
    brand.save()
    second = re.findall(r"/brand\.css\?[0-9a-f]{12}", Client().get("/").content.decode())
    assert len(first) == len(second) == 1
    assert first != second
    answer = Client().get(second[0])
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    assert "--brand: #442288;" in answer.content.decode()
    assert not answer.cookies


def test_the_brand_is_named_on_every_page(db: None) -> None:
    Brand.objects.create(pk=1, name="Borrowdale", company="Borrowdale Ltd", support_email="help@borrowdale.example")
    for path in ("/", "/join/", "/no/such/page/"):
        words = Client().get(path).content.decode()
        assert "· Borrowdale</title>" in words
        assert "help@borrowdale.example" in words
        assert "Lendwell" not in words


def test_both_lists_of_dark_tokens_are_the_same() -> None:
    follows_system = tokens_after(':root:not([data-theme="light"])')
    assert follows_system == tokens_after(':root[data-theme="dark"]')
    assert set(follows_system) < set(tokens_after("}\n\n:root"))
