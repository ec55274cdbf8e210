"""Holding a unit, or a place in the queue."""

from datetime import date, timedelta

import pytest

from audit.actors import SYSTEM
from equipment import giving_up, lending, servicing
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_customer, make_model, make_pool

WEEK = timedelta(days=7)


def test_a_free_unit_is_held(pool: Pool) -> None:
    asha = make_customer("Asha Rao")
    loan = walk.hold(pool, asha)
    assert (loan.state, loan.borrower, loan.pool, loan.unit) == (S.HELD, asha, pool, None)
    assert loan.hold_expires_at == AT + WEEK
    assert "3 of 3" in loan.reason
    assert walk.events(loan.reference) == ["loan.held"]


def test_a_hold_blocks_the_longest_time_the_loan_can_take(pool: Pool) -> None:
    # Held until Monday the 9th, 7 days to collect, 14 days of loan, 2 of turnaround.
    loan = walk.hold(pool)
    assert loan.blocked_until is not None
    assert pool.opening().last_day(loan.blocked_until) == date(2026, 4, 1)


def test_with_nothing_free_there_is_a_place_in_the_queue_and_a_reason(lone: Pool) -> None:
    walk.hold(lone)
    second, third = walk.hold(lone), walk.hold(lone)
    assert (second.state, second.place_at_joining, third.place_at_joining) == (S.WAITLISTED, 1, 2)
    assert "held for others" in second.reason
    assert second.starts_at is None
    assert walk.events(second.reference) == ["loan.waitlisted"]


def test_the_same_purpose_gets_the_same_loan_and_records_nothing_more(pool: Pool) -> None:
    ben = make_customer("Ben Frost")
    first = walk.hold(pool, ben, purpose="ref_1:referee")
    second = walk.hold(pool, ben, purpose="ref_1:referee", at=AT + WEEK)
    assert first.pk == second.pk
    assert Loan.objects.count() == 1
    assert walk.events(first.reference) == ["loan.held"]


def test_the_same_purpose_over_other_pools_meets_the_unique_constraint(
    pool: Pool, lone: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = make_customer("Ben Frost")
    first = walk.hold(pool, ben, purpose="ref_1:referee")
    # As if the other transaction had committed just after the look.
    monkeypatch.setattr(Loan.objects, "filter", _blind_once(Loan.objects.filter))
    assert walk.hold(lone, ben, purpose="ref_1:referee") == first


def _blind_once(look):
    calls = []

    def filter_(*args, **kwargs):
        if "purpose" in kwargs and not calls:
            calls.append(1)
            return Loan.objects.none()
        return look(*args, **kwargs)

    return filter_


def test_a_pool_in_the_borrowers_country_comes_first(db: None) -> None:
    model = make_model()
    paris = make_pool(model=model, units=5, place="Paris", country="FR")
    berlin = make_pool(model=model, units=1, place="Berlin", country="DE")
    held = [
        lending.hold(pools=[paris, berlin], borrower=make_customer(), purpose=str(n), until=AT + WEEK, at=AT, by=SYSTEM)
        for n in range(2)
    ]
    assert [loan.pool for loan in held] == [berlin, paris]


def test_otherwise_the_pool_with_most_left_is_taken(db: None) -> None:
    model = make_model()
    pools = [make_pool(model=model, units=n, place=f"Place {n}", country="FR") for n in (1, 3, 2)]
    loan = lending.hold(pools=pools, borrower=make_customer(), purpose="p", until=AT + WEEK, at=AT, by=SYSTEM)
    assert loan.pool == pools[1]


def test_when_all_are_full_the_queue_is_joined_near_the_borrower(db: None) -> None:
    model = make_model()
    paris = make_pool(model=model, units=0, place="Paris", country="FR")
    berlin = make_pool(model=model, units=0, place="Berlin", country="DE")
    loan = lending.hold(pools=[paris, berlin], borrower=make_customer(), purpose="p", until=AT + WEEK, at=AT, by=SYSTEM)
    assert (loan.pool, loan.state) == (berlin, S.WAITLISTED)


def test_an_account_gets_no_more_than_its_limit(pool: Pool) -> None:
    limits = {pool.pk: 1}
    first = walk.hold(pool, account="spring", limits=limits)
    second = walk.hold(pool, account="spring", limits=limits)
    other = walk.hold(pool, account="autumn", limits=limits)
    assert [first.state, second.state, other.state] == [S.HELD, S.WAITLISTED, S.HELD]
    assert "Only 1 of these units" in second.reason


def test_a_newcomer_does_not_overtake_those_who_wait(lone: Pool) -> None:
    walk.hold(lone)
    waiting = walk.hold(lone)
    # A unit appears behind the verbs' back, so that nobody was promoted for it.
    lone.units.create(serial="NEW-1", service_since=AT, created_at=AT)
    newcomer = walk.hold(lone)
    waiting.refresh_from_db()
    assert (waiting.state, newcomer.state) == (S.HELD, S.WAITLISTED)


def test_a_unit_out_of_service_is_not_promised(lone: Pool) -> None:
    servicing.change_service(unit=lone.units.get(), service="repair", reason="A scratch.", at=AT, by=SYSTEM)
    assert walk.hold(lone).state == S.WAITLISTED


def test_an_overdue_unit_is_not_promised(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    assert walk.hold(lone, at=loan.due_at + timedelta(days=30)).state == S.WAITLISTED


def test_what_cannot_be_asked_is_refused_in_words(pool: Pool) -> None:
    for code, changes in (("no_pool", {"pools": []}), ("hold_over", {"until": AT})):
        with pytest.raises(LoanRefused) as refused:
            walk.hold(pool, **changes)
        assert refused.value.code == code
        assert refused.value.sentence.endswith(".")


def test_nothing_is_lent_to_an_erased_customer(pool: Pool) -> None:
    gone = make_customer()
    gone.erased_at = AT
    with pytest.raises(LoanRefused, match="borrower_erased"):
        walk.hold(pool, gone)


def test_a_cancelled_hold_leaves_its_purpose_taken(pool: Pool) -> None:
    loan = walk.hold(pool, purpose="ref_1:referee")
    giving_up.cancel(loan=loan, reason="Wrong campaign.", at=AT, by=SYSTEM)
    assert walk.hold(pool, purpose="ref_1:referee").pk == loan.pk
