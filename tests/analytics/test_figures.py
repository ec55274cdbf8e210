import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from analytics import breakdowns, figures, trends
from analytics.fleet import lives_of
from analytics.periods import Period, period, whole_life
from analytics.report import LABELS, report, rows
from analytics.utilisation import utilisation
from audit.actors import SYSTEM
from audit.chain import canonical
from audit.models import Entry
from campaigns.models import Campaign, Quota
from equipment import lending, returning, servicing
from equipment.models import Unit
from equipment.states import Service
from referrals.models import Credit, Touch
from tests.analytics.conftest import make_code, make_past_loan, make_referral
from tests.make import AT, make_campaign, make_customer, make_pool, make_terms, make_tier, make_unit
from tests.stories import hand_over

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=30)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def campaign() -> Campaign:
    pool = make_pool(units=0)
    return make_campaign(pool=pool, slug="summer", launched_at=START, starts_at=START, created_at=START)


def test_total_referrals_counts_sign_ups_of_the_period_without_the_blocked(campaign: Campaign) -> None:
    code = make_code(campaign)
    for number in (-0.1, 0, 10, 29.9, 30):
        make_referral(code, signed_up_at=day(number))
    make_referral(code, signed_up_at=day(5), standing="blocked", standing_reason="Same person.")
    make_referral(make_code(make_campaign()), signed_up_at=day(5))
    assert figures.total_referrals(campaign, START, END) == 3


def test_a_friend_who_joined_anew_counts_once_in_every_figure_and_by_the_later_referral(campaign: Campaign) -> None:
    code = make_code(campaign)
    over = {"progress": "expired", "expired_at": day(10)}
    first = make_referral(code, signed_up_at=day(1), **over)
    make_referral(code, signed_up_at=day(1), **over)  # somebody else, for whom it simply ran out
    make_referral(code, signed_up_at=day(12), qualified_at=day(13), referee=first.referee)
    assert figures.total_referrals(campaign, START, END) == 2
    assert figures.total_referrals(campaign, START, day(10)) == 1
    assert figures.conversion_rate(campaign, START, END) == figures.Rate(1, 2)
    campaign.goals = {"total_referrals": 10}
    campaign.save()
    assert trends.goal_of_referrals(campaign) == figures.Rate(2, 10)
    assert [(line.opened, line.qualified) for line in breakdowns.top_referrers(campaign, START, END)] == [(2, 1)]


def test_a_period_is_whole_days_in_the_campaigns_time_zone(campaign: Campaign) -> None:
    campaign.time_zone = "Europe/Berlin"
    days = period(campaign, date(2026, 3, 28), date(2026, 3, 29))
    assert days.start == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert days.end == datetime(2026, 3, 29, 22, tzinfo=UTC), "the clocks went forward on the 29th"


def test_a_period_that_ends_before_it_starts_is_refused(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="before it starts"):
        period(campaign, date(2026, 3, 2), date(2026, 3, 1))


def test_a_campaign_that_is_over_is_looked_at_until_its_last_day(campaign: Campaign) -> None:
    campaign.ends_at = day(20)
    life = whole_life(campaign, at=day(40))
    assert (life.first, life.last) == (date(2026, 3, 1), date(2026, 3, 20))


def test_conversion_follows_the_cohort_of_sign_up_even_when_the_proof_came_later(campaign: Campaign) -> None:
    code = make_code(campaign)
    make_referral(code, signed_up_at=day(1), qualified_at=day(40))
    make_referral(code, signed_up_at=day(2))
    make_referral(code, signed_up_at=day(3), progress="expired", expired_at=day(9))
    make_referral(code, signed_up_at=day(-3), qualified_at=day(4))
    make_referral(code, signed_up_at=day(4), qualified_at=day(5), standing="blocked", standing_reason="Same person.")
    rate = figures.conversion_rate(campaign, START, END)
    assert (rate.part, rate.whole, rate.ratio) == (1, 3, Decimal("0.3333"))


def test_conversion_of_nobody_is_unknown_not_zero(campaign: Campaign) -> None:
    assert figures.conversion_rate(campaign, START, END).ratio is None


def test_units_distributed_are_check_outs_of_the_period(campaign: Campaign) -> None:
    unit = make_unit(campaign.equipment_model.pools.get())
    make_past_loan(unit, day(-5), day(2), "summer")
    make_past_loan(unit, day(3), day(5), "summer")
    make_past_loan(unit, day(6), day(9), "summer")
    make_past_loan(unit, day(10), day(11), "other")
    assert figures.units_distributed(campaign, START, END) == 2


