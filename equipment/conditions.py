"""How a unit looked: the report written inside the verb that hands it over or takes it back, and what to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.actors import Actor
from equipment import photos
from equipment.models import ConditionPhoto, ConditionReport, Loan
from equipment.photos import Photo
from equipment.states import Grade

MOMENTS = {"out": ConditionPhoto.Moment.CHECK_OUT, "in": ConditionPhoto.Moment.CHECK_IN}


@dataclass(frozen=True)
class Seen:
    """What somebody saw on a unit: its grade, what belongs to it and is there, a note, photos whose files are on disk."""

    grade: Grade | str
    accessories: Sequence[str] = ()
    note: str = ""
    photos: Sequence[Photo] = ()


def write(*, loan: Loan, direction: str, seen: Seen, at: datetime, by: Actor) -> list[str]:
    """Write the report of a hand-over (`out`) or a return (`in`) with its photos; answers the SHA-256 of each photo."""
    ConditionReport.objects.create(
        loan=loan,
        unit=loan.unit,
        direction=direction,
        grade=seen.grade,
        accessories=list(seen.accessories),
        note=seen.note,
        by=by.name,
        at=at,
    )
    return photos.keep(loan=loan, moment=MOMENTS[direction], photos=seen.photos, at=at, by=by)


def went_out_with(loan: Loan) -> list[str]:
    """What was ticked or noted at the hand-over, so that it can be ticked again when it comes back."""
    return list(dict.fromkeys([*loan.checklist_done, *accessories_out(loan)]))


def accessories_out(loan: Loan) -> list[str]:
    """What went along with the unit that the borrower has or had last: all of this has to come back."""
    report = loan.condition_reports.filter(direction="out").last()
    return list(report.accessories) if report else []
