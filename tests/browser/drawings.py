"""Draws the PNG beside each drawing of a model, for programs that read no SVG: `python -m tests.browser.drawings`, after a drawing has changed.

Each holds the SHA-256 of the drawing it was made from, so that a test can tell when it is out of date.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "img" / "models"
WIDTH, HEIGHT = 640, 380
DRAWN_FROM = "Drawn from"


def drawings() -> Iterator[Path]:
    """Every drawing that is shipped."""
    return iter(sorted(FOLDER.glob("*.svg")))


def fingerprint(drawing: Path) -> str:
    """What a PNG made from this drawing holds."""
    return hashlib.sha256(drawing.read_bytes()).hexdigest()


def main() -> None:
    """Draw them all anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for drawing in drawings():
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{WIDTH}px}}</style>{drawing.read_text()}")
            seen = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            note = PngInfo()
            note.add_text(DRAWN_FROM, fingerprint(drawing))
            seen.quantize(64, method=Image.Quantize.FASTOCTREE).save(drawing.with_suffix(".png"), optimize=True, pnginfo=note)
        browser.close()


if __name__ == "__main__":
    main()
