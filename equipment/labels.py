"""Labels for the units of a pool: the serial number in words and as a QR code that the handover desk scans."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk import paper
from equipment.models import Pool, Unit
from equipment.states import Service


@dataclass(frozen=True)
class Label:
    """One label; `picture` is the name of its QR code on the sheet."""

    unit: Unit
    picture: str


def labels(pool: Pool) -> list[Label]:
    """A label for each unit of the pool that is not retired, by serial number."""
    units = pool.units.exclude(service=Service.RETIRED).order_by("serial")
    return [Label(unit, f"label-{n}.svg") for n, unit in enumerate(units, start=1)]


def draw(html: str, sheet: Sequence[Label]) -> bytes:
    """The sheet as a PDF, from the text of its template."""
    return paper.pdf(html, pictures={label.picture: paper.qr_svg(label.unit.serial) for label in sheet})
