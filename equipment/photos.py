"""Photos of the condition of a unit: read with care, made small, kept apart from everything that is public.

A photo comes from a phone and may be anything. It is read by `desk.pictures`, drawn anew as a JPEG, and kept under a random name below
`MEDIA_ROOT`, where no web server looks. What is kept is named on the trail by its SHA-256.
"""

import hashlib
import io
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from PIL import Image

from audit.actors import Actor
from customers import erasing
from customers.models import Customer
from desk import pictures
from equipment.models import ConditionPhoto, Loan
from equipment.refusals import PhotoRefused

MAX_BYTES = 8_000_000
MAX_PIXELS = 40_000_000
MAX_PHOTOS = 6
"""Photos at one step."""
LONGEST_SIDE = 1600
"""Pixels of the longer side of what is kept: scratches are seen, and it weighs about 300 kB."""
_QUALITY = 82
_TAKEN = pictures.Taken("photo", MAX_BYTES, MAX_PIXELS, PhotoRefused)


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
    return pictures.read(file, size=size, taken=_TAKEN, draw=_drawn_anew)


def _drawn_anew(image: Image.Image) -> Photo:
    upright = pictures.upright(image, longest=LONGEST_SIDE)
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
