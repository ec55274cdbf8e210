"""Customers are told in time, and once, that a reward, credit or points will run out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from notices.models import Notice
from rewards import deciding, jobs, redeeming
from rewards.models import Reward
from rewards.running_out import BEFORE, KIND, tell_from
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.rewards.given import DAY, earned, paying
from tests.stories import hand_over

pytestmark = pytest.mark.django_db
TOLD = {"told": 1, "failed": 0}
NOBODY = {"told": 0, "failed": 0}


def mails() -> list[Notice]:
    return list(Notice.objects.filter(kind=KIND, said_with=None).order_by("pk"))


def test_a_code_nobody_used_is_spoken_of_a_week_before_and_once() -> None:
    reward = earned(paying(kind="discount", amount="10", claim_within_days=30))
    assert jobs.tell_what_runs_out(AT + 22 * DAY) == NOBODY
    assert jobs.tell_what_runs_out(AT + 24 * DAY) == TOLD
    assert jobs.tell_what_runs_out(AT + 25 * DAY) == NOBODY
    (mail,) = mails()
    code = Reward.objects.get(pk=reward.pk).voucher
    assert mail.subject == "Until 1 April 2026: a discount of 10 %"
    assert f"The last day is 1 April 2026. Use the code {code} with your next order." in mail.body_text
    assert "full terms of the offer" in mail.body_text


def test_what_is_used_collected_or_over_is_not_spoken_of() -> None:
    used = earned(paying(kind="discount", amount="10", claim_within_days=30))
    redeeming.use_code(code=Reward.objects.get(pk=used.pk).voucher or "", at=AT + DAY, by=SYSTEM)
    pool = make_pool(open_days="1111111")
    collected = earned(make_campaign(pool=pool, both_sides=False, claim_within_days=30), name="Cem Aydin")
    assert collected.loan is not None
    hand_over(collected.loan, pool.units.order_by("pk")[0])
    earned(paying(kind="discount", amount="10", claim_within_days=20), name="Dana Fox")
    assert jobs.tell_what_runs_out(AT + 25 * DAY) == NOBODY


def test_a_unit_nobody_collected_says_where_to_collect_it_in_the_language_of_the_reader() -> None:
    asha = make_customer("Asha Rao", language="de")
    earned(make_campaign(pool=make_pool(open_days="1111111"), both_sides=False, claim_within_days=20), asha)
    assert jobs.tell_what_runs_out(AT + 14 * DAY) == TOLD
    (mail,) = mails()
    assert mail.subject == "Noch bis 22. März 2026: Aero 7 camera"
    assert "Hol es in Berlin ab." in mail.body_text


def test_credit_is_spoken_of_by_what_is_left_of_it() -> None:
    reward = earned(paying(balance_days=90))
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(5), external_id="till", at=AT + DAY, by=SYSTEM
    )
    assert jobs.tell_what_runs_out(AT + 84 * DAY) == TOLD
    assert "15.00 EUR of credit" in mails()[0].subject
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(15), external_id="all", at=AT + 85 * DAY, by=SYSTEM
    )
    assert jobs.tell_what_runs_out(AT + 86 * DAY) == NOBODY


def test_amounts_that_end_on_one_day_are_one_mail_and_a_later_one_is_its_own() -> None:
    campaign, asha = paying(kind="points", amount="50", cost="0", balance_days=90), make_customer("Asha Rao")
    earned(campaign, asha, "Ben Okoro")
    earned(campaign, asha, "Cem Aydin")
    assert jobs.tell_what_runs_out(AT + 84 * DAY) == TOLD
    assert "100 points" in mails()[0].subject
    earned(campaign, asha, "Dana Fox", at=AT + timedelta(hours=1))
    assert jobs.tell_what_runs_out(AT + 85 * DAY) == TOLD
    assert jobs.tell_what_runs_out(AT + 85 * DAY) == NOBODY
    assert ["50 points" in mail.subject for mail in mails()] == [False, True]


def test_what_is_given_again_after_it_ran_out_is_spoken_of_again() -> None:
    reward = earned(paying(kind="discount", amount="10", claim_within_days=30))
    jobs.tell_what_runs_out(AT + 25 * DAY)
    jobs.expire_unclaimed(AT + 31 * DAY)
    row = Reward.objects.select_related("referral__campaign", "beneficiary").get(pk=reward.pk)
    deciding.reopen(reward=row, reason="They were ill.", at=AT + 32 * DAY, by=SYSTEM)
    deciding.approve(reward=row, at=AT + 32 * DAY, by=SYSTEM)
    jobs.fulfil_approved_rewards(AT + 33 * DAY)
    assert jobs.tell_what_runs_out(AT + 60 * DAY) == TOLD
    assert len(mails()) == 2


def test_cash_and_what_never_ends_are_not_spoken_of() -> None:
    earned(paying(kind="cash", balance_days=10))
    earned(paying(), name="Cem Aydin")
    assert jobs.tell_what_runs_out(AT + 9 * DAY) == NOBODY


@given(st.integers(1, 400))
def test_it_is_said_a_week_before_and_never_in_the_first_half_of_the_time(days: int) -> None:
    end = AT + days * DAY
    said = tell_from(given_at=AT, ends_at=end)
    assert AT + (end - AT) / 2 <= said < end
    assert said >= end - BEFORE and (days < 14 or said == end - BEFORE)
