"""Rewards in steps, each with what is still missing; upgrades; and the customer's choice among equivalent rewards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign, Step
from campaigns.states import RewardKind, Side
from notices.models import Notice
from referrals import jobs as referral_jobs
from referrals import stepping
from referrals.models import Referral, StepDone
from referrals.refusals import ReferralRefused
from referrals.steps import next_step, steps_of
from rewards import jobs, ledger, preferring
from rewards.models import Reward
from rewards.refusals import RewardRefused
from tests.make import AT, make_customer, make_model, make_pool, make_tier
from tests.rewards.given import DAY, FRIENDS, bought, earned, paying
from tests.stories import give, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def staged() -> Campaign:
    """20 for joining, 30 for a first order of 50 within 60 days, 50 for 90 days active."""
    campaign = paying()
    order = Step.objects.create(campaign=campaign, key="order", title="A first order of 50", position=1, proof="first_purchase",
                                amount=Decimal(50), within_days=60)  # fmt: skip
    loyal = Step.objects.create(campaign=campaign, key="loyal", title="90 days a customer", position=2, proof="days_active",
                                days=90, within_days=120)  # fmt: skip
    for step, amount in ((order, 30), (loyal, 50)):
        make_tier(campaign, kind=RewardKind.CREDIT, amount=amount, cost=amount, title=f"{amount} for it", step=step, key=step.key)
    return campaign


def told(referral: Referral, at=AT + DAY) -> list[tuple[str, str, str]]:
    return [(step.key, step.state, step.missing) for step in steps_of(Referral.objects.get(pk=referral.pk), at=at)]


def test_each_step_says_what_is_missing_until_when_and_what_it_gives(staged: Campaign) -> None:
    referral = sign_up(issue_to(make_customer("Asha Rao"), staged))
    assert told(referral) == [
        ("registration", "open", "Press the button in the mail we sent."),
        ("order", "later", "The registration has not been verified yet."),
        ("loyal", "later", "The registration has not been verified yet."),
    ]
    verify(referral)
    row = Referral.objects.get(pk=referral.pk)
    found = steps_of(row, at=AT + DAY)
    assert [(step.state, step.missing) for step in found] == [
        ("done", ""),
        ("open", "1 more purchase of at least 50.00 EUR."),
        ("open", "Active since Monday 2 March 2026; complete on Sunday 31 May 2026."),
    ]
    assert [list(step.gives) for step in found] == [["Thank you"], ["30 for it"], ["50 for it"]]
    assert (found[1].by - AT.date()).days == 60
    assert next_step(row, at=AT + DAY) == found[1]


def test_the_page_of_the_offer_says_what_the_steps_give_later(staged: Campaign, client: Client) -> None:
    make_tier(staged, side=Side.REFEREE, kind=RewardKind.CREDIT, amount=5, title="5 EUR", step=staged.steps.get(key="order"))
    code = issue_to(make_customer("Asha Rao"), staged)
    text = client.get(code.get_absolute_url()).content.decode()
    assert "5 EUR, later, for: A first order of 50" in text and "50 for it, later, for: 90 days a customer" in text


def test_each_step_gives_its_own_reward_once(staged: Campaign) -> None:
    reward = earned(staged)
    bought(reward.referral, "order-1", amount="49")
    assert referral_jobs.complete_steps(AT + DAY) == {"completed": 0, "failed": 0}
    bought(reward.referral, "order-2", amount="50")
    assert referral_jobs.complete_steps(AT + DAY) == {"completed": 1, "failed": 0}
    assert referral_jobs.complete_steps(AT + DAY) == {"completed": 0, "failed": 0}
    for _ in range(2):
        jobs.accrue_steps(AT + DAY)
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 50
    referral_jobs.complete_steps(AT + 91 * DAY)
    jobs.accrue_steps(AT + 91 * DAY)
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 100
    assert [step.state for step in steps_of(reward.referral, at=AT + 91 * DAY)] == ["done", "done", "done"]


def test_a_step_that_comes_too_late_is_missed_and_says_so(staged: Campaign) -> None:
    reward = earned(staged)
    bought(reward.referral, "order-1", at=AT + 61 * DAY)
    late = AT + 61 * DAY
    assert referral_jobs.complete_steps(late)["completed"] == 0
    assert told(reward.referral, late)[1][:2] == ("order", "missed")
    with pytest.raises(ReferralRefused, match="step_over"):
        stepping.complete(referral=reward.referral, step=staged.steps.get(key="order"), at=late, by=SYSTEM)


def test_a_refund_takes_back_the_reward_of_its_step_and_no_other(staged: Campaign) -> None:
    reward = earned(staged)
    bought(reward.referral, "order-1")
    referral_jobs.complete_steps(AT + DAY)
    jobs.accrue_steps(AT + DAY)
    bought(reward.referral, "order-1", kind="refund", at=AT + 2 * DAY)
    jobs.claw_back(AT + 2 * DAY)
    assert dict(Reward.objects.values_list("tier__key", "state")) == {"thanks": "fulfilled", "order": "revoked"}
    assert StepDone.objects.count() == 1


def test_an_upgrade_is_given_in_place_of_the_tier_it_replaces() -> None:
    campaign, asha = paying(), make_customer("Asha Rao")
    make_tier(campaign, kind=RewardKind.CREDIT, amount=35, title="More", nth=3, key="more", replaces="thanks")
    amounts = [earned(campaign, asha, name).amount for name in FRIENDS[:4]]
    assert amounts == [20, 20, 35, 35]
    assert Reward.objects.count() == 4


def test_a_discount_is_percent_or_a_fixed_sum() -> None:
    campaign = paying(kind=RewardKind.DISCOUNT, amount="10")
    reward = earned(campaign)
    assert "a discount of 10 %" in Notice.objects.get(kind="reward_given").subject
    campaign.tiers.update(discount="fixed")
    fixed = earned(campaign, reward.beneficiary, "Dana Fox")
    assert (reward.currency, fixed.currency) == ("", "EUR")
    assert "a discount of 10.00 EUR" in Notice.objects.get(kind="reward_given", about=fixed.reference).subject


# --- the customer's choice ------------------------------------------------------------------------------------------
@pytest.fixture
def choice() -> Reward:
    """20 in credit, or a camera instead, for Asha to choose."""
    campaign = paying()
    pool = make_pool(units=2)
    make_tier(campaign, equipment_model=pool.model, title="A camera", key="camera", instead_of="thanks")
    return earned(campaign)


def camera_of(reward: Reward):
    return reward.referral.campaign.tiers.get(key="camera")


def test_a_reward_with_a_choice_waits_for_it_and_says_until_when(choice: Reward) -> None:
    assert (choice.state, choice.choose_by) == ("approved", AT + timedelta(days=7))
    assert [due.tier.key for due in preferring.choices_of(choice, at=AT)] == ["thanks", "camera"]
    letter = Notice.objects.get(kind="reward_choice").body_text
    assert "Thank you · A camera" in letter and "9 March 2026" in letter
    assert jobs.fulfil_approved_rewards(AT + 6 * DAY)["fulfilled"] == 0


def test_what_the_customer_chose_is_given(choice: Reward) -> None:
    asha = customer(choice.beneficiary.reference)
    preferring.prefer(reward=choice, tier=camera_of(choice), at=AT + DAY, by=asha)
    assert jobs.fulfil_approved_rewards(AT + DAY)["fulfilled"] == 1
    row = Reward.objects.select_related("loan").get(pk=choice.pk)
    assert (row.kind, row.amount, row.loan.state, row.unit_days) == ("equipment", None, "unlocked", 14)
    assert row.referral.campaign.spending.spent == 0
    with pytest.raises(RewardRefused, match="given_already"):
        preferring.prefer(reward=choice, tier=choice.tier, at=AT + DAY, by=asha)


def test_choosing_what_it_is_already_ends_the_waiting_and_a_second_thought_counts(choice: Reward) -> None:
    asha = customer(choice.beneficiary.reference)
    preferring.prefer(reward=choice, tier=camera_of(choice), at=AT + DAY, by=asha)
    preferring.prefer(reward=choice, tier=choice.tier, at=AT + DAY, by=asha)
    jobs.fulfil_approved_rewards(AT + DAY)
    assert ledger.balance(choice.beneficiary, "credit", "EUR") == 20


def test_who_never_chooses_gets_the_first(choice: Reward) -> None:
    jobs.fulfil_approved_rewards(AT + 7 * DAY)
    assert ledger.balance(choice.beneficiary, "credit", "EUR") == 20


def test_nobody_chooses_for_somebody_else_and_nothing_that_is_not_offered(choice: Reward) -> None:
    with pytest.raises(PermissionDenied):
        preferring.prefer(reward=choice, tier=camera_of(choice), at=AT, by=customer("cus_somebody"))
    other = make_tier(choice.referral.campaign, kind=RewardKind.CREDIT, amount=999, nth=9)
    with pytest.raises(RewardRefused, match="not_a_choice"):
        preferring.prefer(reward=choice, tier=other, at=AT, by=SYSTEM)


def test_a_promised_unit_is_given_back_when_something_else_is_chosen() -> None:
    campaign = paying()
    campaign.tiers.all().delete()
    pool = make_pool(units=1, model=make_model("Tent"))
    make_tier(campaign, side=Side.REFERRER, equipment_model=pool.model, key="tent", title="A tent")
    make_tier(campaign, kind=RewardKind.CREDIT, amount=10, key="money", title="10 EUR", instead_of="tent")
    asha = make_customer("Asha Rao")
    reward = give(verify(sign_up(issue_to(asha, campaign))))[0]
    assert pool.loans.get().state == "held"
    preferring.prefer(reward=reward, tier=campaign.tiers.get(key="money"), at=AT + DAY, by=customer(asha.reference))
    assert pool.loans.get().state == "cancelled"
