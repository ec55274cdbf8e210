"""What happened since takes a reward back: a refund, a blocked referral, a lapse. Each once, and each with a way back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Loan
from notices.models import Notice
from referrals import jobs as referral_jobs
from referrals import reviewing
from referrals.models import Code, Referral
from rewards import clawing_back, deciding, jobs, ledger, redeeming
from rewards.models import Account, Clawback, Reward
from rewards.refusals import RewardRefused
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.rewards.given import DAY, bought, earned, paying
from tests.stories import give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
LATER = AT + 5 * DAY


def purchased(**changes: object) -> Reward:
    """A reward for a friend's first purchase."""
    campaign = paying(proof="first_purchase", proof_amount=Decimal(50), **changes)
    referral = verify(sign_up(issue_to(make_customer("Asha Rao"), campaign)))
    bought(referral, "order-1")
    referral_jobs.qualify_ripe_referrals(AT + DAY)
    return give(Referral.objects.get(pk=referral.pk), at=AT + DAY)[0]


def fresh(reward: Reward) -> Reward:
    return Reward.objects.get(pk=reward.pk)


def test_a_refund_takes_credit_back_by_an_entry_of_its_own_and_says_why() -> None:
    reward = purchased()
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    assert jobs.claw_back(LATER) == {"refunded": 1, "blocked": 0, "lapsed": 0, "failed": 0}
    assert fresh(reward).state == "revoked"
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 0
    assert [entry.kind for entry in reward.entries.all()] == ["grant", "reversal"]
    assert "sent back or refunded" in Notice.objects.get(kind__in=["reward_revoked", "reward_cancelled"]).body_text


def test_a_refund_told_again_takes_nothing_more() -> None:
    reward = purchased()
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    jobs.claw_back(LATER)
    entries = Entry.objects.count()
    assert jobs.claw_back(LATER)["refunded"] == 0
    assert (Clawback.objects.count(), Entry.objects.count()) == (1, entries)


def test_what_is_left_of_a_partly_refunded_purchase_may_be_enough() -> None:
    reward = purchased()
    bought(reward.referral, "order-1", amount="30", kind="refund", at=LATER)
    jobs.claw_back(LATER)
    assert fresh(reward).state == "fulfilled"
    assert Clawback.objects.get().reason == "No reward depended on it."


def test_a_second_purchase_carries_the_reward_when_the_first_is_refunded() -> None:
    reward = purchased()
    bought(reward.referral, "order-2")
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    jobs.claw_back(LATER)
    assert fresh(reward).state == "fulfilled"


def test_a_refund_before_the_reward_is_worked_out_leaves_it_to_a_person() -> None:
    campaign = paying(proof="first_purchase")
    referral = verify(sign_up(issue_to(make_customer("Asha Rao"), campaign)))
    bought(referral, "order-1")
    referral_jobs.qualify_ripe_referrals(AT + DAY)
    bought(referral, "order-1", kind="refund", at=AT + DAY)
    jobs.claw_back(AT + DAY)
    reward = give(Referral.objects.get(pk=referral.pk), at=AT + DAY)[0]
    assert (reward.state, "1 more purchase" in reward.reason) == ("held", True)


def test_what_was_spent_already_is_owed_and_never_taken_below_nought() -> None:
    reward = purchased()
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(15), external_id="till-1", at=AT + 2 * DAY, by=SYSTEM
    )
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    jobs.claw_back(LATER)
    account = Account.objects.get()
    assert (account.balance, account.owed) == (0, Decimal(15))
    assert "15.00 EUR" in Entry.objects.get(event="reward.withdrawn").sentence


def test_what_is_owed_is_set_off_visibly_against_the_next_reward() -> None:
    reward = purchased()
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(15), external_id="till-1", at=AT + 2 * DAY, by=SYSTEM
    )
    bought(reward.referral, "order-1", kind="refund", at=LATER)
    jobs.claw_back(LATER)
    earned(paying(), reward.beneficiary, "Dana Fox", at=LATER + DAY)
    account = Account.objects.get()
    assert (account.balance, account.owed) == (Decimal(5), 0)
    assert [kind for kind in account.lots.values_list("entry__kind", "left")][-1] == ("grant", Decimal("5.00"))


