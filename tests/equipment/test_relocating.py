"""Serving a loan from another pool than the one it was promised from."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit import actors
from audit.actors import SYSTEM
from equipment import giving_up, lending, relocating
from equipment.demand import demands
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer, make_pool

DAY = timedelta(days=1)


@pytest.fixture
def bonn(lone: Pool) -> Pool:
    return make_pool(units=1, model=lone.model, place="Bonn", open_days="1111111")


def move(loan: Loan, pool: Pool, **changes) -> None:
    relocating.move_to_pool(**{"loan": loan, "pool": pool, "reason": "Bonn has one.", "at": AT, "by": SYSTEM, **changes})


def refused(loan: Loan, pool: Pool, **changes) -> str:
    with pytest.raises(LoanRefused) as caught:
        move(loan, pool, **changes)
    return caught.value.code


def test_somebody_who_waits_gets_a_unit_of_the_other_place(lone: Pool, bonn: Pool) -> None:
    walk.to(S.HELD, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    move(waiting, bonn)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.pool, waiting.starts_at) == (S.HELD, bonn, AT)
    assert waiting.hold_expires_at == bonn.opening().after(AT, days=bonn.claim_days)
    assert walk.events(waiting.reference) == ["loan.waitlisted", "loan.moved_to_pool"]
    move(waiting, bonn)
    assert len(walk.events(waiting.reference)) == 2, "a second time changes nothing"


def test_what_it_leaves_goes_to_the_next_in_the_queue(lone: Pool, bonn: Pool) -> None:
    held = walk.to(S.HELD, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    until = held.hold_expires_at
    move(held, bonn)
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.state, held.pool, held.hold_expires_at) == (S.HELD, bonn, until)
    assert (waiting.state, waiting.pool) == (S.HELD, lone)


def test_an_unlocked_loan_has_the_days_to_collect_of_the_other_place(lone: Pool, bonn: Pool) -> None:
    loan = walk.to(S.UNLOCKED, lone)
    move(loan, bonn, at=AT + 3 * DAY)
    loan.refresh_from_db()
    assert (loan.state, loan.collect_by) == (S.UNLOCKED, bonn.collect_by(AT + 3 * DAY))
    walk.prepare(loan, at=AT + 3 * DAY)
    assert loan.unit.pool == bonn


@pytest.mark.parametrize("state", [S.READY, S.ON_LOAN, S.RETURNED, S.CLOSED, S.EXPIRED])
def test_a_loan_with_a_unit_of_its_own_or_an_end_stays_where_it_is(lone: Pool, bonn: Pool, state: S) -> None:
    assert refused(walk.to(state, lone), bonn) == "wrong_state"


def test_nothing_is_moved_to_where_nothing_is_free(lone: Pool, bonn: Pool) -> None:
    loan = walk.to(S.HELD, lone)
    walk.to(S.HELD, bonn)
    assert refused(loan, bonn) == "no_capacity"
    assert refused(loan, make_pool(units=0, place="Ulm")) == "no_capacity"
    roomy = make_pool(units=3, place="Kiel")
    walk.hold(roomy, account="spring")
    limited = walk.hold(lone, account="spring")
    assert refused(limited, roomy, limit=1) == "no_capacity"
    move(limited, roomy, limit=2)
    loan.refresh_from_db()
    assert loan.pool == lone


def test_a_hold_that_is_over_and_a_missing_reason_or_permission_are_refused(lone: Pool, bonn: Pool) -> None:
    loan = walk.to(S.HELD, lone)
    assert refused(loan, bonn, at=loan.hold_expires_at) == "hold_over"
    assert refused(loan, bonn, reason=" ") == "reason_missing"
    with pytest.raises(PermissionDenied):
        move(loan, bonn, by=actors.customer(loan.borrower.reference))


def test_a_unit_that_was_kept_is_taken_over_without_a_gap(lone: Pool, bonn: Pool) -> None:
    borrower = make_customer()
    walk.to(S.HELD, lone)
    waiting = walk.hold(lone, borrower)
    kept = walk.hold(bonn, borrower, purpose=f"{relocating.INSTEAD}1:1")
    behind = walk.hold(bonn)
    assert behind.state == S.WAITLISTED
    relocating.take_over(loan=waiting, kept=kept, at=AT, by=SYSTEM)
    for loan in (waiting, kept, behind):
        loan.refresh_from_db()
    assert (waiting.state, waiting.pool, kept.state, behind.state) == (S.HELD, bonn, S.CANCELLED, S.WAITLISTED)
    relocating.take_over(loan=waiting, kept=kept, at=AT, by=SYSTEM)
    assert walk.events(waiting.reference)[-1] == "loan.took_over"


def test_what_is_not_kept_any_more_or_for_somebody_else_cannot_be_taken_over(lone: Pool, bonn: Pool) -> None:
    loan, kept = walk.hold(lone), walk.hold(bonn)
    for _ in range(2):
        with pytest.raises(LoanRefused, match="not kept for this customer"):
            relocating.take_over(loan=loan, kept=kept, at=AT, by=SYSTEM)
        giving_up.cancel(loan=kept, reason="No.", at=AT, by=SYSTEM)


def test_a_moved_loan_can_be_given_and_nobody_is_oversold(lone: Pool, bonn: Pool) -> None:
    loan = walk.to(S.HELD, lone)
    move(loan, bonn)
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    assert walk.hold(bonn).state == S.WAITLISTED


def test_a_unit_that_we_offer_is_not_counted_as_asked_for(lone: Pool) -> None:
    walk.hold(lone)
    walk.hold(lone, purpose=f"{relocating.INSTEAD}7:1")
    assert sum(demands([lone], at=AT + DAY)[lone.pk].weeks) == 1
