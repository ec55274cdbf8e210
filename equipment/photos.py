"""Photos of the condition of a unit: read with care, made small, kept apart from everything that is public.

A photo comes from a phone and may be anything. It is looked at by its header before a pixel is decoded, drawn anew as a JPEG
without what the camera wrote beside it (place, device, owner), and kept under a random name below `MEDIA_ROOT`, where no web
server looks. What is kept is named on the trail by its SHA-256.
"""

import hashlib
import io
import secrets
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageFile, ImageOps

from audit.actors import Actor
from customers import erasing
from customers.models import Customer
from equipment.models import ConditionPhoto, Loan
from equipment.refusals import PhotoRefused

MAX_BYTES = 8_000_000
MAX_PIXELS = 40_000_000
MAX_PHOTOS = 6
"""Photos at one step."""
LONGEST_SIDE = 1600
"""Pixels of the longer side of what is kept: scratches are seen, and it weighs about 300 kB."""
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")
_KINDS = "JPEG, PNG or WebP"
_MOVING = frozenset({"PNG", "WEBP"})
"""Formats that can move. A phone's JPEG may carry a second picture (for depth, say); the first is the photo."""

_PLAIN_MODES = frozenset({"L", "RGB", "RGBA"})


@dataclass(frozen=True)
class Photo:
    """A photo drawn anew: its bytes, their SHA-256 and its size in pixels; `name` is the random name of its file."""

    name: str
    sha256: str
    width: int
    height: int
    body: bytes


def read(file: IO[bytes], *, size: int) -> Photo:
    """The photo in an upload of `size` bytes, drawn anew.

    Refuses with `photo_too_large` (bytes or pixels, known before decoding), `photo_unreadable`, or `photo_moves`.
    """
    if size > MAX_BYTES:
        raise PhotoRefused("photo_too_large", f"This photo has {size / 1e6:.1f} MB; up to {MAX_BYTES // 10**6} MB are possible.")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # WeasyPrint, which prints the receipts, lets the whole process take half a picture for a whole one.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image = Image.open(file, formats=_FORMATS)
        _demand_fitting(image)
        return _drawn_anew(image)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a decoder may fail in any way on what somebody made up
        raise PhotoRefused("photo_unreadable", f"This file is no photo that can be read. Choose a {_KINDS}.") from error


def _demand_fitting(image: Image.Image) -> None:
    """Judged by the header alone: nothing has been decoded yet."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format in _MOVING and getattr(image, "n_frames", 1) > 1:
        raise PhotoRefused("photo_moves", f"This is a moving picture. Choose a {_KINDS} that stands still.")


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        "photo_too_large", f"This photo has too many pixels; up to {MAX_PIXELS // 10**6} million are possible. Take a smaller one."
    )


def _drawn_anew(image: Image.Image) -> Photo:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    small: Image.Image = image if image.mode in _PLAIN_MODES else image.convert("RGBA")
    # Made small before anything else: every further step copies what is left.
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(small).convert("RGBA")
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    body = out.getvalue()
    return Photo(secrets.token_hex(16), hashlib.sha256(body).hexdigest(), *plain.size, body)


@contextmanager
def on_disk(photos: Sequence[Photo]) -> Iterator[None]:
    """Keep the files while a verb writes the rows that name them; afterwards files that no row names are removed.

    So nothing is left when the verb refuses, fails, or finds that all was done before.
    """
    for photo in photos:
        path = path_of(photo.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo.body)
    try:
        yield
    finally:
        names = {photo.name for photo in photos}
        kept = set(ConditionPhoto.objects.filter(name__in=names).values_list("name", flat=True)) if names else set()
        _remove(sorted(names - kept))


def keep(*, loan: Loan, moment: str, photos: Sequence[Photo], at: datetime, by: Actor) -> list[str]:
    """Write the rows of photos whose files are `on_disk`, inside the verb that records, and answer their SHA-256s."""
    ConditionPhoto.objects.bulk_create(
        [
            ConditionPhoto(
                loan=loan, unit=loan.unit, moment=moment, name=photo.name, sha256=photo.sha256, width=photo.width, height=photo.height,
                by=by.name, at=at,
            )
            for photo in photos
        ]
    )  # fmt: skip
    return [photo.sha256 for photo in photos]


def path_of(name: str) -> Path:
    """Where the file of a photo is."""
    return Path(settings.MEDIA_ROOT) / "condition" / name[:2] / f"{name}.jpg"


def remove_strays(*, before: datetime) -> int:
    """Remove files written before then that no row names (what a crash between two writes leaves). Answers how many."""
    folder = Path(settings.MEDIA_ROOT) / "condition"
    old = {path.stem for path in folder.glob("*/*.jpg") if path.stat().st_mtime < before.timestamp()}
    strays = old - set(ConditionPhoto.objects.values_list("name", flat=True))
    _remove(sorted(strays))
    return len(strays)


def forget(customer: Customer) -> None:
    """Photos of this customer's loans may show them: rows go now, files once that is committed. The trail keeps the hashes."""
    rows = ConditionPhoto.objects.filter(loan__borrower=customer)
    names = list(rows.values_list("name", flat=True))
    rows.delete()
    transaction.on_commit(partial(_remove, names))


def _remove(names: Sequence[str]) -> None:
    for name in names:
        path_of(name).unlink(missing_ok=True)


def register() -> None:
    """Have the photos of a customer forgotten with the rest."""
    erasing.register_eraser(forget)