def test_time_to_referral_runs_from_the_issued_code_to_its_first_referral(campaign: Campaign) -> None:
    for waited in (2, 3, 10):
        code = make_code(campaign, issued_at=day(0))
        make_referral(code, signed_up_at=day(waited))
        make_referral(code, signed_up_at=day(waited + 5))
    blocked_first = make_code(campaign, issued_at=day(0))
    make_referral(blocked_first, signed_up_at=day(1), standing="blocked", standing_reason="Same person.")
    make_code(campaign, issued_at=day(0))
    spread = figures.time_to_referral(campaign, START, END)
    assert (spread.count, spread.median_days, spread.mean_days) == (3, Decimal("3.00"), Decimal("5.00"))


def test_time_to_qualify_runs_from_the_first_credited_touch(campaign: Campaign) -> None:
    code = make_code(campaign)
    touched = make_referral(code, signed_up_at=day(4), qualified_at=day(6))
    for hours_before in (48, 24):
        touch = Touch.objects.create(code=code, at=day(4) - timedelta(hours=hours_before))
        Credit.objects.create(referral=touched, code=code, touch=touch, model="linear", weight=Decimal("0.5"), reason="half")
    make_referral(code, signed_up_at=day(4), qualified_at=day(5))
    spread = figures.time_to_qualify(campaign, START, END)
    assert (spread.count, spread.median_days, spread.mean_days) == (2, Decimal("2.50"), Decimal("2.50"))


def test_nothing_to_average_gives_no_average(campaign: Campaign) -> None:
    assert figures.time_to_referral(campaign, START, END) == figures.Spread(0, None, None)


def change_service(unit: Unit, service: str, at: datetime, n: int) -> None:
    """What the trail and the row hold after a change of service."""
    with transaction.atomic():
        Entry.objects.create(
            subject_type="unit", subject_reference=unit.serial, n=n, event="unit.service_changed", sentence="Changed.",
            data=canonical({"service": Service(service).label.lower()}), actor="system", at=at, hash=uuid4().hex,
        )  # fmt: skip
    Unit.objects.filter(pk=unit.pk).update(service=service, service_since=at)


@pytest.fixture
def fleet(campaign: Campaign) -> list[Unit]:
    """The worked example: 4 units, 30 days, one in repair for 10, 48 loan-days, 28 of them of the campaign."""
    pool = campaign.equipment_model.pools.get()
    units = [make_unit(pool, created_at=day(-60), service_since=day(-60)) for _ in range(4)]
    change_service(units[3], "repair", day(5), 1)
    change_service(units[3], "in_service", day(15), 2)
    make_past_loan(units[0], day(0), day(14), "summer")
    make_past_loan(units[1], day(2), day(16), "summer")
    make_past_loan(units[2], day(3), day(10), "spring")
    make_past_loan(units[0], day(16), day(26), "spring")
    make_past_loan(units[1], day(20), day(23), "")
    return units


def test_utilisation_of_the_worked_example_comes_out_as_calculated_by_hand(campaign: Campaign, fleet: list[Unit]) -> None:
    result = figures.fleet_utilisation(campaign, START, END, at=day(99))
    assert figures.rounded(result.gross, 4) == Decimal("0.4000")
    assert figures.rounded(result.net, 4) == Decimal("0.4364")
    assert figures.rounded(result.turnover, 2) == Decimal("1.25")
    assert figures.rounded(result.share("summer"), 4) == Decimal("0.2545")
    assert sum(result.share(account) or 0 for account in result.account_days) == result.net


def test_utilisation_counts_only_the_past_and_a_unit_still_out_until_now(campaign: Campaign, fleet: list[Unit]) -> None:
    result = figures.fleet_utilisation(campaign, START, END, at=day(10))
    assert result.period_days == 10
    assert result.loan_days == 10 + 8 + 7


def test_a_unit_whose_history_is_not_on_the_trail_counts_by_its_present_service(campaign: Campaign) -> None:
    pool = campaign.equipment_model.pools.get()
    make_unit(pool, created_at=day(0), service="repair", service_since=day(12))
    result = figures.fleet_utilisation(campaign, START, END, at=day(99))
    assert (result.owned_days, result.in_service_days) == (30, 12)


