"""Pictures that somebody uploads: judged by their header before a pixel is decoded, and handed on only to be drawn anew.

What is uploaded may be anything, whatever it is called. Nothing of the file itself is ever kept: who takes it draws it again, without
what the camera wrote beside it (place, device, owner) or what somebody hung behind it.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TypeVar

from PIL import Image, ImageFile, ImageOps

from desk.refusals import Invalid

Drawn = TypeVar("Drawn")

_FORMATS = ("JPEG", "PNG", "WEBP")
_MOVING = frozenset({"PNG", "WEBP"})
"""Formats that can move. A phone's JPEG may carry a second picture (for depth, say); the first is the picture."""
_PLAIN_MODES = frozenset({"L", "RGB", "RGBA"})


@dataclass(frozen=True)
class Taken:
    """What is taken: `word` is what such a picture is called, and the beginning of its reason codes; sizes are bytes and pixels.

    `refused` is how the app that takes it says no, `choose` what to do instead with what is none.
    """

    word: str
    most_bytes: int
    most_pixels: int
    refused: type[Invalid]
    choose: str = "Choose a JPEG, PNG or WebP."

    def too_large(self, why: str) -> Invalid:
        """Refused with `<word>_too_large`."""
        return self.refused(f"{self.word}_too_large", f"This {self.word} has {why}")

    def too_many_pixels(self) -> Invalid:
        """Refused with `<word>_too_large`, for its pixels."""
        return self.too_large(f"too many pixels; up to {self.most_pixels // 10**6} million are possible. Take a smaller one.")


def read(file: IO[bytes], *, size: int, taken: Taken, draw: Callable[[Image.Image], Drawn]) -> Drawn:
    """What `draw` makes of the picture in an upload of `size` bytes.

    Refuses with `<word>_too_large` (bytes or pixels, known before decoding), `<word>_unreadable`, or `<word>_moves`.
    """
    if size > taken.most_bytes:
        raise taken.too_large(f"{size / 1e6:.1f} MB; up to {taken.most_bytes // 10**6} MB are possible.")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # WeasyPrint, which prints the receipts, lets the whole process take half a picture for a whole one.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image = Image.open(file, formats=_FORMATS)
        _demand_fitting(image, taken)
        return draw(image)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise taken.too_many_pixels() from error
    except Exception as error:  # a decoder may fail in any way on what somebody made up
        sentence = f"This file is no {taken.word} that can be read. {taken.choose}"
        raise taken.refused(f"{taken.word}_unreadable", sentence) from error


def upright(image: Image.Image, *, longest: int) -> Image.Image:
    """The picture in colour with its transparency, as it was held, its longer side `longest` pixels at most."""
    image.draft("RGB", (longest, longest))
    small: Image.Image = image if image.mode in _PLAIN_MODES else image.convert("RGBA")
    # Made small before anything else: every further step copies what is left.
    small.thumbnail((longest, longest))
    return ImageOps.exif_transpose(small).convert("RGBA")


def _demand_fitting(image: Image.Image, taken: Taken) -> None:
    """Judged by the header alone: nothing has been decoded yet."""
    width, height = image.size
    if width * height > taken.most_pixels:
        raise taken.too_many_pixels()
    if image.format in _MOVING and getattr(image, "n_frames", 1) > 1:
        raise taken.refused(f"{taken.word}_moves", "This is a moving picture. Choose one that stands still.")
