"""What nobody claims ends by itself, with a way back."""

from decimal import Decimal

import pytest

from audit.actors import SYSTEM
from desk.refusals import NotFound
from notices.models import Notice
from rewards import deciding, jobs, ledger, redeeming
from rewards.models import Budget, Reward
from rewards.refusals import RewardRefused
from tests.make import AT, make_campaign, make_pool
from tests.rewards.given import DAY, earned, paying
from tests.stories import hand_over

pytestmark = pytest.mark.django_db


def fresh(reward: Reward) -> Reward:
    return Reward.objects.select_related("loan").get(pk=reward.pk)


def test_a_discount_nobody_uses_expires_is_told_and_gives_the_budget_back() -> None:
    reward = earned(paying(kind="discount", amount="10", claim_within_days=30))
    assert jobs.expire_unclaimed(AT + 29 * DAY)["expired"] == 0
    assert jobs.expire_unclaimed(AT + 31 * DAY) == {"expired": 1, "spent": 0, "failed": 0}
    assert jobs.expire_unclaimed(AT + 31 * DAY)["expired"] == 0
    assert (fresh(reward).state, Budget.objects.get().spent) == ("expired", 0)
    assert "30 days" in Notice.objects.get(kind="reward_expired").body_text


def test_a_code_works_once_and_not_after_its_time() -> None:
    reward = earned(paying(kind="discount", amount="10", claim_within_days=30))
    code = fresh(reward).voucher or ""
    assert redeeming.use_code(code=code.lower(), at=AT + DAY, by=SYSTEM) == reward
    with pytest.raises(RewardRefused, match="code_used"):
        redeeming.use_code(code=code, at=AT + DAY, by=SYSTEM)
    assert jobs.expire_unclaimed(AT + 60 * DAY)["expired"] == 0
    with pytest.raises(RewardRefused, match="used on 3 March 2026 at 12:00 UTC"):
        redeeming.use_code(code=code, at=AT + 60 * DAY, by=SYSTEM)
    late = earned(paying(kind="discount", amount="10", claim_within_days=30), name="Cem Aydin")
    with pytest.raises(RewardRefused, match="code_expired"):
        redeeming.use_code(code=fresh(late).voucher or "", at=AT + 60 * DAY, by=SYSTEM)
    with pytest.raises(NotFound):
        redeeming.use_code(code="NONSENSE", at=AT, by=SYSTEM)


def test_a_unit_nobody_collects_goes_to_the_next_and_one_that_is_out_does_not_expire() -> None:
    pool = make_pool(units=2, open_days="1111111")
    campaign = make_campaign(pool=pool, both_sides=False, claim_within_days=5)
    left, collected = earned(campaign), earned(campaign, name="Cem Aydin")
    assert collected.loan is not None
    hand_over(collected.loan, pool.units.order_by("pk")[0])
    jobs.expire_unclaimed(AT + 6 * DAY)
    assert (fresh(left).state, fresh(left).loan.state) == ("expired", "cancelled")
    assert (fresh(collected).state, fresh(collected).loan.state) == ("fulfilled", "on_loan")


def test_what_expired_can_be_given_again_by_a_person() -> None:
    reward = earned(paying(kind="discount", amount="10", claim_within_days=30))
    jobs.expire_unclaimed(AT + 31 * DAY)
    row = fresh(reward)
    deciding.reopen(reward=row, reason="They were ill.", at=AT + 32 * DAY, by=SYSTEM)
    deciding.approve(reward=row, at=AT + 32 * DAY, by=SYSTEM)
    jobs.fulfil_approved_rewards(AT + 33 * DAY)
    assert (fresh(reward).state, fresh(reward).claim_by) == ("fulfilled", AT + 63 * DAY)


def test_credit_expires_after_its_days_and_what_was_spent_does_not() -> None:
    reward = earned(paying(balance_days=90))
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(5), external_id="till", at=AT + DAY, by=SYSTEM
    )
    assert jobs.expire_unclaimed(AT + 89 * DAY)["spent"] == 0
    assert jobs.expire_unclaimed(AT + 90 * DAY)["spent"] == 1
    assert jobs.expire_unclaimed(AT + 90 * DAY)["spent"] == 0
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 0


def test_cash_never_expires() -> None:
    reward = earned(paying(kind="cash", balance_days=1))
    jobs.expire_unclaimed(AT + 90 * DAY)
    assert ledger.balance(reward.beneficiary, "cash", "EUR") == 20
