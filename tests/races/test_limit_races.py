"""Sixteen at once reach for the last of a limit, of one referrer's limit, of an account: it is never passed, and without the lock it is."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from audit.actors import SYSTEM
from campaigns.models import Campaign
from campaigns.states import RewardKind
from referrals import conversions
from referrals.models import Referral
from rewards import budget, clawing_back, deciding, granting, jobs, ledger, payouts, redeeming, referrer_limits, verifying
from rewards.models import Account, Approval, Budget, Clawback, Line, Reward
from rewards.models import Entry as LedgerEntry
from rewards.refusals import RewardRefused
from tests.make import AT, make_customer
from tests.races.test_exactly_once import at_once
from tests.rewards.given import DAY, earned, paying
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 16
ON_POSTGRESQL = connection.vendor == "postgresql"


def qualified(campaign: Campaign, *, one_referrer: bool) -> list[Referral]:
    """Sixteen referrals whose rewards are to be worked out."""
    asha = make_customer("Asha Rao")
    referrers = [asha if one_referrer else make_customer(f"Asha Rao {n}") for n in range(WORKERS)]
    found = [verify(sign_up(issue_to(referrers[n], campaign), f"{campaign.slug}-{n} Lind")) for n in range(WORKERS)]
    Referral.objects.update(standing="clear", standing_reason="", risk=0)
    return [Referral.objects.get(pk=referral.pk) for referral in found]


def accrue_all(referrals: list[Referral]) -> list[object]:
    return at_once(lambda n: granting.accrue(referral=referrals[n], at=AT + DAY, by=SYSTEM), times=WORKERS)


def approved() -> list[Reward]:
    return list(Reward.objects.filter(state="approved"))


@contextmanager
def no_lock(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, instead: Callable[..., object]):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, instead)
        yield


def looked_first(campaign: Campaign, reward: Reward, cost: Decimal) -> bool:
    """How it would be without the conditional update: look, then write."""
    seen = Budget.objects.get(campaign=campaign)
    if seen.limit is not None and seen.spent + cost > seen.limit:
        return False
    connection.cursor().execute("SELECT pg_sleep(0.3)" if ON_POSTGRESQL else "SELECT 1")
    return bool(Budget.objects.filter(pk=seen.pk).update(spent=seen.spent + cost, rewards=seen.rewards + 1))


def test_a_budget_for_four_reached_by_sixteen_gives_four_and_without_the_lock_more(monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRESQL:
        referrals = qualified(paying(budget=Decimal(80)), one_referrer=False)
        with no_lock(monkeypatch, budget, "_committed", looked_first):
            accrue_all(referrals)
        assert len(approved()) > 4, "the race is not shown"
    referrals = qualified(paying(budget=Decimal(80)), one_referrer=False)
    Reward.objects.update(state="cancelled")
    answers = accrue_all(referrals)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    campaign = Campaign.objects.get(pk=referrals[0].campaign_id)
    assert (len(approved()), campaign.spending.spent, campaign.state, campaign.is_used_up) == (4, 80, "paused", True)


def test_the_last_of_a_budget_is_shared_out_to_the_cent_by_sixteen() -> None:
    referrals = qualified(paying(budget=Decimal(90), last_reward="clamp"), one_referrer=False)
    assert not [answer for answer in accrue_all(referrals) if isinstance(answer, Exception)]
    assert sorted(reward.cost for reward in approved()) == [10, 20, 20, 20, 20]
    assert Budget.objects.get().spent == 90


def test_one_referrers_cap_of_three_is_not_passed_by_sixteen_friends_and_without_the_lock_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if ON_POSTGRESQL:
        referrals = qualified(paying(referrer_cap=3), one_referrer=True)
        with no_lock(monkeypatch, referrer_limits, "hold", lambda pk: None):
            accrue_all(referrals)
        assert len(approved()) > 3, "the race is not shown"
        Reward.objects.all().delete()
    referrals = qualified(paying(referrer_cap=3), one_referrer=True)
    assert not [answer for answer in accrue_all(referrals) if isinstance(answer, Exception)]
    mine = Reward.objects.filter(referral__campaign=referrals[0].campaign_id)
    assert sorted(mine.values_list("state", flat=True)) == ["approved"] * 3 + ["cancelled"] * 13


def move_blindly(reward: Reward, *, to: str, moves: object, refusal: object, **changes: object) -> None:
    """How it would be without the conditional update: write, whatever it is by now."""
    Reward.objects.filter(pk=reward.pk).update(state=to, **changes)


def test_approved_by_sixteen_at_once_is_approved_once_and_without_the_lock_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRESQL:
        hers = earned(paying(approval="manual"), name="Cem Aydin")
        all_have_looked = Barrier(WORKERS)
        monkeypatch.setattr(deciding, "_lock", lambda reward, seen: str(all_have_looked.wait(60)))
        monkeypatch.setattr(deciding, "move", move_blindly)
        at_once(lambda _: deciding.approve(reward=hers, at=AT + DAY, by=SYSTEM), times=WORKERS)
        monkeypatch.undo()
        assert Approval.objects.count() > 1, "the race is not shown"
        Approval.objects.all().delete()
        Reward.objects.filter(pk=hers.pk).update(state="cancelled", undo_until=None)
    reward = earned(paying(approval="manual"))
    rows = [Reward.objects.select_related("referral__campaign", "beneficiary").get(pk=reward.pk) for _ in range(WORKERS)]
    answers = at_once(lambda n: deciding.approve(reward=rows[n], at=AT + DAY, by=SYSTEM), times=WORKERS)
    assert answers.count(None) == 1
    assert {type(answer) for answer in answers if answer} == {RewardRefused}
    at_once(lambda _: jobs.fulfil_approved_rewards(AT + DAY + deciding.UNDO_FOR), times=8)
    assert (Approval.objects.count(), LedgerEntry.objects.count()) == (1, 1)


def test_one_balance_spent_by_sixteen_tills_at_once_is_spent_once() -> None:
    asha = earned(paying()).beneficiary

    def spend(number: int) -> object:
        return redeeming.redeem(
            customer=asha, kind="credit", unit="EUR", amount=Decimal(15), external_id=f"till-{number}", at=AT + DAY, by=SYSTEM
        )

    answers = at_once(spend, times=WORKERS)
    assert len([answer for answer in answers if isinstance(answer, LedgerEntry)]) == 1
    assert {answer.code for answer in answers if isinstance(answer, RewardRefused)} == {"balance_too_small"}
    assert (Account.objects.get().balance, list(verifying.problems())) == (5, [])


def test_one_refund_delivered_sixteen_times_takes_back_once() -> None:
    reward = earned(paying(proof="verified_signup"))
    told = {"kind": "refund", "external_id": "order-1", "customer": reward.referral.referee, "at": AT + DAY, "by": SYSTEM}
    refund = conversions.record_conversion(amount=Decimal(90), currency="EUR", referral=reward.referral, **told)
    key = clawing_back.refund_key("order-1")

    def act(_: int) -> object:
        row = Reward.objects.get(pk=reward.pk)
        return clawing_back.take_back(
            referral=refund.referral, cause="refund", key=key, reason="Refunded.", rewards=[row], at=AT + timedelta(days=2), by=SYSTEM
        )  # fmt: skip

    answers = at_once(act, times=WORKERS)
    assert {type(answer) for answer in answers} == {Clawback}, answers
    assert (Clawback.objects.count(), LedgerEntry.objects.filter(kind="reversal").count()) == (1, 1)
    assert ledger.balance(reward.beneficiary, "credit", "EUR") == 0


def test_two_who_gather_the_same_payments_gather_them_once() -> None:
    earned(paying(kind=RewardKind.CASH))
    answers = at_once(lambda _: payouts.gather(currency="EUR", at=AT + DAY, by=SYSTEM), times=8)
    refused = [answer for answer in answers if isinstance(answer, RewardRefused)]
    assert (len(refused), Line.objects.count()) == (7, 1), answers
