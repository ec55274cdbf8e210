"""The brand on every page: its name for templates, and its colours as a small stylesheet.

The page of the brand takes only colours in which text can be read. Whatever is stored all the same stays readable here, because a
colour is darkened or lightened until it has the contrast that WCAG 2.2 asks of text (4.5 to 1) on the ground it stands on.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from campaigns import logos
from campaigns.models import Brand
from desk.colours import DARK_GROUND, INK, LIGHT_GROUND, READABLE, SOFT, WHITE, legibility, mix, on

_STEPS = 40
_NOT_CHOSEN_LIGHT, _CHOSEN_DARK = ':root:not([data-theme="light"])', ':root[data-theme="dark"]'


class PageBrand:
    """What templates may say of the brand, read from the database once, and only on pages that ask."""

    @cached_property
    def stored(self) -> Brand:
        """The brand record."""
        return Brand.current()

    @cached_property
    def on_colour(self) -> str:
        """White or ink: what can be read on the brand's colour, on paper and in pictures."""
        return on(self.stored.colour)

    @cached_property
    def logo_data(self) -> str:
        """The logo as an address that holds it (RFC 2397), for paper, which fetches nothing; empty without one."""
        body = logos.body_of(self.stored.logo)
        return f"data:image/png;base64,{base64.b64encode(body).decode()}" if body else ""

    def __getattr__(self, name: str) -> object:
        return getattr(self.stored, name)

    @cached_property
    def stylesheet(self) -> str:
        """The address of the brand's colours, new whenever they change; empty while they are the built-in ones."""
        css = stylesheet(self.stored)
        return f"{reverse('brand_css')}?{hashlib.sha256(css.encode()).hexdigest()[:12]}" if css else ""


def brand(request: HttpRequest) -> dict[str, PageBrand]:
    """Context processor: `brand` in every template."""
    return {"brand": PageBrand()}


def stylesheet(record: Brand) -> str:
    """The brand's colours as CSS, or nothing while they are the built-in ones."""
    plain = Brand()
    if (record.colour, record.colour_dark) == (plain.colour, plain.colour_dark):
        return ""
    light, dark = palette(record.colour, LIGHT_GROUND, INK), palette(record.colour_dark, DARK_GROUND, WHITE)
    follows_system = _block(_NOT_CHOSEN_LIGHT, dark)
    return f"{_block(':root', light)}@media (prefers-color-scheme: dark) {{\n{follows_system}}}\n{_block(_CHOSEN_DARK, dark)}"


def palette(colour: str, ground: str, towards: str) -> dict[str, str]:
    """The four brand tokens for a ground, all made of one colour. `towards` is where more contrast lies."""
    main = readable(colour, ground, towards)
    return {
        "--brand": main,
        "--brand-strong": mix(main, towards, 0.3),
        "--brand-soft": mix(ground, main, SOFT),
        "--on-brand": on(main),
    }


def readable(colour: str, ground: str, towards: str) -> str:
    """`colour`, moved no further `towards` than it takes to be read on `ground` and on a soft tint of itself."""
    for step in range(_STEPS + 1):
        moved = mix(colour, towards, step / _STEPS)
        if legibility(moved, ground) >= READABLE:
            return moved
    return towards


def _block(selector: str, tokens: Mapping[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in tokens.items())
    return f"{selector} {{\n{lines}}}\n"
