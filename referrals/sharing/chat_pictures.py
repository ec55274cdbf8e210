"""The picture a chat shows beside a shared link (https://ogp.me): the brand, the offer and the thing.

Drawn once per campaign, language and version.
"""

import hashlib
import io
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.urls import reverse
from django.utils.translation import get_language
from PIL import Image, ImageDraw, ImageFont, ImageOps

from campaigns import logos
from campaigns.models import Brand, Campaign
from campaigns.states import CampaignState
from desk.colours import WHITE, mix, on

WIDTH, HEIGHT = 1200, 630
_FONT = "fonts/figtree.woff2"
_EDGE, _COLUMN = 80, 590
_ACROSS = WIDTH - 2 * _EDGE
_SIZES = (84, 72, 60, 50)
_MOST_LINES, _MOST_HIGH, _LEADING = 4, 330, 1.12
_CARD = (400, 290)
_LOGO = (320, 72)
_KEPT = 64
_STYLE = "3"
"""Part of every version: count it up when the picture is drawn differently."""

_PUBLIC = (CampaignState.LIVE, CampaignState.PAUSED, CampaignState.ENDED)
"""Campaigns whose words are out; those of others are nobody's business yet."""


def public_campaign(slug: str) -> Campaign | None:
    """The campaign that may be shown in chats."""
    return Campaign.objects.select_related("equipment_model").filter(slug=slug, state__in=_PUBLIC).first()


def version_of(campaign: Campaign, brand: Brand) -> str:
    """A word that changes with what the picture shows, and that names the language spoken now, in which it says it."""
    text = "\n".join([_STYLE, *_words(campaign, brand)])
    return f"{get_language()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def language_of(version: str, campaign: Campaign) -> str:
    """The language that a version names; the campaign's own for one that names none, as old addresses do."""
    named = version.rpartition("-")[0]
    return named if named in dict(settings.LANGUAGES) else campaign.language


def address_of(campaign: Campaign) -> str:
    """The full address of the picture, which chats ask for from elsewhere."""
    path = reverse("chat_picture", args=[campaign.slug, version_of(campaign, Brand.current())])
    return f"{settings.SITE_URL}{path}"


def draw(campaign: Campaign, brand: Brand) -> bytes:
    """The picture as PNG, 1200 by 630 pixels."""
    return _drawn(*_words(campaign, brand))


def _words(campaign: Campaign, brand: Brand) -> tuple[str, str, str, str, str, str]:
    model = campaign.equipment_model
    return brand.name, brand.logo, brand.colour, str(campaign.offer), str(model.called()), model.drawing


@lru_cache(maxsize=_KEPT)
def _drawn(name: str, logo: str, colour: str, headline: str, item: str, drawing: str) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), colour)
    pen, ink = ImageDraw.Draw(picture), on(colour)
    plate = _plate(logo, colour)
    if plate is None:
        pen.text((_EDGE, _EDGE), _fitting(name, 40, _ACROSS), font=_font(40, 700), fill=ink)
    else:
        picture.paste(plate, (_EDGE, _EDGE - 40))
    lines, size = _wrapped(headline)
    top = (HEIGHT - len(lines) * size * _LEADING) / 2
    for number, line in enumerate(lines):
        pen.text((_EDGE, top + number * size * _LEADING), line, font=_font(size, 800), fill=ink)
    pen.text((_EDGE, HEIGHT - _EDGE - 36), _fitting(item, 36, _ACROSS), font=_font(36, 500), fill=mix(ink, colour, 0.15))
    thing = _thing(drawing)
    side = _bell(colour, ink) if thing is None else _card(thing, colour)
    picture.paste(side, (WIDTH - _EDGE - side.width, (HEIGHT - side.height) // 2))
    file = io.BytesIO()
    picture.quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()


def _wrapped(text: str) -> tuple[list[str], int]:
    """The headline in as large letters as fit, in four lines at most and clear of what stands above and below; what does not fit even so ends in dots."""
    lines, size = [text], _SIZES[0]
    for size in _SIZES:
        lines = _broken(text, size)
        if len(lines) <= _MOST_LINES and len(lines) * size * _LEADING <= _MOST_HIGH:
            return lines, size
    kept = lines[: _MOST_LINES - 1]
    return [*kept, _fitting(" ".join(lines[_MOST_LINES - 1 :]), size, _COLUMN)], size


def _broken(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _font(size, 800).getlength(longer) <= _COLUMN:
            lines[-1] = longer
        else:
            lines.append(_fitting(word, size, _COLUMN))
    return lines or [""]


def _fitting(text: str, size: int, width: int) -> str:
    """The text, cut where it would run out of its column."""
    text = text[:200]
    if _font(size, 800).getlength(text) <= width:
        return text
    while text and _font(size, 800).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _thing(drawing: str) -> Image.Image | None:
    """The drawing of the model as a picture: the PNG beside it, for nothing here reads SVG. None where there is none."""
    try:
        found = finders.find(str(Path(drawing).with_suffix(".png"))) if drawing else None
        if not found:
            return None
        with Image.open(str(found)) as picture:
            return picture.convert("RGBA")
    except (SuspiciousFileOperation, OSError, ValueError):
        # A picture never fails by what stands in a field.
        return None


def _plate(logo: str, ground: str) -> Image.Image | None:
    """The logo on white, for it keeps its own colours; None without one."""
    body = logos.body_of(logo)
    if body is None:
        return None
    with Image.open(io.BytesIO(body)) as small:
        drawn = ImageOps.contain(small.convert("RGBA"), _LOGO, Image.Resampling.LANCZOS)
    plate = _rounded((drawn.width + 40, drawn.height + 28), WHITE, ground, radius=14)
    plate.paste(drawn, (20, 14), drawn)
    return plate


def _rounded(size: tuple[int, int], fill: str, ground: str, *, radius: int) -> Image.Image:
    """A plate with round corners; drawn four times too large and made small, so that they are smooth."""
    large = Image.new("RGB", (size[0] * 4, size[1] * 4), ground)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), radius=radius * 4, fill=fill)
    return large.resize(size, Image.Resampling.LANCZOS)


def _card(thing: Image.Image, ground: str) -> Image.Image:
    """The thing on a light card, as on the page."""
    card = _rounded(_CARD, mix(WHITE, ground, 0.06), ground, radius=28)
    small = ImageOps.contain(thing, (_CARD[0] - 48, _CARD[1] - 48), Image.Resampling.LANCZOS)
    card.paste(small, ((card.width - small.width) // 2, (card.height - small.height) // 2), small)
    return card


def _bell(ground: str, ink: str) -> Image.Image:
    """The mark of the product, drawn four times too large and made small, so that its edges are smooth."""
    side, scale = 300, 4 * 300 / 32
    large = Image.new("RGB", (side * 4, side * 4), ground)
    pen = ImageDraw.Draw(large)

    def scaled(*edges: float) -> list[float]:
        return [edge * scale for edge in edges]

    pen.rounded_rectangle(scaled(0, 0, 32, 32), radius=8 * scale, fill=mix(ground, ink, 0.12))
    pen.pieslice(scaled(7, 11, 25, 29), 180, 360, fill=ink)
    pen.rounded_rectangle(scaled(5, 22, 27, 24.6), radius=1.3 * scale, fill=ink)
    pen.ellipse(scaled(13.8, 6, 18.2, 10.4), fill=ink)
    return large.resize((side, side), Image.Resampling.LANCZOS)


@lru_cache(maxsize=16)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    found = finders.find(_FONT)
    font = ImageFont.truetype(str(Path(str(found))), size)
    font.set_variation_by_axes([weight])
    return font
