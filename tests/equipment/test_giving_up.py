"""Loans that end before any unit is handed over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit import actors
from audit.actors import SYSTEM
from equipment import giving_up
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer

DAY = timedelta(days=1)
GIVING_UP: list[tuple[S, S, Callable[[Loan], None]]] = [
    (S.HELD, S.CANCELLED, lambda loan: giving_up.cancel(loan=loan, reason="A mistake.", at=AT, by=SYSTEM)),
    (S.UNLOCKED, S.CANCELLED, lambda loan: giving_up.cancel(loan=loan, reason="A mistake.", at=AT, by=SYSTEM)),
    (S.READY, S.CANCELLED, lambda loan: giving_up.cancel(loan=loan, reason="A mistake.", at=AT, by=SYSTEM)),
    (S.UNLOCKED, S.DECLINED, lambda loan: giving_up.decline(loan=loan, reason="No need.", at=AT, by=SYSTEM)),
    (S.READY, S.DECLINED, lambda loan: giving_up.decline(loan=loan, reason="No need.", at=AT, by=SYSTEM)),
    (S.READY, S.NO_SHOW, lambda loan: giving_up.mark_no_show(loan=loan, at=loan.collect_by, by=SYSTEM)),
    (S.HELD, S.EXPIRED, lambda loan: giving_up.expire(loan=loan, at=loan.hold_expires_at, by=SYSTEM)),
]


@pytest.mark.parametrize(("start", "end", "give_up"), GIVING_UP)
def test_what_is_given_up_goes_to_the_next_in_the_queue_and_a_second_call_is_harmless(
    lone: Pool, start: S, end: S, give_up: Callable[[Loan], None]
) -> None:
    loan = walk.to(start, lone)
    waiting, later = walk.to(S.WAITLISTED, lone), walk.to(S.WAITLISTED, lone)
    before = len(walk.events(loan.reference))
    give_up(loan)
    give_up(loan)
    waiting.refresh_from_db()
    later.refresh_from_db()
    assert (loan.state, loan.unit, waiting.state, later.state) == (end, None, S.HELD, S.WAITLISTED)
    assert loan.ended_at is not None
    assert len(walk.events(loan.reference)) == before + 1
    assert walk.events(waiting.reference) == ["loan.waitlisted", "loan.promoted"]


def test_someone_who_waits_can_be_cancelled(lone: Pool) -> None:
    walk.to(S.HELD, lone)
    loan = walk.to(S.WAITLISTED, lone)
    giving_up.cancel(loan=loan, reason="Moved abroad.", at=AT, by=SYSTEM)
    assert (loan.state, loan.reason) == (S.CANCELLED, "Moved abroad.")


def test_a_borrower_may_cancel_and_decline_their_own_loan_only(pool: Pool) -> None:
    ben, chloe = make_customer("Ben Frost"), make_customer("Chloe")
    loan = walk.hold(pool, ben)
    with pytest.raises(PermissionDenied):
        giving_up.cancel(loan=loan, reason="Mine now.", at=AT, by=actors.customer(chloe.reference))
    with pytest.raises(PermissionDenied):
        giving_up.decline(loan=loan, reason="Mine now.", at=AT, by=actors.customer(chloe.reference))
    giving_up.cancel(loan=loan, reason="No time.", at=AT, by=actors.customer(ben.reference))
    assert loan.state == S.CANCELLED


def test_a_hold_that_still_runs_does_not_expire(pool: Pool) -> None:
    loan = walk.to(S.HELD, pool)
    with pytest.raises(LoanRefused, match="hold_still_runs"):
        giving_up.expire(loan=loan, at=loan.hold_expires_at - timedelta(seconds=1), by=SYSTEM)


def test_nobody_is_a_no_show_while_there_is_still_time(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    with pytest.raises(LoanRefused, match="still_time"):
        giving_up.mark_no_show(loan=loan, at=loan.collect_by - timedelta(seconds=1), by=SYSTEM)


def test_uncollected_units_are_proposed_to_the_custodian(pool: Pool) -> None:
    loan = walk.to(S.READY, pool)
    assert list(Loan.objects.uncollected(AT)) == []
    assert list(Loan.objects.uncollected(loan.collect_by)) == [loan]


def test_an_unlocked_loan_no_longer_expires(pool: Pool) -> None:
    loan = walk.to(S.UNLOCKED, pool)
    with pytest.raises(LoanRefused, match="wrong_state"):
        giving_up.expire(loan=loan, at=AT + 100 * DAY, by=SYSTEM)
