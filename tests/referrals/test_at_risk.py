"""Promises that cannot be kept as things stand, and only those."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import Entry
from equipment import servicing
from equipment.models import Loan, Pool, Unit
from equipment.states import LoanState, Service
from referrals import fixes, jobs
from referrals.at_risk import promises_at_risk
from referrals.models import Promise, Risk
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import hand_over, issue_to, sign_up, verify

SOON = AT + timedelta(minutes=10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=2)


@pytest.fixture
def code(pool: Pool):
    return issue_to(make_customer(), make_campaign(pool=pool, both_sides=False))


def take_out_of_service(unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(service=Service.REPAIR)


def found(at=SOON) -> list[tuple[Promise, str]]:
    return [(one.promise, one.reason) for one in promises_at_risk(at=at)]


def promise_of(referral) -> Promise:
    return referral.promises.get()


def test_a_promise_with_its_unit_is_not_at_risk(code) -> None:
    for name in ("Ben Okoro", "Chloe Lund"):
        sign_up(code, name)
    assert found() == []


def test_when_a_unit_leaves_service_the_latest_promise_is_at_risk(code, pool: Pool) -> None:
    sign_up(code, "Ben Okoro")
    late = sign_up(code, "Chloe Lund", AT + timedelta(minutes=1))
    take_out_of_service(pool.units.order_by("pk")[0])
    assert found() == [(promise_of(late), "1 unit is in service, and 2 are out or promised on 2 Mar 2026.")]
    take_out_of_service(pool.units.order_by("pk")[1])
    assert len(found()) == 2


def test_what_is_overdue_puts_the_promise_after_it_at_risk(code, pool: Pool) -> None:
    out = hand_over_first(code, pool)
    take_out_of_service(pool.units.order_by("pk")[1])
    assert out.due_at is not None
    next_one = sign_up(code, "Chloe Lund", out.due_at + timedelta(days=40))
    # The pool has no room, so the friend waits; held by hand, as if promised before the other unit broke.
    loan = promise_of(next_one).loan
    at = out.due_at + timedelta(days=41)
    Loan.objects.filter(pk=loan.pk).update(
        state=LoanState.HELD, starts_at=at, hold_expires_at=at + timedelta(days=5), blocked_until=at + timedelta(days=30)
    )
    assert [reason for _, reason in found(at)] == [
        f"1 unit is in service, and 2 are out or promised on {at:%-d %b %Y}, 1 of them overdue."
    ]


def hand_over_first(code, pool: Pool) -> Loan:
    referral = verify(sign_up(code, "Ben Okoro"))
    loan = promise_of(referral).loan
    Loan.objects.filter(pk=loan.pk).update(state=LoanState.UNLOCKED, unlocked_at=AT, collect_by=AT + timedelta(days=7))
    return hand_over(loan, pool.units.order_by("pk")[0])


def test_a_place_in_a_queue_that_moves_is_not_at_risk_until_the_friend_has_qualified(code) -> None:
    for name in ("Ben Okoro", "Chloe Lund"):
        sign_up(code, name)
    waiting = sign_up(code, "Dora Maar")
    assert promise_of(waiting).loan.state == LoanState.WAITLISTED
    assert found() == []
    verify(waiting)
    assert found() == [(promise_of(waiting), "The friend qualified on 2 Mar 2026, and the loan still waits in the queue.")]


def test_a_queue_of_a_pool_without_units_never_moves(code, pool: Pool) -> None:
    for name in ("Ben Okoro", "Chloe Lund"):
        sign_up(code, name)
    waiting = sign_up(code, "Dora Maar")
    Pool.objects.filter(pk=pool.pk).update(reserve=2)
    reasons = dict(found())
    assert "no unit can be promised" in reasons[promise_of(waiting)]


def test_a_unit_back_in_service_takes_the_risk_away(code, pool: Pool) -> None:
    for name in ("Ben Okoro", "Chloe Lund"):
        sign_up(code, name)
    unit = pool.units.order_by("pk")[0]
    take_out_of_service(unit)
    assert len(found()) == 1
    unit.refresh_from_db()
    servicing.change_service(unit=unit, service=Service.IN_SERVICE, reason="Repaired.", at=SOON, by=SYSTEM)
    assert found() == []


def test_it_takes_as_many_queries_for_many_promises_as_for_one(code, pool: Pool) -> None:
    sign_up(code, "Ben Okoro")
    one = queries()
    for number in range(6):
        sign_up(issue_to(make_customer(), make_campaign(pool=make_pool(units=1))), f"Friend{number} Lund")
    assert queries() == one


def queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        promises_at_risk(at=SOON)
    return len(captured)


def test_a_turn_that_comes_later_than_was_said_is_at_risk_and_breaks_on_that_day(code, pool: Pool) -> None:
    sign_up(code, "Ben Okoro")
    sign_up(code, "Chloe Lund")
    waiting = promise_of(sign_up(code, "Dora Maar"))
    assert found() == [] and waiting.promised_by is not None
    Promise.objects.filter(pk=waiting.pk).update(promised_by=AT + timedelta(days=2))
    ((late, reason),) = found()
    assert late == waiting and reason.startswith("It was said to be there by 4 Mar 2026; as things stand its turn comes about ")
    assert promises_at_risk(at=SOON)[0].breaks_at == AT + timedelta(days=2)


def test_what_is_at_risk_is_noted_once_and_noted_safe_when_it_is_over(code, pool: Pool) -> None:
    for name in ("Ben Okoro", "Chloe Lund"):
        sign_up(code, name)
    unit = pool.units.order_by("pk")[0]
    take_out_of_service(unit)
    assert jobs.watch_promises(SOON) == {"at_risk": 1, "safe": 0, "failed": 0}
    jobs.watch_promises(SOON + timedelta(hours=1))
    risk = Risk.objects.get()
    assert (risk.noted_at, risk.breaks_at) == (SOON, SOON + timedelta(hours=1))
    unit.refresh_from_db()
    servicing.change_service(unit=unit, service=Service.IN_SERVICE, reason="Repaired.", at=SOON, by=SYSTEM)
    assert jobs.watch_promises(SOON) == {"at_risk": 0, "safe": 1, "failed": 0}
    told = list(
        Entry.objects.filter(event__in=["promise.at_risk", "promise.safe_again"]).order_by("id").values_list("event", flat=True)
    )
    assert told == ["promise.at_risk", "promise.safe_again"]


def test_fixes_are_ranked_from_what_costs_the_customer_nothing(code, pool: Pool) -> None:
    hand_over_first(code, pool)
    at_risk_one = promise_of(sign_up(code, "Chloe Lund"))
    bonn = make_pool(units=2, model=pool.model, place="Bonn")
    drones = make_pool(units=1)
    make_pool(units=0, place="Ulm")
    take_out_of_service(pool.units.order_by("pk")[1])
    board = promises_at_risk(at=SOON)
    assert [one.promise for one in board] == [at_risk_one]
    helping = fixes.fixes_of(board, at=SOON)[at_risk_one.pk]
    assert [(fix.kind, fix.pool) for fix in helping] == [
        (fixes.SWAP, bonn), (fixes.SUBSTITUTE, drones), (fixes.ASK_BACK, None), (fixes.EXTEND_NONE, None), (fixes.SLOW, None),
    ]  # fmt: skip
    assert helping[2].label == f"Ask for an early return of unit {pool.units.order_by('pk')[0]}"
    later = fixes.fixes_of(board, at=AT + timedelta(days=60))[at_risk_one.pk]
    assert [fix.kind for fix in later] == [fixes.SWAP, fixes.SUBSTITUTE, fixes.ASK_BACK, fixes.SLOW]
    assert "it is overdue since" in later[2].why
