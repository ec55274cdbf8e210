"""The machine of rewards driven through random moves, valid and invalid: what must always hold, holds after each."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from audit.actors import SYSTEM, customer
from audit.models import Entry
from desk.refusals import Refused
from referrals import reviewing
from referrals.models import Referral
from rewards import appealing, deciding, fulfilling, jobs, preferring, redeeming, revoking, verifying
from rewards.models import Account, Appeal, Approval, Budget, Posting, Reward
from rewards.states import REWARD_MOVES, REWARD_TERMINAL, RewardState
from tests.make import AT, make_customer, make_tier
from tests.rewards.given import FRIENDS, paying
from tests.stories import give, issue_to, sign_up, verify

WHICH = st.integers(0, 8)
COUNTED = (RewardState.PENDING, RewardState.HELD, RewardState.APPROVED, RewardState.FULFILLED)


class Rewards(RuleBasedStateMachine):
    """One campaign with a budget for three rewards that cost, a person to approve, two things to choose from, and points for both sides."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = AT
        self.spent = 0
        self.campaign = paying(approval="manual", budget=Decimal(60), claim_within_days=9, balance_days=30, lapse_days=20)
        make_tier(self.campaign, kind="discount", amount=10, cost=20, title="10 % off", key="off", instead_of="thanks")
        make_tier(self.campaign, kind="points", amount=50, cost=0, title="50 points", key="points")
        make_tier(self.campaign, kind="points", amount=10, cost=0, title="Welcome", key="welcome", side="referee")
        self.asha = make_customer("Asha Rao")
        self.code = issue_to(self.asha, self.campaign)
        self.seen: dict[int, str] = {}

    def teardown(self) -> None:
        """Nothing of an example is left for the next."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for job in (jobs.claw_back, jobs.fulfil_approved_rewards, jobs.carry_out_declines, jobs.expire_unclaimed):
            assert job(self.now)["failed"] == 0

    @initialize()
    def a_friend_joined_and_all_was_given(self) -> None:
        self.a_friend_joins(0)
        self.all_that_waits_is_approved_and_goes_out()

    @rule()
    def all_that_waits_is_approved_and_goes_out(self) -> None:
        for reward in (
            Reward.objects.filter(state=RewardState.HELD).select_related("referral__campaign", "beneficiary").order_by("pk")
        ):
            self._try(lambda reward=reward: deciding.approve(reward=reward, at=self.now, by=SYSTEM))
        self.time_passes(1)

    @rule(which=WHICH)
    def a_friend_joins(self, which: int) -> None:
        at = self.now
        self._try(lambda: give(verify(sign_up(self.code, FRIENDS[which % len(FRIENDS)], at=at), at=at), at=at))

    @rule(
        which=WHICH,
        act=st.sampled_from(["approve", "decline", "undo", "reopen", "revoke", "appeal", "fulfil", "prefer", "overturn", "uphold"]),
    )
    def somebody_acts(self, which: int, act: str) -> None:
        rewards = list(Reward.objects.select_related("referral__campaign", "beneficiary", "tier__campaign").order_by("pk"))
        if which < len(rewards):
            self._try(lambda: self._act(rewards[which], act))

    @rule(which=WHICH, how=st.sampled_from([reviewing.flag, reviewing.clear, reviewing.block]))
    def a_referral_is_judged(self, which: int, how) -> None:
        referrals = list(Referral.objects.order_by("pk"))
        if which < len(referrals):
            self._try(lambda: how(referral=referrals[which], reason="Because.", at=self.now, by=SYSTEM))

    @rule(amount=st.integers(1, 30))
    def credit_is_spent(self, amount: int) -> None:
        self.spent += 1
        self._try(
            lambda: redeeming.redeem(
                customer=self.asha,
                kind="credit",
                unit="EUR",
                amount=Decimal(amount),
                external_id=f"till-{self.spent}",
                at=self.now,
                by=SYSTEM,
            )  # fmt: skip
        )

    def _act(self, reward: Reward, act: str) -> object:
        at, given = self.now, {"at": self.now, "by": SYSTEM}
        appeal = Appeal.objects.filter(reward=reward).order_by("pk").last() or Appeal(reward=reward, round=1, state="upheld")
        other = self.campaign.tiers.filter(key__in=["thanks", "off"]).exclude(pk=reward.tier_id).first()
        return {
            "approve": lambda: deciding.approve(reward=reward, **given),
            "decline": lambda: deciding.decline(reward=reward, note="No.", **given),
            "undo": lambda: deciding.undo(reward=reward, **given),
            "reopen": lambda: deciding.reopen(reward=reward, reason="Again.", **given),
            "revoke": lambda: revoking.revoke(reward=reward, reason="Taken.", **given),
            "fulfil": lambda: fulfilling.fulfil(reward=reward, **given),
            "prefer": lambda: preferring.prefer(reward=reward, tier=other, **given),
            "appeal": lambda: appealing.appeal(reward=reward, words="No!", at=at, by=customer(reward.beneficiary.reference)),
            "overturn": lambda: appealing.answer(appeal=appeal, overturn=True, note="Yes.", **given),
            "uphold": lambda: appealing.answer(appeal=appeal, overturn=False, note="No.", **given),
        }[act]()

    def _try(self, act) -> None:
        """An act that is refused in words has changed nothing and left no entry."""
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                act()
        except Refused as refusal:
            assert refusal.code and refusal.sentence
            assert Entry.objects.count() == before

    @invariant()
    def moves_are_those_of_the_table(self) -> None:
        for pk, state in Reward.objects.values_list("pk", "state"):
            was = self.seen.get(pk)
            assert was is None or was == state or state in _reachable(RewardState(was)), (was, state)
            self.seen[pk] = state

    @invariant()
    def one_reward_per_referral_tier_and_side(self) -> None:
        rows = list(Reward.objects.values_list("referral", "tier__key", "side"))
        keys = [(referral, {"off": "thanks"}.get(tier, tier), side) for referral, tier, side in rows]
        assert len(keys) == len(set(keys)), "what may be chosen instead counts as the same"

    @invariant()
    def the_budget_is_the_sum_of_what_is_committed_and_within_its_limit(self) -> None:
        committed = list(Reward.objects.filter(is_budgeted=True))
        budget = Budget.objects.filter(campaign=self.campaign).first() or Budget(spent=0, rewards=0)
        assert (budget.spent, budget.rewards) == (sum(row.cost for row in committed), len(committed))
        assert budget.spent <= 60
        assert all(row.state in COUNTED or row.state == RewardState.REJECTED for row in committed)

    @invariant()
    def every_balance_is_the_sum_of_its_postings_and_of_what_is_left_of_its_grants(self) -> None:
        for account in Account.objects.select_related("customer"):
            own = Posting.objects.filter(unit=account.unit).values_list("account", "amount")
            assert account.balance == sum(amount for name, amount in own if name == account.name)
            assert account.owed == -sum(amount for name, amount in own if name == account.owed_name)
            assert account.balance == sum(account.lots.values_list("left", flat=True))

    @invariant()
    def accounts_balance_and_are_never_below_nought(self) -> None:
        assert list(verifying.problems()) == []
        assert sum(Posting.objects.values_list("amount", flat=True)) == 0
        assert all(account.balance >= 0 and account.owed >= 0 for account in Account.objects.all())

    @invariant()
    def what_was_given_was_decided_and_what_ended_has_a_reason(self) -> None:
        for row in Reward.objects.filter(state=RewardState.FULFILLED):
            assert Approval.objects.filter(reward=row, decision="approved").exists()
            assert row.is_budgeted and row.fulfilled_at
        assert not Reward.objects.filter(state__in=REWARD_TERMINAL, reason="").exists()


def _reachable(state: RewardState) -> set[str]:
    """States within reach in some moves: a sweep may make several at once."""
    found, edge = {state}, {state}
    while edge:
        edge = {to for one in edge for to in REWARD_MOVES[one]} - found
        found |= edge
    return {str(one) for one in found}


@pytest.mark.django_db
def test_whatever_happens_to_rewards_in_whatever_order_what_must_hold_holds() -> None:
    run_state_machine_as_test(
        Rewards, settings=settings(max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
    )