def test_the_history_of_a_unit_is_read_from_what_the_verbs_recorded() -> None:
    pool = make_pool(units=0)
    unit = make_unit(pool, created_at=AT, service_since=AT)
    loan = lending.hold(
        pools=[pool], borrower=make_customer(), purpose="p", until=AT + 9 * DAY, at=AT, by=SYSTEM, terms=make_terms("loan-terms")
    )
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    hand_over(loan, unit, AT)
    returning.check_in(loan=loan, grade="damaged", at=AT + 2 * DAY, by=SYSTEM)
    returning.find_fault(loan=loan, service="repair", reason="Cracked.", at=AT + 3 * DAY, by=SYSTEM)
    returning.settle(loan=loan, outcome="Repaired.", at=AT + 4 * DAY, by=SYSTEM)
    servicing.change_service(unit=unit, service="in_service", reason="Repaired.", at=AT + 5 * DAY, by=SYSTEM)
    servicing.change_service(unit=unit, service="retired", reason="Old.", at=AT + 8 * DAY, by=SYSTEM)
    result = utilisation(lives_of([pool.pk], until=AT + 10 * DAY), [], start=AT, end=AT + 10 * DAY)
    assert (result.owned_days, result.in_service_days) == (8, 3 + 3)


def test_a_unit_that_was_lost_and_found_was_out_of_service_in_between() -> None:
    pool = make_pool(units=0)
    unit = make_unit(pool, created_at=AT, service_since=AT)
    loan = lending.hold(
        pools=[pool], borrower=make_customer(), purpose="p", until=AT + 9 * DAY, at=AT, by=SYSTEM, terms=make_terms("loan-terms")
    )
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    hand_over(loan, unit, AT)
    returning.report_lost(loan=loan, reason="Left on a train.", at=AT + 2 * DAY, by=SYSTEM)
    returning.report_found(loan=loan, at=AT + 4 * DAY, by=SYSTEM)
    returning.close(loan=loan, at=AT + 5 * DAY, by=SYSTEM)
    result = utilisation(lives_of([pool.pk], until=AT + 10 * DAY), [], start=AT, end=AT + 10 * DAY)
    assert result.in_service_days == 2 + 5


def test_with_quotas_only_the_pools_of_the_quotas_count(campaign: Campaign, fleet: list[Unit]) -> None:
    elsewhere = make_pool(units=0, model=campaign.equipment_model, place="Hamburg")
    make_unit(elsewhere, created_at=day(-60))
    assert figures.fleet_utilisation(campaign, START, END, at=day(99)).owned_days == 150
    Quota.objects.create(campaign=campaign, pool=fleet[0].pool, units=3)
    assert figures.fleet_utilisation(campaign, START, END, at=day(99)).owned_days == 120


def test_the_pools_of_every_model_that_a_tier_lends_count(campaign: Campaign) -> None:
    lens = make_pool(units=0, place="Bonn")
    make_unit(lens, created_at=day(0))
    make_tier(campaign, equipment_model=lens.model)
    assert figures.fleet_utilisation(campaign, START, END, at=day(99)).owned_days == 30


def test_the_report_holds_every_figure_and_survives_json(campaign: Campaign, fleet: list[Unit]) -> None:
    make_referral(make_code(campaign, issued_at=day(0)), signed_up_at=day(2), qualified_at=day(3))
    found = report(campaign, period(campaign, date(2026, 3, 1), date(2026, 3, 30)), at=day(99))
    assert json.loads(json.dumps(found)) == found
    assert found["total_referrals"] == found["qualified"] == 1
    assert found["conversion_rate"] == "1.0000"
    assert found["units_distributed"] == 2
    assert found["time_to_referral"] == {"count": 1, "median_days": "2.00", "mean_days": "2.00"}
    assert found["utilisation"]["share"] == "0.2545"
    assert found["utilisation"]["loan_days"] == "28.00"
    assert dict(rows(found))[LABELS["share"]] == "25.45 %"


def test_a_report_of_the_future_has_no_utilisation(campaign: Campaign) -> None:
    days = Period(day(5), day(6), date(2026, 3, 6), date(2026, 3, 6))
    found = report(campaign, days, at=day(1))
    assert found["utilisation"] is None
    assert dict(rows(found))[LABELS["net"]] == "–"


def test_the_number_of_queries_does_not_grow_with_the_rows(
    campaign: Campaign, fleet: list[Unit], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    code = make_code(campaign)
    for number in range(12):
        make_referral(code, signed_up_at=day(number), qualified_at=day(number + 1))
    days = period(campaign, date(2026, 3, 1), date(2026, 3, 30))
    with django_assert_num_queries(24):
        report(campaign, days, at=day(99))


@given(part=st.integers(0, 500), more=st.integers(0, 500))
def test_a_rate_is_a_part_of_its_whole(part: int, more: int) -> None:
    ratio = figures.Rate(part, part + more).ratio
    assert (ratio is None) == (part + more == 0)
    assert ratio is None or 0 <= ratio <= 1
