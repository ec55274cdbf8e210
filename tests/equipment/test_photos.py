"""Photos of units: kept with the step at which they were taken, seen by those who may, forgotten with the person."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM, Actor
from audit.models import Entry
from customers import erasing
from equipment import jobs, lending, photos, returning
from equipment.models import ConditionPhoto, Loan, Pool
from equipment.refusals import LoanRefused
from tests.equipment.pictures import picture, upload
from tests.make import AT, make_acceptance, make_customer, make_terms

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def loan(pool: Pool) -> Loan:
    """Asha's loan with a unit that stands ready."""
    terms = make_terms("loan-terms")
    loan = lending.hold(pools=[pool], borrower=make_customer(), purpose="one", until=AT + 7 * DAY, at=AT, by=SYSTEM, terms=terms)
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    lending.prepare(loan=loan, unit=pool.units.all()[0], at=AT, by=SYSTEM)
    return loan


def taken(count: int = 1) -> list[photos.Photo]:
    return [photos.read(upload(picture()), size=1000) for _ in range(count)]


def check_out(loan: Loan, some: list[photos.Photo], by: Actor = SYSTEM) -> None:
    terms = loan.terms
    assert terms is not None
    acceptance = loan.acceptance or make_acceptance(loan.borrower, terms, loan.reference)
    with photos.on_disk(some):
        lending.check_out(loan=loan, acceptance=acceptance, checklist_done=[], grade="good", photos=some, at=AT, by=by)


def files(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.rglob("*.jpg"))


def test_a_photo_is_kept_and_named_on_the_trail_by_its_hash(loan: Loan, folder: Path) -> None:
    (photo,) = taken()
    check_out(loan, [photo])
    row = loan.photos.get()
    assert (row.moment, row.by, row.at, row.width, row.height) == ("check_out", "system", AT, 320, 240)
    assert hashlib.sha256(photos.path_of(row.name).read_bytes()).hexdigest() == row.sha256
    assert row.sha256 in Entry.objects.get(event="loan.checked_out").data
    assert files(folder) == [row.name]


def test_each_moment_keeps_its_own(loan: Loan) -> None:
    check_out(loan, taken(2))
    back, inspected = taken(), taken()
    with photos.on_disk(back):
        returning.check_in(loan=loan, grade="worn", photos=back, at=AT + DAY, by=SYSTEM)
    with photos.on_disk(inspected):
        returning.close(loan=loan, photos=inspected, at=AT + 2 * DAY, by=SYSTEM)
    assert list(loan.photos.values_list("moment", flat=True)) == ["check_out", "check_out", "check_in", "inspect"]


def test_a_fault_keeps_its_photos_too(loan: Loan) -> None:
    check_out(loan, [])
    returning.check_in(loan=loan, grade="damaged", at=AT + DAY, by=SYSTEM)
    some = taken()
    with photos.on_disk(some):
        returning.find_fault(loan=loan, service="repair", reason="Cracked.", photos=some, at=AT + DAY, by=SYSTEM)
    assert loan.photos.get().moment == "inspect"


def test_nothing_is_left_when_the_step_is_refused(loan: Loan, folder: Path) -> None:
    some = taken()
    with pytest.raises(LoanRefused), photos.on_disk(some):
        returning.check_in(loan=loan, grade="good", photos=some, at=AT, by=SYSTEM)
    assert files(folder) == [] and not ConditionPhoto.objects.exists()


def test_nothing_is_left_when_somebody_may_not(loan: Loan, folder: Path) -> None:
    with pytest.raises(PermissionDenied):
        check_out(loan, taken(), by=Actor("staff:eve"))
    assert files(folder) == []


def test_the_same_step_again_keeps_the_first_photos_only(loan: Loan, folder: Path) -> None:
    check_out(loan, taken())
    check_out(loan, taken())
    assert files(folder) == [loan.photos.get().name]


def test_a_person_is_forgotten_with_the_photos_and_the_hashes_stay(
    loan: Loan, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    check_out(loan, taken())
    sha256 = loan.photos.get().sha256
    returning.check_in(loan=loan, grade="good", at=AT + DAY, by=SYSTEM)
    returning.close(loan=loan, at=AT + DAY, by=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(customer=loan.borrower, reason="Asked by the person.", at=AT + 2 * DAY, by=SYSTEM)
    assert files(folder) == [] and not ConditionPhoto.objects.exists()
    assert sha256 in Entry.objects.get(event="loan.checked_out").data


def test_only_the_photos_of_that_person_are_forgotten(loan: Loan, folder: Path) -> None:
    check_out(loan, taken())
    photos.forget(make_customer("Ben Okoro"))
    assert files(folder) == [loan.photos.get().name]


def test_files_that_no_row_names_are_swept_after_a_day(loan: Loan, folder: Path) -> None:
    check_out(loan, taken())
    old, fresh = photos.path_of("ab" * 16), photos.path_of("cd" * 16)
    for path in (old, fresh):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left by a crash")
    kept = photos.path_of(loan.photos.get().name)
    for path in (old, kept):
        os.utime(path, (0, 0))
    assert jobs.remove_stray_photos() == {"removed": 1}
    assert files(folder) == sorted([fresh.stem, kept.stem])
    assert jobs.remove_stray_photos() == {"removed": 0}
