"""The brand's logo: read with the care photos are read with, made as small as pages show it, and found by what is in it.

It is kept below `MEDIA_ROOT` under the SHA-256 of what was drawn: its address is new whenever it is another picture, and may be kept for
ever. Files of logos before stay, for mails that are out show them.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image

from campaigns.models import Brand
from campaigns.models.brand import LARGEST_LOGO
from campaigns.refusals import LogoRefused
from desk import pictures

MAX_BYTES = 2_000_000
MAX_PIXELS = 40_000_000
MOST_WEIGHT = 6_000
"""Bytes of what is kept, at most: an invitation is light with its logo, too."""

_TAKEN = pictures.Taken(
    "logo", MAX_BYTES, MAX_PIXELS, LogoRefused, "A logo is a PNG, JPEG or WebP; export a drawing (SVG, PDF) as PNG."
)
_CLOSE = 1600
"""Pixels of the longer side it is looked at with, before empty edges are cut off."""
_COLOURS = (256, 64, 16)
_SEEN, _SHARE_SEEN = 235, 0.005
"""On white paper a pixel is seen that is darker than this (of 255), and a logo of which at least this share is seen."""


@dataclass(frozen=True)
class Logo:
    """A logo drawn anew: a PNG, its SHA-256 and its size in pixels."""

    sha256: str
    width: int
    height: int
    body: bytes


def read(file: IO[bytes], *, size: int) -> Logo:
    """The logo in an upload of `size` bytes, drawn anew as a small PNG; what is transparent stays so.

    Refuses with `logo_too_large` (bytes or pixels, known before decoding), `logo_unreadable`, `logo_moves`, or `logo_unseen`.
    """
    return pictures.read(file, size=size, taken=_TAKEN, draw=_drawn_anew)


def put_on(brand: Brand, logo: Logo) -> None:
    """Keep the file, and name it in the brand, which is not saved here. A file that no brand comes to name is a few kilobytes and harmless."""
    path = path_of(logo.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(logo.body)
    brand.logo, brand.logo_width, brand.logo_height = logo.sha256, logo.width, logo.height


def take_off(brand: Brand) -> None:
    """Name no logo in the brand, which is not saved here."""
    brand.logo, brand.logo_width, brand.logo_height = "", 0, 0


def path_of(sha256: str) -> Path:
    """Where the file of a logo is."""
    return Path(settings.MEDIA_ROOT) / "brand" / f"{sha256}.png"


def body_of(sha256: str) -> bytes | None:
    """The PNG; None without a logo, and where its file is not there."""
    try:
        return path_of(sha256).read_bytes() if sha256 else None
    except FileNotFoundError:
        return None


def _drawn_anew(image: Image.Image) -> Logo:
    close = pictures.upright(image, longest=_CLOSE)
    tight = close.crop(close.getchannel("A").getbbox())
    _demand_seen(tight)
    tight.thumbnail(LARGEST_LOGO, Image.Resampling.LANCZOS)
    plain = Image.new("RGBA", tight.size)  # without what else the file carried
    plain.paste(tight)
    small, body = _light(plain)
    return Logo(hashlib.sha256(body).hexdigest(), *small.size, body)


def _demand_seen(picture: Image.Image) -> None:
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    dark = sum(paper.convert("L").histogram()[:_SEEN])
    if dark < _SHARE_SEEN * picture.width * picture.height:
        raise LogoRefused(
            "logo_unseen",
            "Nothing of this logo can be seen on white, and mails and paper are white. Choose the one made for light grounds.",
        )


def _light(picture: Image.Image) -> tuple[Image.Image, bytes]:
    """The picture with all its colours if that is light enough, else with fewer, else smaller."""
    body = _png(picture)
    for colours in _COLOURS:
        if len(body) <= MOST_WEIGHT:
            return picture, body
        body = _png(picture.quantize(colours, Image.Quantize.FASTOCTREE))
    if len(body) <= MOST_WEIGHT:
        return picture, body
    return _light(picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)), Image.Resampling.LANCZOS))


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
