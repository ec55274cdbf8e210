"""Another unit for the same loan."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from audit import actors
from audit.actors import SYSTEM
from audit.models import Entry
from equipment import availability, custody, lending, returning, servicing, swapping
from equipment.conditions import Seen
from equipment.models import Exchange, Loan, Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from equipment.swapping import Swap
from tests.equipment import walk
from tests.make import AT, make_pool

DAY = timedelta(days=1)


def other(loan: Loan) -> Unit:
    unit = loan.pool.units.filter(service="in_service").exclude(loans__state__in=["ready", "on_loan"]).first()
    assert unit is not None
    return unit


def swap(unit: Unit, **changes: object) -> Swap:
    values = {"service": "quarantine", "reason": "It does not switch on.", "brought": Seen("damaged"), "given": Seen("good")}
    return Swap(unit, **{**values, **changes})  # type: ignore[arg-type]


def free(pool: Pool) -> int:
    return availability.free_now([pool], at=AT)[pool.pk].free


def test_another_unit_is_picked_before_the_hand_over(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    first, second = loan.unit, other(loan)
    swapping.pick_another(loan=loan, unit=second, reason="The battery is flat.", at=AT + DAY, by=SYSTEM)
    swapping.pick_another(loan=loan, unit=second, reason="The battery is flat.", at=AT + DAY, by=SYSTEM)
    assert (loan.state, loan.unit, first.service) == (S.READY, second, "in_service")
    assert free(pool) == 2
    assert walk.events(loan.reference)[-1] == "loan.unit_swapped"
    assert walk.events(loan.reference).count("loan.unit_swapped") == 1
    assert "loan.unit_swapped" in Entry.objects.filter(mentions__reference=first.serial).values_list("event", flat=True)
    assert first in availability.units_to_pick(walk.to(S.UNLOCKED, pool), at=AT)


def test_a_picked_unit_that_turns_out_to_be_broken_leaves_service(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    first = loan.unit
    swapping.pick_another(loan=loan, unit=other(loan), reason="The lens is cracked.", service="repair", at=AT, by=SYSTEM)
    first.refresh_from_db()
    assert first.service == "repair"
    assert free(pool) == 1


def test_a_borrower_goes_on_with_another_unit_until_the_same_day(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    walk.check_out(loan, accessories=["Charger"])
    first, second, due_at = loan.unit, other(loan), loan.due_at
    for _ in range(2):
        swapping.exchange(loan=loan, swap=swap(second), at=AT + DAY, by=SYSTEM)
    first.refresh_from_db()
    assert (loan.state, loan.unit, loan.due_at, first.service) == (S.ON_LOAN, second, due_at, "quarantine")
    assert Exchange.objects.get().reason == "It does not switch on."
    seen = [(report.direction, report.unit, report.accessories) for report in loan.condition_reports.all()]
    assert seen == [("out", first, ["Charger"]), ("in", first, []), ("out", second, ["Charger"])]
    assert walk.events(loan.reference).count("loan.unit_exchanged") == 1
    returning.check_in(loan=loan, grade="good", accessories=["Charger"], at=AT + 2 * DAY, by=SYSTEM)
    assert not loan.missing.exists()


def test_who_had_which_unit_follows_from_the_exchanges(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    units = [loan.unit.pk]
    for days in (1, 2):
        swapping.exchange(loan=loan, swap=swap(other(loan)), at=AT + days * DAY, by=SYSTEM)
        units.append(loan.unit.pk)
    walk.check_in(loan, at=AT + 5 * DAY)
    found = [(stay.unit, stay.since, stay.until) for stay in custody.stays([loan])]
    assert found == [
        (units[0], AT, AT + DAY),
        (units[1], AT + DAY, AT + 2 * DAY),
        (units[2], AT + 2 * DAY, AT + 5 * DAY),
    ]


def test_the_exchanged_unit_can_be_mended_and_lent_again(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    first = loan.unit
    swapping.exchange(loan=loan, swap=swap(other(loan)), at=AT, by=SYSTEM)
    first.refresh_from_db()
    servicing.change_service(unit=first, service="in_service", reason="A new fuse.", at=AT, by=SYSTEM)
    lending.prepare(loan=walk.to(S.UNLOCKED, pool), unit=first, at=AT, by=SYSTEM)


def test_no_promise_is_broken_by_an_exchange(db: None) -> None:
    pool = make_pool(units=2, open_days="1111111")
    loan = walk.to(S.ON_LOAN, pool)
    walk.to(S.HELD, pool)
    with pytest.raises(LoanRefused, match="Every other unit is promised") as refused:
        swapping.exchange(loan=loan, swap=swap(other(loan)), at=AT, by=SYSTEM)
    assert refused.value.code == "no_capacity"
    assert (loan.condition_reports.count(), Exchange.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("code", "changes", "at"),
    [
        ("reason_missing", {"reason": " "}, AT),
        ("service_impossible", {"service": "in_service"}, AT),
        ("service_impossible", {"service": "missing"}, AT),
        ("overdue", {}, AT + 60 * DAY),
    ],
)
def test_what_speaks_against_an_exchange_is_said(pool: Pool, code: str, changes: dict[str, object], at: object) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    with pytest.raises(LoanRefused, match=code):
        swapping.exchange(loan=loan, swap=swap(other(loan), **changes), at=at, by=SYSTEM)  # type: ignore[arg-type]


def test_units_of_other_pools_broken_ones_and_taken_ones_are_not_given(pool: Pool) -> None:
    loan, taken = walk.to(S.ON_LOAN, pool), walk.to(S.READY, pool)
    broken = other(loan)
    servicing.change_service(unit=broken, service="repair", reason="Fell.", at=AT, by=SYSTEM)
    elsewhere = make_pool(units=1).units.get()
    for unit, code in ((elsewhere, "unit_elsewhere"), (broken, "unit_out_of_service")):
        with pytest.raises(LoanRefused, match=code):
            swapping.exchange(loan=loan, swap=swap(unit), at=AT, by=SYSTEM)
        with pytest.raises(LoanRefused, match=code):
            swapping.pick_another(loan=taken, unit=unit, reason="A scratch.", at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match="unit_is_taken"):
        swapping.pick_another(loan=taken, unit=loan.unit, reason="A scratch.", at=AT, by=SYSTEM)


def test_an_exchange_asks_both_permissions_and_a_broken_unit_a_third(pool: Pool) -> None:
    dev = User.objects.create_user("dev")
    dev.user_permissions.add(Permission.objects.get(codename="check_out_loan"), Permission.objects.get(codename="prepare_loan"))
    dev = User.objects.get(pk=dev.pk)
    out, ready = walk.to(S.ON_LOAN, pool), walk.to(S.READY, pool)
    with pytest.raises(PermissionDenied):
        swapping.exchange(loan=out, swap=swap(other(out)), at=AT, by=actors.staff(dev))
    with pytest.raises(PermissionDenied):
        swapping.pick_another(loan=ready, unit=other(ready), reason="Broken.", service="repair", at=AT, by=actors.staff(dev))
    swapping.pick_another(loan=ready, unit=other(ready), reason="A scratch.", at=AT, by=actors.staff(dev))
