# ruff: noqa: F401, F811 (fixtures are imported and used by name)
"""Several units taken back at once, each by itself."""

import pytest
from django.test import Client

from audit.models import Entry
from equipment import finding
from equipment.models import Loan
from tests.admin.conftest import At, clock, desk, signed_in_as
from tests.equipment.handover_steps import BULK, CHECKLIST, check_in, folder, lend, loan, loans, step, words, yes


def test_several_are_taken_back_at_once_each_by_itself(desk: Client, loans: list[Loan]) -> None:
    first, second, third = (lend(desk, loan) for loan in loans)
    check_in(desk, third)
    codes = f"{first.unit}\r\n\r\n{finding.printed(first)}\r\n{finding.printed(second)}\r\n{third.unit}\r\nNO-SUCH-1\r\n"
    answer = desk.post(BULK, {"codes": codes})
    text = words(answer)
    assert "2 of 4 can be checked in" in text, "two codes of one loan are one loan"
    assert "No loan and no unit has this code." in text
    assert "This was checked in already." in text and "That was handover" in text
    assert {loan.state for loan in Loan.objects.filter(pk__in=[first.pk, second.pk])} == {"on_loan"}, (
        "nothing before it is confirmed"
    )

    confirm = {
        "step": "confirm", "loan": [first.reference, second.reference], f"grade_{first.reference}": "good",
        f"grade_{second.reference}": "worn", f"complete_{first.reference}": "yes",
    }  # fmt: skip
    text = words(desk.post(BULK, confirm))
    assert text.count("Checked in. Inspect it next.") == 2
    assert first.condition_reports.get(direction="in").accessories == [*CHECKLIST, "Spare battery"]
    report = second.condition_reports.get(direction="in")
    assert (report.grade, report.accessories) == ("worn", [])
    entries = Entry.objects.filter(event="loan.checked_in").count()
    text = words(desk.post(BULK, confirm))
    assert text.count("This was checked in already.") == 2
    assert Entry.objects.filter(event="loan.checked_in").count() == entries


def test_one_that_fails_leaves_the_others_done(desk: Client, loans: list[Loan]) -> None:
    first, second = lend(desk, loans[0]), lend(desk, loans[1])
    confirm = {"step": "confirm", "loan": [first.reference, "loan_0000000000000000", second.reference]}
    text = words(desk.post(BULK, {**confirm, f"grade_{first.reference}": "nonsense", f"grade_{second.reference}": "good"}))
    assert text.count("This could not be read.") == 2
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state) == ("on_loan", "returned")


@pytest.mark.parametrize(("codes", "says"), [(" \r\n ", "Scan or type at least one code."), ("\n".join(map(str, range(101))), "These are 101 codes")])  # fmt: skip
def test_nothing_and_too_much_are_refused_and_what_was_typed_stays(desk: Client, clock: At, codes: str, says: str) -> None:
    answer = desk.post(BULK, {"codes": codes})
    assert answer.status_code == 422 and says in words(answer)
    assert codes.split()[-1:] == answer.context["text"].split()[-1:]
