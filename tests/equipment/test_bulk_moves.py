# ruff: noqa: F401, F811 (fixtures of the desk are imported and used by name)
"""Many loans and many units at once, after a summary."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from tests.admin.conftest import As, At, clock, desk, signed_in_as
from tests.equipment import walk
from tests.make import AT, make_pool

LOANS, UNITS = "admin:equipment_loan_changelist", "admin:equipment_unit_changelist"


@pytest.fixture
def pool(clock: At) -> Pool:
    return make_pool(units=4, open_days="1111111")


def post(client: Client, name: str, **data: object) -> str:
    return client.post(reverse(name), data, follow=True).content.decode()


def keys(*rows: Loan) -> str:
    return ",".join(str(row.pk) for row in rows)


def test_several_loans_are_extended_by_so_many_days(desk: Client, pool: Pool) -> None:
    first, second, held = walk.to(S.ON_LOAN, pool), walk.to(S.ON_LOAN, pool), walk.to(S.HELD, pool)
    summary = post(desk, LOANS, move="extend", rows=[first.pk, second.pk, held.pk])
    assert "2 loans can go on" in summary and "1 will be refused" in summary and "Overdue among them" in summary
    done = post(desk, LOANS, move="extend", chosen=keys(first, second, held), confirmed="1", days="7")
    assert "2 extended." in done and "1 refused: " in done
    for loan in (first, second):
        loan.refresh_from_db()
        assert pool.opening().last_day(loan.due_at) == date(2026, 3, 23)


def test_an_overdue_loan_is_extended_from_today(desk: Client, clock: At, pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    clock(AT + timedelta(days=20))
    post(desk, LOANS, move="extend", chosen=keys(loan), confirmed="1", days="3")
    loan.refresh_from_db()
    assert pool.opening().last_day(loan.due_at) == date(2026, 3, 25)


def test_units_are_picked_for_several_loans_as_far_as_there_are_any(desk: Client, pool: Pool) -> None:
    loans = [walk.to(S.UNLOCKED, pool) for _ in range(3)]
    pool.units.filter(pk__in=pool.units.order_by("id").values_list("pk", flat=True)[:2]).update(service="repair")
    summary = post(desk, LOANS, move="prepare", rows=[loan.pk for loan in loans])
    assert "3 to pick, 2 free on the shelf" in summary
    done = post(desk, LOANS, move="prepare", chosen=keys(*loans), confirmed="1")
    assert "2 ready." in done and "free to be picked now" in done
    assert Loan.objects.filter(state=S.READY).count() == 2


def test_several_loans_are_cancelled_with_one_reason(desk: Client, pool: Pool) -> None:
    loans = [walk.to(S.HELD, pool) for _ in range(2)]
    done = post(desk, LOANS, move="cancel", chosen=keys(*loans), confirmed="1", reason="The campaign was a mistake.")
    assert "2 cancelled." in done
    assert set(Loan.objects.values_list("state", "reason")) == {("cancelled", "The campaign was a mistake.")}


def test_several_units_change_their_status_and_what_is_lent_is_left_out(desk: Client, pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    units = list(pool.units.order_by("id"))
    summary = post(desk, UNITS, move="service", rows=[unit.pk for unit in units])
    assert f"It belongs to loan {loan.reference}." in summary and "3 free now, 3 chosen" in summary
    chosen = ",".join(str(unit.pk) for unit in units)
    done = post(desk, UNITS, move="service", chosen=chosen, confirmed="1", service="repair", reason="A recall by the maker.")
    assert "3 changed." in done and "1 refused: " in done
    assert pool.units.filter(service="repair").count() == 3


def test_who_may_not_extend_is_not_offered_it(signed_in_as: As, pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    approver = signed_in_as("Approver")
    assert approver.post(reverse(LOANS), {"move": "extend", "rows": [loan.pk]}).status_code == 403
