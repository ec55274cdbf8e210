"""Figures over time: the same definitions as for one campaign, day by day, however much there is."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics import breakdowns, figures, trends
from analytics.periods import before, days_in, last_days
from campaigns.models import Campaign
from equipment.models import Loan
from referrals.models import Promise, Touch
from tests.analytics.conftest import make_code, make_past_loan, make_referral
from tests.make import make_acceptance, make_campaign, make_customer, make_pool, make_terms, make_unit

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = days_in("UTC", date(2026, 3, 1), date(2026, 3, 10))

pytestmark = pytest.mark.django_db


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(pool=make_pool(units=0), slug="summer")


def touch(code, at: datetime, **changes) -> None:
    Touch.objects.create(code=code, at=at, **changes)


def on_a_lent_unit(referral) -> None:
    loan = make_past_loan(make_unit(make_pool(units=0)), day(5), day(8))
    Promise.objects.create(
        referral=referral, side="referrer", tier=referral.campaign.tiers.order_by("pk")[0], loan=loan, made_at=day(1)
    )


def test_sign_ups_are_counted_on_their_day_and_their_qualifying_with_them(campaign: Campaign) -> None:
    code = make_code(campaign)
    make_referral(code, signed_up_at=day(0))
    make_referral(code, signed_up_at=day(2.99), qualified_at=day(9))
    make_referral(code, signed_up_at=day(2), standing="blocked", standing_reason="Same person.")
    make_referral(code, signed_up_at=day(10))
    daily = trends.per_day(campaign, DAYS)
    assert daily.days[0] == date(2026, 3, 1) and len(daily.days) == 10
    assert list(daily.signed_up) == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert list(daily.qualified) == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_what_is_too_long_to_draw_by_day_is_drawn_by_week_and_loses_nobody() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(130)]
    daily = trends.Daily(days, [1] * 130, [0, 1] * 65)
    by_week, step = trends.shown(daily)
    assert step == "week" and by_week.days[:2] == [date(2026, 1, 1), date(2026, 1, 8)]
    assert (list(by_week.signed_up), sum(by_week.qualified)) == ([7] * 18 + [4], 65)
    few = trends.Daily(days[:120], [1] * 120, [0] * 120)
    assert trends.shown(few) == (few, "day")


def test_a_day_is_one_of_the_periods_time_zone(campaign: Campaign) -> None:
    make_referral(make_code(campaign), signed_up_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    berlin = days_in("Europe/Berlin", date(2026, 3, 1), date(2026, 3, 2))
    assert list(trends.per_day(campaign, berlin).signed_up) == [0, 1]


def test_the_days_add_up_to_the_figure_of_the_period_also_where_clocks_change(campaign: Campaign) -> None:
    code = make_code(campaign)
    spring = days_in("Europe/Berlin", date(2026, 3, 27), date(2026, 3, 31))
    for hours in range(0, 140, 7):
        make_referral(code, signed_up_at=datetime(2026, 3, 26, 20, tzinfo=UTC) + timedelta(hours=hours))
    total = figures.total_referrals(campaign, spring.start, spring.end)
    assert sum(trends.per_day(campaign, spring).signed_up) == total > 10


def test_without_a_campaign_all_are_counted(campaign: Campaign) -> None:
    for one in (campaign, make_campaign(), make_campaign()):
        make_referral(make_code(one), signed_up_at=day(3))
    assert trends.per_day(None, DAYS).signed_up[3] == 3
    assert trends.per_day(campaign, DAYS).signed_up[3] == 1


def test_the_way_to_the_loan_counts_people_and_follows_the_cohort(campaign: Campaign) -> None:
    code = make_code(campaign)
    for visitor, at in (("a", 1), ("a", 1.1), ("b", 2), ("", 3), ("", 4), ("c", 11)):
        touch(code, day(at), visitor_hash=visitor)
    touch(code, day(1), visitor_hash="robot", is_bot=True)
    make_referral(code, signed_up_at=day(1))
    make_referral(code, signed_up_at=day(2), progress="verified", verified_at=day(3))
    make_referral(code, signed_up_at=day(2), progress="expired", verified_at=day(3), expired_at=day(9))
    on_a_lent_unit(make_referral(code, signed_up_at=day(3), qualified_at=day(20)))
    on_a_lent_unit(make_referral(code, signed_up_at=day(11), qualified_at=day(12)))
    assert trends.way_to_the_loan(campaign, DAYS.start, DAYS.end) == [
        ("Opened the page", 4),
        ("Signed up", 4),
        ("Address confirmed", 3),
        ("Qualified", 1),
        ("Holds or held a unit", 1),
    ]
    assert trends.way_to_the_loan(make_campaign(), DAYS.start, DAYS.end)[0] == ("Opened the page", 0)


def test_a_friend_with_two_units_is_one_person(campaign: Campaign) -> None:
    referral = make_referral(make_code(campaign), signed_up_at=day(3), qualified_at=day(4))
    for side in ("referrer", "referee"):
        loan = make_past_loan(make_unit(make_pool(units=0)), day(5), day(8))
        tier = campaign.tiers.get(side=side)
        Promise.objects.create(referral=referral, side=side, tier=tier, loan=loan, made_at=day(1))
    assert trends.way_to_the_loan(campaign, DAYS.start, DAYS.end)[-1] == ("Holds or held a unit", 1)


def test_the_steps_agree_with_the_figures_of_the_campaign(campaign: Campaign) -> None:
    code = make_code(campaign)
    for number in range(5):
        make_referral(code, signed_up_at=day(number), qualified_at=day(number + 1) if number % 2 else None)
    steps = dict(trends.way_to_the_loan(campaign, DAYS.start, DAYS.end))
    rate = figures.conversion_rate(campaign, DAYS.start, DAYS.end)
    assert (steps["Qualified"], steps["Signed up"]) == (rate.part, rate.whole)
    assert breakdowns.steps(campaign, DAYS.start, DAYS.end) == list(steps.items())


def test_units_out_now_are_a_share_of_the_units_in_service(campaign: Campaign) -> None:
    pool = make_pool(units=3, model=campaign.equipment_model, place="Bonn")
    make_unit(pool, service="repair")
    loan = make_past_loan(pool.units.order_by("pk")[0], day(5), day(8), account="summer")
    assert trends.on_loan_now(campaign) == figures.Rate(0, 3)
    acceptance = {"acceptance": _acceptance(loan)}
    Loan.objects.filter(pk=loan.pk).update(state="on_loan", ended_at=None, returned_at=None, **acceptance)
    make_pool(units=5)
    assert trends.on_loan_now(campaign) == figures.Rate(1, 3)
    assert trends.on_loan_now(None) == figures.Rate(1, 8)


def _acceptance(loan: Loan):
    return make_acceptance(loan.borrower, make_terms("loan-terms"), loan.reference)


def test_the_goal_is_that_of_the_campaign_over_its_whole_life(campaign: Campaign) -> None:
    assert trends.goal_of_referrals(campaign) is None
    campaign.goals = {"total_referrals": 30}
    campaign.save()
    for number in (-90, 2, 3):
        make_referral(make_code(campaign), signed_up_at=day(number))
    make_referral(make_code(campaign), signed_up_at=day(4), standing="blocked", standing_reason="Same person.")
    assert trends.goal_of_referrals(campaign) == figures.Rate(3, 30)


def test_for_all_campaigns_the_goals_of_the_live_ones_are_added_up(campaign: Campaign) -> None:
    goals = [{"total_referrals": 30}, {"total_referrals": 12.0}, {"utilisation": 0.6}, {"total_referrals": "many"}, {}]
    live = [make_campaign(goals=goal) for goal in goals]
    ended = make_campaign(goals={"total_referrals": 500}, state="ended")
    for one in (*live, ended):
        make_referral(make_code(one), signed_up_at=day(1))
    assert trends.goal_of_referrals(None) == figures.Rate(2, 42)


def test_the_latest_come_first_and_blocked_ones_are_not_hidden(campaign: Campaign) -> None:
    code = make_code(campaign)
    made = [make_referral(code, signed_up_at=day(number)) for number in range(4)]
    blocked = make_referral(code, signed_up_at=day(5), standing="blocked", standing_reason="Same person.")
    make_referral(code, signed_up_at=day(10))
    assert trends.latest(campaign, DAYS, 3) == [blocked, made[3], made[2]]


def test_a_period_before_another_is_as_long_and_ends_where_it_begins() -> None:
    earlier = before(days_in("Europe/Berlin", date(2026, 3, 28), date(2026, 3, 30)))
    assert (earlier.first, earlier.last, earlier.length) == (date(2026, 3, 25), date(2026, 3, 27), 3)
    assert earlier.end == days_in("Europe/Berlin", date(2026, 3, 28), date(2026, 3, 30)).start


def test_the_last_days_end_with_today_at_the_place() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert last_days("Europe/Berlin", 7, at=late).last == date(2026, 3, 2)
    assert last_days("UTC", 7, at=late).first == date(2026, 2, 23)


def test_everything_takes_as_many_queries_for_many_rows_as_for_none(campaign: Campaign) -> None:
    campaign.goals = {"total_referrals": 30}
    campaign.save()
    none = _queries(campaign)
    code = make_code(campaign)
    for number in range(12):
        touch(code, day(number % 9), visitor_hash=uuid4().hex)
        make_referral(make_code(campaign, make_customer()), signed_up_at=day(number % 9), qualified_at=day(9))
    assert _queries(campaign) == none <= 9


def _queries(campaign: Campaign) -> int:
    with CaptureQueriesContext(connection) as queries:
        for one in (campaign, None):
            trends.per_day(one, DAYS)
            trends.way_to_the_loan(one, DAYS.start, DAYS.end)
            trends.latest(one, DAYS, 10)
        trends.goal_of_referrals(campaign)
    return len(queries)


def test_days_are_looked_up_by_an_index_not_row_by_row(campaign: Campaign) -> None:
    make_code(campaign)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # with so few rows it would be cheaper to read them all
    for rows in (
        figures.opened_of(trends.referrals_of(None), DAYS.start, DAYS.end),
        Touch.objects.filter(is_bot=False, at__gte=DAYS.start, at__lt=DAYS.end).values("visitor_hash"),
    ):
        plan = rows.order_by().explain()
        assert "INDEX" in plan.upper() and "Seq Scan" not in plan, plan
