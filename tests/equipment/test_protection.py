"""What the database itself refuses, whoever asks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from desk import triggers
from equipment import protection
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT

DAY = timedelta(days=1)


def problems() -> list[str]:
    return [str(message.msg) for message in run_checks(tags=[Tags.database], databases=["default"])]


def drop_the_overlap_protection() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {protection.TABLE} DROP CONSTRAINT {protection.CONSTRAINT}")
        else:
            cursor.execute("DROP TRIGGER loan_no_overlap_update")


@pytest.fixture
def without_the_unique_index(db: None) -> Iterator[None]:
    """The partial unique index would speak first; within this test (rolled back) only the overlap protection is there."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX loan_one_present_per_unit")
    yield


def test_after_migrating_everything_is_there(db: None) -> None:
    assert problems() == []


def test_a_dropped_protection_is_reported_by_the_check_and_put_back_by_migrate(db: None) -> None:
    drop_the_overlap_protection()
    (problem,) = problems()
    assert "loan_no_overlap_update" in problem or protection.CONSTRAINT in problem
    protection.install_constraint()
    triggers.install()
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_migrate_itself_puts_the_protection_back() -> None:
    drop_the_overlap_protection()
    call_command("migrate", verbosity=0)
    assert problems() == []


def test_without_databases_the_check_does_not_look(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert protection.check_constraint(databases=None) == []


def present_twice(pool: Pool, **changes: Any) -> None:
    """Name the unit of a loan that is out in a second loan, past every verb."""
    first = walk.to(S.ON_LOAN, pool)
    values: dict[str, Any] = {"starts_at": AT + DAY, "blocked_until": AT + 5 * DAY} | changes
    second = Loan(
        pool=pool,
        unit=first.unit,
        borrower=first.borrower,
        purpose="twice",
        state=S.READY,
        created_at=AT,
        unlocked_at=AT,
        collect_by=AT + DAY,
        ready_at=AT,
        **values,
    )
    with transaction.atomic():
        second.save()


def test_one_unit_is_never_present_in_two_loans(lone: Pool) -> None:
    with pytest.raises(IntegrityError):
        present_twice(lone, starts_at=AT + 100 * DAY, blocked_until=AT + 101 * DAY)


@pytest.mark.usefixtures("without_the_unique_index")
def test_loans_of_one_unit_never_overlap(lone: Pool) -> None:
    with pytest.raises(IntegrityError, match=protection.CONSTRAINT):
        present_twice(lone)
    later = Loan.objects.get().blocked_until
    other = walk.to(S.WAITLISTED, lone)
    with pytest.raises(IntegrityError, match=protection.CONSTRAINT), transaction.atomic():
        Loan.objects.filter(pk=other.pk).update(
            state=S.READY,
            unit=lone.units.get(),
            unlocked_at=AT,
            collect_by=AT,
            ready_at=AT,
            starts_at=later - timedelta(seconds=1),
            blocked_until=later + DAY,
        )


@pytest.mark.usefixtures("without_the_unique_index")
def test_a_unit_may_leave_at_the_instant_its_time_is_over(lone: Pool) -> None:
    present_twice(lone, starts_at=lone.blocked_by_hand_over(AT), blocked_until=AT + 100 * DAY)
    assert Loan.objects.present().count() == 2


@pytest.mark.parametrize(
    ("state", "constraint", "changes"),
    [
        (S.HELD, "loan_blocks_a_real_interval", {"blocked_until": AT}),
        (S.HELD, "loan_taking_capacity_has_an_interval", {"starts_at": None, "blocked_until": None}),
        (S.HELD, "loan_held_until_an_instant", {"hold_expires_at": None}),
        (S.UNLOCKED, "loan_unlocked_waits_until_an_instant", {"collect_by": None}),
        (S.READY, "loan_present_has_a_unit", {"unit": None}),
        (S.READY, "loan_ready_since_an_instant", {"ready_at": None}),
        (S.ON_LOAN, "loan_handed_over_with_accepted_terms", {"acceptance": None}),
        (S.ON_LOAN, "loan_due_never_earlier", {"due_at": AT}),
        (S.RETURNED, "loan_returned_after_hand_over", {"returned_at": AT - DAY}),
        (S.UNRESOLVED, "loan_given_up_with_a_reason", {"reason": ""}),
        (S.CANCELLED, "loan_given_up_with_a_reason", {"reason": ""}),
        (S.CLOSED, "loan_ended_at_an_instant", {"ended_at": None}),
        (S.LOST, "loan_ended_at_an_instant", {"ended_at": None}),
    ],
)
def test_a_state_and_its_evidence_cannot_part(lone: Pool, state: S, constraint: str, changes: dict[str, Any]) -> None:
    loan = walk.to(state, lone)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(**changes)


def test_who_waits_has_a_place_and_no_unit(lone: Pool) -> None:
    walk.to(S.HELD, lone)
    loan = walk.to(S.WAITLISTED, lone)
    with pytest.raises(IntegrityError, match="loan_waitlisted_has_a_place_and_no_unit"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(unit=lone.units.get())


def test_a_pool_is_open_on_one_day_at_least_in_a_zone_that_exists(pool: Pool) -> None:
    with pytest.raises(IntegrityError, match="pool_open_one_day_a_week_at_least"), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(open_days="0000000")
    pool.time_zone, pool.open_days = "Mars/Olympus", "0000000"
    with pytest.raises(Exception, match="no time zone") as refused:
        pool.full_clean()
    assert set(refused.value.message_dict) >= {"time_zone", "open_days"}
