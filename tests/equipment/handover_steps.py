"""The steps at the handover desk as tests take them: what is filled in on the page of a loan, and what it answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from equipment import progress
from equipment.models import Loan
from tests.admin.conftest import At
from tests.make import make_campaign, make_customer, make_model, make_pool
from tests.stories import give, issue_to, sign_up, verify

CHECKLIST = ["Battery charged", "Strap attached"]
DESK = "/admin/handover/"
BULK = "/admin/handover/bulk/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def loans(clock: At) -> list[Loan]:
    """Three unlocked loans of three cameras."""
    campaign = make_campaign(pool=make_pool(units=3, model=make_model(checklist=CHECKLIST)), both_sides=False)
    found = []
    for name in ("Asha Rao", "Chloe Lund", "Dev Patel"):
        referral = sign_up(issue_to(make_customer(name), campaign), f"Friend{name[0]} of {name}")
        verify(referral)
        give(referral)
        found.append(Loan.objects.get(promise__referral=referral))
    return found


@pytest.fixture
def loan(loans: list[Loan]) -> Loan:
    return loans[0]


def page(loan: Loan) -> str:
    return reverse("admin:handover_loan", args=[loan.reference])


def step(client: Client, loan: Loan, name: str, *, seen: str = "", **data: Any) -> Any:
    """Make a step from the page as it is now (or as it was `seen`) and answer the page that follows."""
    loan.refresh_from_db()
    answer = client.post(page(loan), {"step": name, "seen": seen or progress.stamp(loan), **data}, follow=True)
    loan.refresh_from_db()
    return answer


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def prepare(client: Client, loan: Loan) -> Any:
    return step(client, loan, "prepare", unit=loan.pool.units.exclude(loans__state__in=["ready", "on_loan", "returned"])[0].pk)


def yes(loan: Loan, **changes: Any) -> dict[str, Any]:
    """What is filled in at the check-out."""
    assert loan.terms is not None
    data = {"version": loan.terms.current().pk, "typed_name": loan.borrower.name, "checklist": CHECKLIST, "grade": "good"}  # type: ignore[union-attr]
    return {**data, "accessories": "Spare battery", "note": "", **changes}


def check_out(client: Client, loan: Loan, **changes: Any) -> Any:
    return step(client, loan, "check-out", **yes(loan, **changes))


def check_in(client: Client, loan: Loan, **changes: Any) -> Any:
    return step(client, loan, "check-in", **{"grade": "good", "accessories": [*CHECKLIST, "Spare battery"], **changes})


def lend(client: Client, loan: Loan) -> Loan:
    prepare(client, loan)
    check_out(client, loan)
    assert loan.state == "on_loan"
    return loan
