"""From a page to a PDF, tagged so that it can be read aloud, and QR codes for it.

What is drawn may only use static files of ours, the pictures it is given and those that stand in the page itself: no network, no other file. Nothing in it depends
on the clock, so that the same page makes the same bytes. It takes a second: never inside a transaction.
"""

import io
import os
from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import qrcode
from django.contrib.staticfiles import finders
from PIL import Image

BASE = "https://paper.invalid/"
"""Addresses below it are looked up here; none of them exists anywhere (RFC 2606)."""
_STATIC = f"{BASE}static/"
_DRAWN = f"{BASE}drawn/"
_HELD = "data:image/png;base64,"
"""An address that holds the picture itself (RFC 2397)."""


def pdf(html: str, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The page as PDF/UA-1. `pictures` are SVGs by name, used as `drawn/<name>`; static files are used as `static/<path>`."""
    press = _press()
    document = press.HTML(string=html, base_url=BASE, url_fetcher=_fetcher()(pictures or {}))
    body: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return body


def qr_svg(text: str) -> bytes:
    """`text` as a QR code with the quiet zone of four modules that readers need; error correction M (15 %)."""
    rows = _modules(text)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, cells in enumerate(rows) for x, is_dark in enumerate(cells) if is_dark)
    box = f"0 0 {len(rows)} {len(rows)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" shape-rendering="crispEdges">'
        f'<path fill="#ffffff" d="M0 0H{len(rows)}V{len(rows)}H0z"/><path fill="#000000" d="{path}"/></svg>'
    ).encode()


def qr_png(text: str, *, dots: int = 20) -> bytes:
    """The same code as a picture of black and white, `dots` pixels to a module."""
    rows = _modules(text)
    small = Image.new("1", (len(rows), len(rows)), 1)
    small.putdata([not is_dark for cells in rows for is_dark in cells])
    file = io.BytesIO()
    small.resize((len(rows) * dots, len(rows) * dots), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


def _modules(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows


@cache
def _press() -> Any:
    # Fonts are cut to the letters used, and the tool that does it writes the time into them unless it is told one.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    # Half a second and a few libraries of the system: loaded when the first page is drawn, not by every command.
    return import_module("weasyprint")


@cache
def _fetcher() -> Any:
    urls = import_module("weasyprint.urls")

    class Fetcher(urls.URLFetcher):  # type: ignore[name-defined]
        """Gives static files of ours and pictures of this page; everything else is refused before it is looked for."""

        def __init__(self, pictures: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=[])
            self._pictures = pictures

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The file behind an address, or an error that leaves it out."""
            kind, body = _looked_up(url, self._pictures)
            return urls.URLFetcherResponse(url, body, {"Content-Type": kind})

    return Fetcher


_KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def _looked_up(url: str, pictures: Mapping[str, bytes]) -> tuple[str, bytes]:
    if url.startswith(_HELD):
        return "image/png", b64decode(url.removeprefix(_HELD), validate=True)
    name = url.removeprefix(_DRAWN)
    if url.startswith(_DRAWN) and name in pictures:
        return "image/svg+xml", pictures[name]
    path = url.removeprefix(_STATIC)
    kind = _KINDS.get(Path(path).suffix)
    found = finders.find(path) if url.startswith(_STATIC) and kind and ".." not in path else None
    if not found or kind is None:
        raise ValueError(f"Paper uses nothing but our own static files; this is not one: {url}")
    return kind, Path(str(found)).read_bytes()
