"""What a campaign would need and cost: the arithmetic by its properties, the page by a world that is counted by hand."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from analytics.rehearsal import Gift, Offer, by_week, of_referrer, plan, reach, replay, shortage
from analytics.rehearsing import history, rehearse, usual
from campaigns.models import EligibilityRule
from campaigns.tiers import Rung
from equipment.models import Pool
from tests.admin.conftest import clock, desk, eve, manager, signed_in_as
from tests.analytics.conftest import make_code, make_referral
from tests.make import AT, make_campaign, make_customer, make_pool

__all__ = ["clock", "desk", "eve", "manager", "signed_in_as"]

rungs = st.builds(
    Rung,
    key=st.sampled_from("abcdef"),
    side=st.sampled_from(["referrer", "referee"]),
    nth=st.integers(1, 6),
    rhythm=st.sampled_from(["each", "once", "every"]),
    what=st.builds(Gift, item=st.sampled_from(["", "camera", "bike"]), cost=st.decimals(0, 50, places=2)),
)
caps = st.none() | st.integers(0, 6)
offers_made = st.builds(
    Offer,
    rungs=st.lists(rungs, max_size=5),
    sides=st.sampled_from([["referrer"], ["referee"], ["referrer", "referee"]]),
    referrer_cap=caps,
    total_cap=caps,
)
shares = st.fractions(0, 1, max_denominator=50)
means = st.fractions(0, 5, max_denominator=10)


@given(mean=st.fractions(0, 4, max_denominator=10))
def test_the_shares_who_bring_a_first_second_and_third_friend_add_up_to_the_mean(mean: Fraction) -> None:
    total = sum((reach(nth, mean) for nth in range(1, 200)), Fraction(0))
    assert abs(total - mean) < Fraction(1, 1000)


@given(offer=offers_made, people=st.integers(0, 500), share=shares, more=shares, friends=means)
def test_more_who_refer_never_need_less(offer: Offer, people: int, share: Fraction, more: Fraction, friends: Fraction) -> None:
    few, many = sorted([share, more])
    less = plan(offer, qualifying=people, share=few, friends=friends)
    most = plan(offer, qualifying=people, share=many, friends=friends)
    assert less.cost <= most.cost and less.rewards <= most.rewards
    assert all(number <= most.units[item] for item, number in less.units.items())


@given(offer=offers_made, people=st.integers(0, 500), share=shares, friends=means)
def test_no_plan_gives_more_than_the_caps_allow(offer: Offer, people: int, share: Fraction, friends: Fraction) -> None:
    need = plan(offer, qualifying=people, share=share, friends=friends)
    assert offer.total_cap is None or need.rewards <= offer.total_cap
    assert sum(need.units.values(), Fraction(0)) <= need.rewards
    only_own = Offer(offer.rungs, ["referrer"], referrer_cap=offer.referrer_cap)
    assert offer.referrer_cap is None or of_referrer(only_own, 40).rewards <= offer.referrer_cap


@given(offer=offers_made, pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(5, 20)), max_size=30))
def test_a_replay_counts_each_friend_once_and_is_the_sum_over_referrers(offer: Offer, pairs: list[tuple[int, int]]) -> None:
    count, need = replay(offer, pairs)
    assert count == len({friend for _, friend in pairs})
    first = {}
    for referrer, friend in pairs:
        first.setdefault(friend, referrer)
    numbers = [list(first.values()).count(referrer) for referrer in set(first.values())]
    whole = sum((of_referrer(offer, number).cost for number in numbers), Fraction(0))
    assert need.cost <= whole
    assert need.cost == whole or offer.total_cap is not None


@given(total=st.fractions(0, 300, max_denominator=7), running=st.integers(1, 12), out_for=st.integers(1, 12))
def test_no_week_has_more_units_out_than_loans_that_began(total: Fraction, running: int, out_for: int) -> None:
    weeks = by_week(total, weeks=12, running=running, out_for=out_for)
    assert max(weeks) <= -(-total // 1)
    assert out_for < 12 or weeks[11] == -(-total // 1)
    assert weeks[running - 1] == max(weeks)


@given(supply=st.lists(st.integers(-2, 9), min_size=12, max_size=12), demand=st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_a_shortage_is_said_when_and_only_when_a_week_needs_more_than_there_is(supply: list[int], demand: list[int]) -> None:
    found = shortage(supply, demand)
    missing = [wanted - max(there, 0) for there, wanted in zip(supply, demand, strict=True)]
    assert (found is None) == (max(missing) <= 0)
    if found:
        assert missing[found.week] > 0 and all(number <= 0 for number in missing[: found.week])
        assert found.missing == missing[found.worst_week] == max(missing)


def test_arms_of_a_test_count_by_their_weight() -> None:
    camera = Rung("camera", "referrer", 1, "each", "loud", Gift("camera", Decimal("10")))
    need = of_referrer(Offer([camera], ["referrer"], arms=[("loud", 1), ("plain", 3)]), 2)
    assert (need.units["camera"], need.cost) == (Fraction(1, 2), 5)


def story() -> Any:
    """A campaign with 2 cameras for ten who qualify, and another that 2 of its 4 code holders used for 3 friends."""
    pool = make_pool(units=2)
    mine = make_campaign(pool=pool, slug="mine", budget=100)
    mine.tiers.update(cost=Decimal("30"))
    other = make_campaign(pool=make_pool(units=1), slug="other")
    codes = [make_code(other) for _ in range(4)]
    for code in (codes[0], codes[0], codes[1]):
        make_referral(code, signed_up_at=AT - timedelta(days=20), qualified_at=AT - timedelta(days=10))
    make_referral(codes[2], signed_up_at=AT - timedelta(days=20))
    for _ in range(3):
        make_customer()
    return mine


@pytest.mark.django_db
def test_a_plan_begins_with_what_other_campaigns_saw() -> None:
    found = usual(story(), at=AT)
    assert (found.share, found.friends, found.is_guess) == (Fraction(1, 2), Fraction(3, 2), False)


@pytest.mark.django_db
def test_a_plan_says_from_which_week_units_are_short_and_what_it_costs() -> None:
    mine = story()
    found = rehearse(mine, share=Fraction(1), friends=Fraction(1), at=AT)
    assert found.qualifying == 11
    assert found.need.cost == 11 * 2 * 30 and found.left == 100
    [stock] = found.stocks
    assert stock.needed == 22 and stock.supply == [2] * 12
    assert stock.demand[:4] == [2, 4, 6, 6]
    assert stock.short is not None and (stock.short.week, stock.short.missing) == (1, 4)


@pytest.mark.django_db
def test_a_plan_counts_with_the_turnaround_of_the_place_and_not_of_the_model() -> None:
    mine = story()
    pool = Pool.objects.get(model=mine.equipment_model)
    before = rehearse(mine, share=Fraction(1), friends=Fraction(1), at=AT).stocks[0].demand
    Pool.objects.filter(pk=pool.pk).update(measures_turnaround=True, measured_days=15, measured_returns=20)
    slow = rehearse(mine, share=Fraction(1), friends=Fraction(1), at=AT).stocks[0].demand
    assert (before[:6], slow[:6]) == ([2, 4, 6, 6, 6, 6], [2, 4, 6, 8, 10, 10])


@pytest.mark.django_db
def test_the_last_ninety_days_are_judged_by_this_campaigns_rules_and_tiers() -> None:
    mine = story()
    past = history(mine, at=AT)
    assert (past.referrals, past.qualified, past.need.cost) == (4, 3, 3 * 2 * 30)
    EligibilityRule.objects.create(campaign=mine, field="country", operator="is", value="FR", sentence="Living in France.")
    past = history(mine, at=AT)
    assert (past.referrals, past.qualified, past.need.cost) == (4, 0, 0)


@pytest.mark.django_db
def test_the_tab_says_the_shortage_in_words_with_its_date_and_keeps_what_was_typed(manager: Client) -> None:
    mine = story()
    text = manager.get(f"/admin/campaigns/{mine.slug}/readiness/", {"share": "100", "friends": "1"}).content.decode()
    assert "not enough from the week of 9 Mar 2026; 4 units short in the week of 16 Mar 2026" in text
    assert "It would cost 660\N{NO-BREAK SPACE}EUR, and only 100\N{NO-BREAK SPACE}EUR of the budget is left" in text
    wrong = manager.get(f"/admin/campaigns/{mine.slug}/readiness/", {"share": "many", "friends": "1"})
    assert wrong.status_code == 422 and 'value="many"' in wrong.content.decode() and "Enter a number." in wrong.content.decode()


@pytest.mark.django_db
def test_each_check_leads_to_where_it_is_put_right(manager: Client) -> None:
    mine = make_campaign(state="draft", launched_at=None, campaign_terms=None)
    text = manager.get(f"/admin/campaigns/{mine.slug}/readiness/").content.decode()
    assert "The campaign terms are not published." in text and f"/admin/campaigns/{mine.slug}/" in text.split("not published.")[1]


@pytest.mark.django_db
def test_the_auditor_reads_the_tab_and_the_handover_desk_does_not_open_it(eve: Client, desk: Client) -> None:
    mine = story()
    assert eve.get(f"/admin/campaigns/{mine.slug}/readiness/").status_code == 200
    assert desk.get(f"/admin/campaigns/{mine.slug}/readiness/").status_code == 403


@pytest.mark.django_db
def test_the_tab_asks_as_often_for_many_as_for_few(manager: Client) -> None:
    mine = story()
    counts = []
    for _ in range(2):
        manager.get(f"/admin/campaigns/{mine.slug}/readiness/")
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"/admin/campaigns/{mine.slug}/readiness/")
        counts.append(len(queries))
        code = make_code(mine)
        for days in range(6):
            make_referral(code, signed_up_at=AT - timedelta(days=days + 2), qualified_at=AT - timedelta(days=1))
    assert counts[0] >= counts[1]
