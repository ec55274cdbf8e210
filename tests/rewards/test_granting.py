"""Rewards of a qualified referral: worked out once, screened first, given exactly once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns.models import Campaign, EligibilityRule
from campaigns.states import RewardKind, Rhythm, Side
from customers.models import Customer
from equipment import jobs as equipment_jobs
from equipment.models import Pool
from notices.models import Notice
from referrals import reviewing
from referrals.models import Code, Referral
from rewards import deciding, fulfilling, granting, jobs, ledger, revoking
from rewards.models import Accrual, Budget, Posting, Reward
from rewards.models import Entry as LedgerEntry
from rewards.refusals import RewardRefused
from rewards.states import RewardState
from tests.make import AT, make_campaign, make_customer, make_pool, make_tier
from tests.stories import bring_back, give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


def _credit_campaign(**changes: object) -> Campaign:
    campaign = make_campaign(pool=make_pool(), both_sides=False, **changes)
    campaign.tiers.all().delete()
    make_tier(campaign, kind=RewardKind.CREDIT, amount=Decimal("20.00"), cost=Decimal("20.00"), title="20 EUR credit")
    return campaign


def test_both_sides_get_their_held_unit_unlocked(code: Code) -> None:
    rewards = give(verify(sign_up(code)))
    assert [(r.side, r.state, r.loan.state if r.loan else "") for r in rewards] == [
        ("referrer", "fulfilled", "unlocked"),
        ("referee", "fulfilled", "unlocked"),
    ]


def test_the_trail_tells_of_a_reward_by_the_title_people_know(code: Code) -> None:
    referral = sign_up(code)
    give(verify(referral))
    title = referral.campaign.tiers.get(side=Side.REFERRER).title
    promised = Entry.objects.filter(event="promise.made", subject_reference=referral.reference).order_by("pk")
    assert promised[0].sentence.startswith(f"Promised the referrer “{title}” with the loan ")
    due = Entry.objects.get(event="reward.accrued", mentions__reference=referral.referrer.reference)
    assert due.sentence.startswith(f"Reward “{title}” became due to the referrer. “{title}” is due ")


def test_both_sides_are_told_how_to_set_it_up_and_how_to_return_it(code: Code) -> None:
    code.equipment_model.setup_guide, code.equipment_model.return_protocol = "Charge it first.", "Bring it with its bag."
    code.equipment_model.save()
    referral = verify(sign_up(code))
    give(referral)
    for person in (referral.referrer, referral.referee):
        body = Notice.objects.get(kind="reward_unlocked", customer=person).body_text
        assert "Charge it first." in body
        assert "Bring it with its bag." in body
        assert "/terms/loan-terms/1/" in body
        assert "/terms/campaign-terms/1/" in body
        assert "confirm" in body


def test_a_second_call_grants_nothing_more(code: Code) -> None:
    referral = verify(sign_up(code))
    give(referral)
    entries, notices = Entry.objects.count(), Notice.objects.count()
    give(referral, at=AT + timedelta(days=1))
    assert (Reward.objects.count(), Accrual.objects.count()) == (2, 1)
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)


def test_the_sweep_finds_what_nobody_was_woken_for(code: Code) -> None:
    verify(sign_up(code))
    assert jobs.accrue_qualified_referrals(AT + timedelta(hours=1)) == {"accrued": 1, "failed": 0}
    assert jobs.accrue_qualified_referrals(AT + timedelta(hours=1)) == {"accrued": 0, "failed": 0}
    assert set(Reward.objects.values_list("state", flat=True)) == {"fulfilled"}


def test_a_referral_that_gives_nothing_is_worked_out_once_too(pool: Pool, asha: Customer) -> None:
    campaign = make_campaign(pool=pool, both_sides=False)
    campaign.tiers.all().delete()
    make_tier(campaign, nth=3, rhythm=Rhythm.ONCE)
    verify(sign_up(issue_to(asha, campaign)))
    assert jobs.accrue_qualified_referrals(AT)["accrued"] == 1
    assert jobs.accrue_qualified_referrals(AT)["accrued"] == 0
    assert Accrual.objects.get().count == 0


def test_a_milestone_is_due_at_its_number_only(asha: Customer) -> None:
    campaign = _credit_campaign()
    campaign.tiers.update(nth=3, rhythm=Rhythm.ONCE)
    code = issue_to(asha, campaign)
    counts = [len(give(verify(sign_up(code, name)))) for name in ("Ben Okoro", "Cem Aydin", "Dana Fox", "Emil Berg")]
    assert counts == [0, 0, 1, 0]


def test_a_flagged_referral_waits_for_a_person_and_nothing_ships(code: Code) -> None:
    referral = verify(sign_up(code, email="ben@mailinator.com"))
    rewards = give(referral)
    assert {r.state for r in rewards} == {"held"}
    assert Notice.objects.filter(kind="reward_waiting").count() == 2
    with pytest.raises(RewardRefused, match="referral_not_clear"):
        deciding.approve(reward=rewards[0], at=AT, by=SYSTEM)
    reviewing.clear(referral=Referral.objects.get(pk=referral.pk), reason="Spoke on the phone.", at=AT, by=SYSTEM)
    deciding.approve(reward=rewards[0], at=AT, by=SYSTEM, note="Fine.")
    assert jobs.fulfil_approved_rewards(AT + timedelta(hours=1))["fulfilled"] == 1


def test_flagged_after_approval_goes_back_to_a_person(code: Code) -> None:
    referral = verify(sign_up(code))
    reward = granting.accrue(referral=referral, at=AT, by=SYSTEM)[0]
    reviewing.flag(referral=referral, reason="Late doubt.", at=AT, by=SYSTEM)
    assert fulfilling.fulfil(reward=reward, at=AT, by=SYSTEM).state == RewardState.HELD


def test_in_a_manual_campaign_a_person_approves_every_reward(code: Code, django_user_model: type) -> None:
    Campaign.objects.filter(pk=code.campaign_id).update(approval="manual")
    code.campaign.refresh_from_db()
    reward = give(verify(sign_up(code)))[0]
    assert (reward.state, reward.reason) == ("held", "In this campaign a person approves every reward.")
    eve = django_user_model.objects.create_user("eve")
    with pytest.raises(PermissionDenied):
        deciding.approve(reward=reward, at=AT, by=staff(eve))


def test_declining_needs_a_note_gives_the_unit_back_and_tells_the_customer(code: Code) -> None:
    Campaign.objects.filter(pk=code.campaign_id).update(approval="manual")
    code.campaign.refresh_from_db()
    reward = give(verify(sign_up(code)))[0]
    with pytest.raises(RewardRefused, match="note_missing"):
        deciding.decline(reward=reward, note="", at=AT, by=SYSTEM)
    deciding.decline(reward=reward, note="You must live in Germany.", at=AT + timedelta(hours=1), by=SYSTEM)
    assert reward.state == "rejected"
    assert jobs.carry_out_declines(AT + timedelta(hours=1, minutes=1)) == {"told": 1, "failed": 0}
    assert reward.referral.promises.get(side=reward.side).loan.state == "cancelled"
    assert "You must live in Germany." in Notice.objects.get(kind="reward_declined").body_text
    deciding.reopen(reward=reward, reason="They moved.", at=AT + timedelta(hours=2), by=SYSTEM)
    deciding.approve(reward=reward, at=AT + timedelta(hours=2), by=SYSTEM)
    assert fulfilling.fulfil(reward=reward, at=AT + timedelta(hours=2, minutes=1), by=SYSTEM).state == "fulfilled"


def test_a_referrer_who_no_longer_meets_a_criterion_is_held_with_its_words(code: Code) -> None:
    referral = verify(sign_up(code))
    EligibilityRule.objects.create(
        campaign=code.campaign, side="referrer", field="membership", operator="is", value="active", sentence="You are a member."
    )
    Customer.objects.filter(pk=code.customer_id).update(membership="lapsed")
    held = [r for r in give(referral) if r.side == Side.REFERRER]
    assert held[0].state == "held"
    assert "You are a member." in held[0].reason


def test_a_german_who_is_declined_reads_the_criterion_in_german(code: Code) -> None:
    campaign = code.campaign
    Campaign.objects.filter(pk=campaign.pk).update(translations={"de": {"You live in Germany.": "Du lebst in Deutschland."}})
    Customer.objects.filter(pk=code.customer_id).update(language="de", country="")
    referral = verify(sign_up(code))
    for field, value, sentence in (("country", "DE", "You live in Germany."), ("city", "Bonn", "Du lebst in Bonn.")):
        EligibilityRule.objects.create(
            campaign=campaign, side="referrer", field=field, operator="is", value=value, sentence=sentence, group="where"
        )
    referral.campaign.refresh_from_db()
    held = next(reward for reward in give(referral) if reward.side == Side.REFERRER)
    assert held.reason.endswith("One of these: You live in Germany; Du lebst in Bonn. Not known: country, city.")
    deciding.decline(reward=held, note="Das passt leider nicht.", at=AT + timedelta(hours=1), by=SYSTEM)
    jobs.carry_out_declines(AT + timedelta(hours=1, minutes=1))
    body = Notice.objects.get(kind="reward_declined").body_text
    assert "Du lebst in Deutschland; Du lebst in Bonn. Nicht bekannt: Land, Ort." in body
    assert "Not known" not in body and "You live" not in body


def test_credit_is_posted_once_and_sums_to_zero(asha: Customer) -> None:
    reward = give(verify(sign_up(issue_to(asha, _credit_campaign()))))[0]
    fulfilling.fulfil(reward=reward, at=AT, by=SYSTEM)
    assert reward.state == "fulfilled"
    assert ledger.balance(asha, "credit", "EUR") == Decimal("20.00")
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    assert LedgerEntry.objects.count() == 1
    assert "20.00 EUR" in Notice.objects.get(kind="reward_given").body_text


def test_a_reward_taken_back_is_reversed_by_an_entry_of_its_own(asha: Customer) -> None:
    reward = give(verify(sign_up(issue_to(asha, _credit_campaign()))))[0]
    revoking.revoke(reward=reward, reason="The order was returned.", at=AT + timedelta(days=2), by=SYSTEM)
    assert ledger.balance(asha, "credit", "EUR") == 0
    assert LedgerEntry.objects.count() == 2


def test_what_was_taken_back_by_mistake_is_given_again_in_full(asha: Customer) -> None:
    reward = give(verify(sign_up(issue_to(asha, _credit_campaign()))))[0]
    later = AT + timedelta(days=2)
    revoking.revoke(reward=reward, reason="The order was returned.", at=later, by=SYSTEM)
    deciding.reopen(reward=reward, reason="It was another order.", at=later, by=SYSTEM)
    deciding.approve(reward=reward, at=later, by=SYSTEM)
    fulfilling.fulfil(reward=reward, at=later + deciding.UNDO_FOR, by=SYSTEM)
    assert ledger.balance(asha, "credit", "EUR") == Decimal("20.00")
    assert LedgerEntry.objects.count() == 3
    assert Budget.objects.get().spent == Decimal("20.00")


def test_a_reward_taken_back_while_its_unit_is_out_can_be_given_again(code: Code) -> None:
    reward = give(verify(sign_up(code)))[0]
    assert reward.loan is not None
    hand_over(reward.loan, reward.loan.pool.units.first())
    later = AT + timedelta(days=2)
    revoking.revoke(reward=reward, reason="A doubt.", at=later, by=SYSTEM)
    deciding.reopen(reward=reward, reason="No doubt any more.", at=later, by=SYSTEM)
    deciding.approve(reward=reward, at=later, by=SYSTEM)
    assert jobs.fulfil_approved_rewards(later + deciding.UNDO_FOR)["fulfilled"] >= 1
    reward.refresh_from_db()
    assert (reward.state, reward.loan.state) == ("fulfilled", "on_loan")


def test_a_unit_not_yet_collected_is_withdrawn_with_its_reward(code: Code) -> None:
    reward = give(verify(sign_up(code)))[0]
    revoking.revoke(reward=reward, reason="It was fraud.", at=AT + timedelta(days=1), by=SYSTEM)
    reward.refresh_from_db()
    assert reward.loan is not None
    assert (reward.state, reward.loan.state) == ("revoked", "cancelled")


def test_a_budget_is_never_overrun_and_the_campaign_pauses_itself(asha: Customer) -> None:
    campaign = _credit_campaign(budget=Decimal("50.00"))
    code = issue_to(asha, campaign)
    referrals = [verify(sign_up(code, name)) for name in ("Ben Okoro", "Cem Aydin", "Dana Fox")]
    states = [give(referral)[0].state for referral in referrals]
    campaign.refresh_from_db()
    assert states == ["fulfilled", "fulfilled", "held"]
    assert Budget.objects.get().spent == Decimal("40.00")
    assert (campaign.state, "50.00" in campaign.state_reason) == ("paused", True)


@pytest.mark.parametrize("lowered", [{"budget": Decimal("10.00")}, {"total_cap": 1}])
def test_a_limit_lowered_below_what_is_committed_lets_nothing_more_through(asha: Customer, lowered: dict[str, object]) -> None:
    code = issue_to(asha, _credit_campaign(budget=Decimal("500.00"), total_cap=50))
    referrals = [verify(sign_up(code, name)) for name in ("Ben Okoro", "Cem Aydin", "Dana Fox")]
    assert [give(referral)[0].state for referral in referrals[:2]] == ["fulfilled", "fulfilled"]
    Campaign.objects.filter(pk=code.campaign_id).update(**lowered)
    assert give(referrals[2])[0].state == "held"
    assert (Budget.objects.get().rewards, Budget.objects.get().spent) == (2, Decimal("40.00"))


def test_one_referrer_gets_no_more_than_the_cap(asha: Customer) -> None:
    code = issue_to(asha, _credit_campaign(referrer_cap=1))
    states = [give(verify(sign_up(code, name)))[0].state for name in ("Ben Okoro", "Cem Aydin")]
    assert states == ["fulfilled", "cancelled"]


def test_a_discount_comes_with_its_code(asha: Customer) -> None:
    campaign = _credit_campaign()
    campaign.tiers.update(kind=RewardKind.DISCOUNT, amount=Decimal("10"))
    reward = give(verify(sign_up(issue_to(asha, campaign))))[0]
    assert reward.voucher
    assert reward.voucher in Notice.objects.get(kind="reward_given").body_text


def test_a_product_waits_for_a_person_to_send_it(asha: Customer) -> None:
    campaign = _credit_campaign()
    campaign.tiers.update(kind=RewardKind.PRODUCT, amount=None)
    reward = give(verify(sign_up(issue_to(asha, campaign))))[0]
    assert reward.state == "approved"
    assert fulfilling.mark_sent(reward=reward, at=AT + timedelta(days=1), by=SYSTEM).state == "fulfilled"


def test_who_waits_in_the_queue_is_unlocked_when_a_unit_comes_back(asha: Customer) -> None:
    pool = make_pool(units=1)
    campaign = make_campaign(pool=pool, both_sides=False)
    code = issue_to(asha, campaign)
    first = give(verify(sign_up(code)))[0]
    second = give(verify(sign_up(issue_to(make_customer("Dora Lind"), campaign), "Cem Aydin")))[0]
    second.refresh_from_db()
    assert first.loan is not None
    assert second.loan is not None
    assert (second.state, second.loan.state) == ("approved", "waitlisted")
    bring_back(hand_over(first.loan, pool.units.get()))
    second.loan.refresh_from_db()
    assert second.loan.state == "held"
    jobs.queue_loan_notices(AT + timedelta(days=10))
    assert Notice.objects.filter(kind="queue_promoted", customer=second.beneficiary).count() == 1
    jobs.fulfil_approved_rewards(AT + timedelta(days=10))
    second.refresh_from_db()
    assert (second.state, second.loan.state) == ("fulfilled", "held") or second.state == "fulfilled"


def test_a_hold_that_lapsed_before_the_proof_is_made_again(code: Code) -> None:
    referral = sign_up(code)
    late = AT + timedelta(days=20)
    equipment_jobs.expire_holds(late)
    rewards = give(verify(referral, at=late), at=late)
    assert {r.loan.state for r in rewards if r.loan} == {"unlocked"}
    assert Entry.objects.filter(event="promise.renewed").count() == 2
