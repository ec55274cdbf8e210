"""Promises kept, denied demand, committed, turnaround and idle: worked examples."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from analytics import figures
from analytics.idle import Gap, Idle, idle, median, nearest_rank
from campaigns.models import Campaign
from desk.columns import page_of
from equipment.models import Loan, Unit
from referrals.models import Promise
from tests.admin.conftest import clock, manager, signed_in_as  # noqa: F401 (fixtures)
from tests.analytics.conftest import make_code, make_past_loan, make_referral
from tests.make import make_campaign, make_pool, make_unit

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=30)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign(pool=make_pool(units=0), slug="summer", launched_at=START, starts_at=START, created_at=START)


@pytest.fixture
def unit(campaign: Campaign) -> Unit:
    return make_unit(campaign.equipment_model.pools.get(), created_at=START, service_since=START)


def promise(campaign: Campaign, loan: Loan, *, promised_by: datetime, qualified_at: datetime = START) -> Promise:
    referral = make_referral(make_code(campaign), signed_up_at=START, qualified_at=qualified_at)
    tier = campaign.tiers.first()
    return Promise.objects.create(referral=referral, side="referrer", tier=tier, loan=loan, made_at=START, promised_by=promised_by)


def test_promises_kept_are_those_handed_over_by_their_day_of_those_that_fell_due(campaign: Campaign, unit: Unit) -> None:
    """Five promises: two in time, one a day late, one still missing on its day, one not due yet: two of four."""
    for begins, said in ((2, 5), (8, 8), (16, 15)):
        promise(campaign, make_past_loan(unit, day(begins), day(begins + 4), "summer"), promised_by=day(said))
    for said in (20, 60):
        waiting = Loan.objects.create(
            pool=unit.pool, borrower=make_code(campaign).customer, purpose=f"waits-{said}", account="summer", state="waitlisted",
            created_at=day(1), queued_at=day(1), place_at_joining=1,
        )  # fmt: skip
        promise(campaign, waiting, promised_by=day(said))
    rate = figures.promises_kept(campaign, START, END, at=day(29))
    assert (rate.part, rate.whole, rate.ratio) == (2, 4, Decimal("0.5000"))
    assert figures.promises_kept(campaign, day(6), day(10), at=day(29)).ratio == 1, "only the second fell due in these days"
    assert figures.promises_kept(None, START, END, at=day(29)) == rate
    assert figures.promises_kept(make_campaign(), START, END, at=day(29)).ratio is None
    assert figures.denied_demand(campaign, START, END) == figures.denied_demand(None, START, END) == 2
    assert figures.denied_demand(campaign, day(2), END) == 0


def test_committed_counts_from_the_hold_to_the_end_of_the_loan_and_is_never_below_net(campaign: Campaign, unit: Unit) -> None:
    """One unit, 30 days. Held on day 0, handed over on 4, back on 14, in service on 15: committed 15 of 30, net 10 of 30."""
    loan = make_past_loan(unit, day(4), day(14), "summer")
    Loan.objects.filter(pk=loan.pk).update(created_at=day(0), ended_at=day(15))
    held = make_past_loan(unit, day(40), day(50), "summer")
    Loan.objects.filter(pk=held.pk).update(created_at=day(27), handed_over_at=None, returned_at=None, ended_at=None, state="held",
                                           starts_at=day(27), hold_expires_at=day(60))  # fmt: skip
    found = figures.fleet_utilisation(campaign, START, END, at=END)
    assert found.net == Fraction(10, 30)
    assert found.committed == Fraction(15 + 3, 30)


def test_turnaround_is_the_time_from_the_return_to_back_in_service_without_repairs(campaign: Campaign, unit: Unit) -> None:
    for number, hours in enumerate([24] * 8 + [48, 96]):
        loan = make_past_loan(unit, day(number), day(number) + timedelta(hours=6))
        back = day(number) + timedelta(hours=6)
        Loan.objects.filter(pk=loan.pk).update(returned_at=back, ended_at=back + timedelta(hours=hours))
    repaired = make_past_loan(unit, day(12), day(13))
    Loan.objects.filter(pk=repaired.pk).update(ended_at=day(25), reason="Repaired in our workshop.")
    found = figures.turnaround([unit.pool_id], START, END)
    assert (found.count, found.median_days, found.mean_days, found.p90_days) == (
        10, Decimal("1.00"), Decimal("1.40"), Decimal("2.00"),
    )  # fmt: skip


def test_idle_runs_from_back_in_service_to_the_next_hand_over_and_what_still_stands_is_still_open(unit: Unit) -> None:
    """Ours from day 0, out 3 to 6, out 10 to 12, then on the shelf: gaps of 3 and 4 days, and one open for 18."""
    make_past_loan(unit, day(3), day(6))
    make_past_loan(unit, day(10), day(12))
    assert figures.idle_times([unit.pool_id], START, END) == Idle(2, 1, Fraction(4), Fraction(18))
    assert figures.idle_times([unit.pool_id], day(4), END) == Idle(1, 1, Fraction(4), Fraction(18))


def test_a_unit_that_is_out_or_out_of_service_does_not_stand_on_the_shelf(campaign: Campaign, unit: Unit) -> None:
    make_past_loan(unit, day(3), day(6))
    make_unit(unit.pool, created_at=START, service="repair", service_since=day(2))
    late = make_unit(unit.pool, created_at=START, service_since=day(20))
    found = figures.idle_times([unit.pool_id], START, END)
    assert (found.ended, found.still_open, found.longest_open_days) == (1, 2, 24)
    assert late.service_since == day(20), "back from repair on day 20, so it stands for ten days, not thirty"


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([], None),
        ([(5, True)], None),
        ([(1, False), (2, False), (9, False)], 2),
        ([(1, False), (2, True), (9, False)], 9),  # a third, then nobody known to end before the last
        ([(4, False), (4, True)], 4),  # of the same length, the one that ended comes first
        ([(1, True), (2, True), (3, False)], 3),
    ],
)
def test_the_median_takes_no_open_gap_for_a_closed_one(gaps: list[tuple[int, bool]], expected: int | None) -> None:
    assert median([Gap(Fraction(days), is_open) for days, is_open in gaps]) == expected


@given(st.lists(st.integers(0, 99), min_size=1, max_size=30), st.integers(1, 100))
def test_without_open_gaps_the_median_and_the_rank_are_the_usual_ones(days: list[int], percent: int) -> None:
    gaps = [Gap(Fraction(number)) for number in days]
    assert median(gaps) == sorted(days)[(len(days) - 1) // 2]
    assert idle(gaps).longest_open_days is None
    found = nearest_rank([gap.days for gap in gaps], percent)
    assert found is not None and sum(number <= found for number in days) * 100 >= percent * len(days)
    assert sum(number < found for number in days) * 100 < percent * len(days)


def test_the_page_of_a_pool_and_of_a_model_show_the_figures(manager: Client, unit: Unit) -> None:  # noqa: F811
    for row in (unit.pool, unit.pool.model):
        words = manager.get(page_of(row)).content.decode()
        assert "The last 90 days in figures" in words and "Committed: out, held or being turned round" in words
