"""Drawings, logo and font: ours or licensed, small, and harmless to show."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from PIL import Image

from tests.browser.drawings import DRAWN_FROM, fingerprint

STATIC = Path(settings.BASE_DIR) / "static"
MODELS = ("aero-7-camera", "tent-4", "cargo-ebike", "field-spectrometer", "projector-xl", "rowing-machine")
PICTURES = [*(f"img/models/{name}.svg" for name in MODELS), "img/logo.svg", "img/favicon.svg"]


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_stands_alone_is_small_and_styled_by_attributes(path: str) -> None:
    text = (STATIC / path).read_text()
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert len(text.encode()) <= 3_000
    assert not re.search(r"style|<script|href|<text|currentColor|class=", text)


def test_the_font_comes_with_its_licence() -> None:
    licence = (STATIC / "fonts/OFL.txt").read_text()
    assert licence.startswith("Copyright 2022 The Figtree Project Authors")
    assert "SIL OPEN FONT LICENSE" in licence


@pytest.mark.parametrize("name", MODELS)
def test_the_png_beside_a_drawing_is_drawn_from_it_and_small(name: str) -> None:
    """When this fails: `python -m tests.browser.drawings`."""
    drawing = STATIC / f"img/models/{name}.svg"
    with Image.open(drawing.with_suffix(".png")) as picture:
        assert picture.info[DRAWN_FROM] == fingerprint(drawing)
        assert picture.size == (640, 380)
    assert drawing.with_suffix(".png").stat().st_size < 12_000
