"""Several people and the system on one decision at the same instant: one wins, and nothing happens twice or half."""

from datetime import timedelta

import pytest

from audit.actors import SYSTEM, Actor
from audit.models import Entry
from campaigns.models import Campaign
from equipment.models import Loan
from notices.models import Notice
from referrals.models import Code
from rewards import deciding, fulfilling, telling
from rewards.models import Approval, Budget, Reward
from rewards.refusals import RewardRefused
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.races.test_exactly_once import at_once
from tests.stories import give, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(hours=1)
END = LATER + deciding.UNDO_FOR
JUST_BEFORE = END - timedelta(milliseconds=1)


@pytest.fixture
def code() -> Code:
    return issue_to(make_customer("Asha Rao"), make_campaign(pool=make_pool(units=5), approval="manual", both_sides=False))


@pytest.fixture
def reward(code: Code) -> Reward:
    return give(verify(sign_up(code)))[0]


def fresh(reward: Reward) -> Reward:
    """The row as another request reads it."""
    return Reward.objects.select_related("referral__campaign", "beneficiary").get(pk=reward.pk)


def test_of_many_who_approve_and_decline_at_once_one_decides_and_the_others_are_told_who(reward: Reward) -> None:
    def decide(number: int) -> str:
        row, by = fresh(reward), Actor(f"staff:p{number}", trusted=True)
        if number % 2:
            deciding.approve(reward=row, at=LATER, by=by)
        else:
            deciding.decline(reward=row, note="No.", at=LATER, by=by)
        return by.name

    answers = at_once(decide, times=8)
    won = [answer for answer in answers if isinstance(answer, str)]
    lost = [answer for answer in answers if not isinstance(answer, str)]
    assert len(won) == 1
    assert {type(answer) for answer in lost} == {RewardRefused}
    assert all(won[0].removeprefix("staff:") in answer.sentence for answer in lost), lost
    decided = Approval.objects.get()
    assert {"approved": "approved", "declined": "rejected"}[decided.decision] == fresh(reward).state
    assert Entry.objects.filter(event__in=["reward.approved", "reward.declined"]).count() == 1


def test_undone_and_given_at_the_same_instant_is_one_or_the_other(code: Code) -> None:
    for name in ("Ben Okoro", "Cem Aydin", "Dana Fox"):
        reward = give(verify(sign_up(code, name)))[0]
        deciding.approve(reward=fresh(reward), at=LATER, by=SYSTEM)

        def act(number: int, reward: Reward = reward) -> str:
            if number % 2:
                deciding.undo(reward=fresh(reward), at=JUST_BEFORE, by=SYSTEM)
                return "undone"
            return str(fulfilling.fulfil(reward=fresh(reward), at=END, by=SYSTEM).state)

        answers = at_once(act, times=6)
        assert all(isinstance(answer, str | RewardRefused) for answer in answers), answers
        row = Reward.objects.select_related("loan").get(pk=reward.pk)
        undone = Approval.objects.filter(reward=reward, decision="undone").count()
        told = Notice.objects.filter(kind="reward_unlocked", about=reward.reference).count()
        if row.state == "held":
            assert (undone, told, row.loan) == (1, 0, None)
        else:
            assert (row.state, undone, told, row.loan.state) == ("fulfilled", 0, 1, "unlocked")


def test_a_decline_undone_and_carried_out_at_the_same_instant_is_one_or_the_other(code: Code) -> None:
    for name in ("Ben Okoro", "Cem Aydin", "Dana Fox"):
        reward = give(verify(sign_up(code, name)))[0]
        before = Budget.objects.get().rewards
        deciding.decline(reward=fresh(reward), note="No.", at=LATER, by=SYSTEM)

        def act(number: int, reward: Reward = reward) -> str:
            if number % 2:
                deciding.undo(reward=fresh(reward), at=JUST_BEFORE, by=SYSTEM)
                return "undone"
            return f"told {telling.carry_out_decline(reward=fresh(reward), at=END, by=SYSTEM)}"

        answers = at_once(act, times=6)
        assert all(isinstance(answer, str | RewardRefused) for answer in answers), answers
        told = Notice.objects.filter(kind="reward_declined", about=reward.reference).count()
        kept = Loan.objects.filter(promise__referral=reward.referral, state="held").count()
        if fresh(reward).state == "held":
            assert (answers.count("undone"), told, kept, Budget.objects.get().rewards) == (1, 0, 1, before)
        else:
            assert (answers.count("told True"), told, kept, Budget.objects.get().rewards) == (1, 1, 0, before - 1)


def test_two_who_undo_at_once_undo_once(reward: Reward) -> None:
    deciding.approve(reward=reward, at=LATER, by=SYSTEM)
    answers = at_once(lambda _: deciding.undo(reward=fresh(reward), at=JUST_BEFORE, by=SYSTEM), times=6)
    assert answers.count(None) == 1
    assert Approval.objects.filter(decision="undone").count() == 1


def test_one_budget_is_not_overrun_by_two_who_approve_its_last_reward(code: Code) -> None:
    rewards = [give(verify(sign_up(code, name)))[0] for name in ("Ben Okoro", "Cem Aydin", "Dana Fox")]
    Reward.objects.update(is_budgeted=False, cost=20)
    Budget.objects.update(spent=0, rewards=0)
    Campaign.objects.update(budget=40)
    answers = at_once(lambda number: deciding.approve(reward=fresh(rewards[number]), at=LATER, by=SYSTEM), times=3)
    assert answers.count(None) == 2
    assert [answer.code for answer in answers if isinstance(answer, RewardRefused)] == ["budget_reached"]
    assert Budget.objects.get().spent == 40