def test_a_blocked_referral_gives_nothing_back_and_forth(code: Code) -> None:
    rewards = give(verify(sign_up(code)))
    referral = Referral.objects.get(pk=rewards[0].referral_id)
    reviewing.block(referral=referral, reason="Invented.", at=LATER, by=SYSTEM)
    assert jobs.claw_back(LATER)["blocked"] == 1
    assert jobs.claw_back(LATER)["blocked"] == 0
    assert {(row.state, row.loan.state) for row in Reward.objects.select_related("loan")} == {("revoked", "cancelled")}
    with pytest.raises(RewardRefused, match="referral_blocked"):
        deciding.reopen(reward=fresh(rewards[0]), reason="Hm.", at=LATER, by=SYSTEM)


def test_the_customer_never_reads_why_a_referral_was_blocked() -> None:
    reward = earned(paying())
    reviewing.block(referral=reward.referral, reason="Same phone as Carla.", at=LATER, by=SYSTEM)
    jobs.claw_back(LATER)
    assert "Carla" not in fresh(reward).reason + Notice.objects.get(kind__in=["reward_revoked", "reward_cancelled"]).body_text


def test_a_reward_that_waits_is_called_off_and_its_unit_goes_to_the_next(code: Code) -> None:
    code.campaign.approval = "manual"
    code.campaign.save(update_fields=["approval"])
    rewards = give(verify(sign_up(code)))
    reviewing.block(referral=rewards[0].referral, reason="Invented.", at=LATER, by=SYSTEM)
    jobs.claw_back(LATER)
    assert set(Reward.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(Loan.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_unit_that_is_out_is_asked_back() -> None:
    pool = make_pool(open_days="1111111")
    reward = earned(make_campaign(pool=pool, both_sides=False))
    assert reward.loan is not None
    hand_over(reward.loan, pool.units.order_by("pk")[0])
    reviewing.block(referral=reward.referral, reason="Invented.", at=LATER, by=SYSTEM)
    jobs.claw_back(LATER)
    reward.loan.refresh_from_db()
    assert (fresh(reward).state, reward.loan.state) == ("revoked", "on_loan")
    letter = Notice.objects.get(kind="loan_asked_back")
    assert "14 March 2026" in letter.subject and "Berlin" in letter.body_text


@pytest.mark.parametrize(("after", "state"), [(20, "revoked"), (40, "fulfilled")])
def test_a_membership_that_lapses_soon_takes_the_reward_back_and_later_does_not(after: int, state: str) -> None:
    reward = earned(paying(lapse_days=30))
    Customer.objects.filter(pk=reward.beneficiary_id).update(membership="lapsed")
    jobs.claw_back(AT + after * DAY)
    assert fresh(reward).state == state


def test_the_friends_lapse_counts_too_and_a_campaign_without_the_days_does_not_mind() -> None:
    kept, taken = earned(paying()), earned(paying(lapse_days=30), name="Cem Aydin")
    Customer.objects.filter(referrals_received__isnull=False).update(membership="closed")
    jobs.claw_back(LATER)
    assert (fresh(kept).state, fresh(taken).state) == ("fulfilled", "revoked")
    assert fresh(taken).reason == "Your friend's membership ended within 30 days of it."


def test_days_that_staff_clear_after_the_sweep_found_a_reward_are_a_refusal_in_words() -> None:
    reward = earned(paying(lapse_days=30))
    Customer.objects.filter(pk=reward.beneficiary_id).update(membership="lapsed")
    Campaign.objects.update(lapse_days=None)
    with pytest.raises(RewardRefused, match="lapse_not_minded: The campaign “.+” takes nothing back when a membership ends"):
        clawing_back.after_lapse(reward=fresh(reward), at=LATER, by=SYSTEM)
    assert (fresh(reward).state, Clawback.objects.count()) == ("fulfilled", 0)


def test_who_gives_it_again_after_a_lapse_is_not_overruled_a_minute_later() -> None:
    reward = earned(paying(lapse_days=30))
    Customer.objects.filter(pk=reward.beneficiary_id).update(membership="lapsed")
    jobs.claw_back(LATER)
    row = fresh(reward)
    deciding.reopen(reward=row, reason="They come back in May.", at=LATER, by=SYSTEM)
    deciding.approve(reward=row, at=LATER, by=SYSTEM)
    jobs.fulfil_approved_rewards(LATER + deciding.UNDO_FOR)
    assert jobs.claw_back(LATER + timedelta(hours=1))["lapsed"] == 0
    assert (fresh(reward).state, fresh(reward).round) == ("fulfilled", 2)
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 20
