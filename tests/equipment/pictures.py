"""Pictures for tests: honest ones, and such as somebody made up."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), mode: str = "RGB", **options: Any) -> bytes:
    """A picture with a light left half, so that turning it shows."""
    dark, light = (40, 200) if mode == "L" else ("navy", "orange")
    image = Image.new("L" if mode == "L" else "RGB", size, dark)
    image.paste(light, (0, 0, size[0] // 2, size[1]))
    image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A real PNG of `side` × `side` pixels, all alike: some 100 kB that become hundreds of megabytes."""
    row = b"\0" + bytes(side * 3)
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def upload(body: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, body, content_type="image/jpeg")
