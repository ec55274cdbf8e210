"""What of a model there is for a campaign."""

from datetime import timedelta

import pytest

from campaigns.models import Campaign, Quota
from equipment.models import Loan, Pool
from equipment.states import LoanState
from referrals import inviting
from referrals.stock import stock_of, supply_of
from tests.analytics.conftest import make_past_loan
from tests.equipment import walk
from tests.make import AT, make_campaign, make_customer, make_pool

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=3, open_days="1111111")


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool, both_sides=False)


def give_a_history(pool: Pool, lateness: list[int]) -> None:
    unit = pool.units.first()
    for number, late in enumerate(lateness):
        end = AT - (40 + 20 * number) * DAY
        loan = make_past_loan(unit, end - 14 * DAY, end)
        Loan.objects.filter(pk=loan.pk).update(returned_at=end + late * DAY)


def test_a_unit_that_is_out_counts_by_how_its_pool_has_come_back_so_far(pool: Pool, campaign: Campaign) -> None:
    walk.to(LoanState.ON_LOAN, pool, at=AT - 6 * DAY)
    assert supply_of(campaign, pool.model, at=AT).returns == []
    give_a_history(pool, [0] * 7 + [1, 2, 30])
    found = supply_of(campaign, pool.model, at=AT)
    # Due in a little more than eight days, two more for turnaround: those up to three days late are in time, nine of ten and one.
    assert (found.free, found.waiting, found.returns) == (2, 0, [9 / 11])


def test_what_is_overdue_or_under_a_quota_is_not_counted_on(pool: Pool, campaign: Campaign) -> None:
    give_a_history(pool, [0] * 10)
    walk.to(LoanState.ON_LOAN, pool, at=AT - 30 * DAY)
    assert supply_of(campaign, pool.model, at=AT).returns == []
    walk.to(LoanState.ON_LOAN, pool, at=AT - 6 * DAY)
    assert len(supply_of(campaign, pool.model, at=AT).returns) == 1
    Quota.objects.create(campaign=campaign, pool=pool, units=2)
    assert supply_of(campaign, pool.model, at=AT).returns == []


def test_units_that_come_back_soon_let_more_be_invited(pool: Pool, campaign: Campaign) -> None:
    for _ in range(2):
        walk.to(LoanState.ON_LOAN, pool, at=AT - 6 * DAY)
    before = inviting.meter(campaign, at=AT)
    assert (before.units, before.most) == (1, 1)
    give_a_history(pool, [0] * 10)
    after = inviting.meter(campaign, at=AT)
    assert (after.units, after.most) == (1, 2)


def test_where_several_places_lend_nobody_is_told_a_place_behind_all_their_queues_together(pool: Pool, campaign: Campaign) -> None:
    other = make_pool(units=1, model=pool.model, place="Bonn", open_days="1111111")
    for here, people in ((pool, 3 + 2), (other, 1 + 4)):
        for _ in range(people):
            walk.hold(here, make_customer(), at=AT, until=AT + 3 * DAY)
    found = stock_of(campaign, pool.model, before=0, at=AT)
    assert (found.free, found.place, found.is_exact) == (0, 5, False)
    assert "you are number 5 in the queue at most. We expect one for you by " in found.queue
    joined = stock_of(campaign, other.model, before=0, at=AT)
    assert joined.place >= walk.hold(pool, make_customer(), at=AT, until=AT + 3 * DAY).place_at_joining
