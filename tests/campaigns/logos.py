"""Logos for tests."""

import io
import random
from typing import Any

from PIL import Image, ImageDraw


def logo(size: tuple[int, int] = (640, 192), ink: str = "#1b2a49", kind: str = "PNG", **options: Any) -> bytes:
    """A mark and a bar on a transparent ground, with wide empty edges."""
    image = Image.new("RGBA", (size[0] + 200, size[1] + 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 100, 100 + size[1], 100 + size[1]), fill=ink)
    draw.rectangle((120 + size[1], 100 + size[1] // 3, 100 + size[0], 100 + 2 * size[1] // 3), fill=ink)
    return _saved(image, kind, options)


def noise(size: tuple[int, int] = (640, 192)) -> bytes:
    """A picture that no packing makes small."""
    chance = random.Random(7)
    return _saved(Image.frombytes("RGBA", size, chance.randbytes(size[0] * size[1] * 4)), "PNG", {})


def _saved(image: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    (image.convert("RGB") if kind == "JPEG" else image).save(out, kind, **options)
    return out.getvalue()
