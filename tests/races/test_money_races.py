"""Money reached for by many at the same instant: first without what keeps it right, then with it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from audit import trail
from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.states import RewardKind
from customers.models import Customer
from referrals.models import Conversion, Referral
from referrals.states import Standing
from rewards import clawing_back, jobs, ledger, payouts, redeeming, revoking, verifying
from rewards.models import Account, Batch, Budget, Clawback, Line, Posting, Reward
from rewards.models import Entry as LedgerEntry
from rewards.refusals import RewardRefused
from tests.make import AT, make_customer
from tests.races.test_exactly_once import at_once
from tests.rewards.given import DAY, bought, earned, paying

pytestmark = pytest.mark.django_db(transaction=True)
TILLS = 8
ON_POSTGRESQL = connection.vendor == "postgresql"
"""SQLite has one writer at a time: there the race cannot be shown, only that nothing breaks."""


def meet(racers: int) -> Callable[[], None]:
    """Lets all go on together; whoever comes late or alone goes on, too."""
    gate = Barrier(racers)

    def wait() -> None:
        try:
            gate.wait(10)
        except BrokenBarrierError:
            return

    return wait


# Spending an account


def spend(asha: Customer) -> list[object]:
    """Fifteen of the twenty on her account, asked for at every till at once."""

    def at_a_till(number: int) -> object:
        return redeeming.redeem(
            customer=asha,
            kind="credit",
            unit="EUR",
            amount=Decimal(15),
            external_id=f"till-{asha.pk}-{number}",
            at=AT + DAY,
            by=SYSTEM,
        )

    return at_once(at_a_till, times=TILLS)


def redeemed() -> Decimal:
    return Posting.objects.filter(account="redeemed:credit").aggregate(total=Sum("amount"))["total"] or Decimal(0)


def test_one_balance_is_spent_once_and_without_the_lock_at_every_till(monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRESQL:
        asha, all_have_looked = earned(paying()).beneficiary, meet(TILLS)

        def look_only(customer: Customer, kind: str, unit: str) -> Account:
            seen = Account.objects.select_related("customer").get(customer=customer, kind=kind, unit=unit)
            all_have_looked()
            return seen

        monkeypatch.setattr(ledger, "account_for", look_only)
        spend(asha)
        monkeypatch.undo()
        assert redeemed() > 20, "the race is not shown"
    before = redeemed()
    asha = earned(paying(), make_customer("Asha Rao"), "Cem Aydin").beneficiary
    answers = spend(asha)
    assert len([answer for answer in answers if isinstance(answer, LedgerEntry)]) == 1
    assert {answer.code for answer in answers if isinstance(answer, RewardRefused)} == {"balance_too_small"}
    account = Account.objects.get(customer=asha)
    assert (redeemed() - before, account.balance, account.owed, list(verifying.problems())) == (15, 5, 0, [])


# A refund and a block in the same instant


def taken_back_twice(reward: Reward) -> tuple[Conversion, Referral]:
    """The friend's purchase is refunded, and the referral is blocked."""
    refund = bought(reward.referral, f"order-{reward.pk}", kind="refund")
    Referral.objects.filter(pk=reward.referral_id).update(standing=Standing.BLOCKED, standing_reason="Fraud.")
    return refund, Referral.objects.get(pk=reward.referral_id)


def take_back(refund: Conversion, referral: Referral, reward: Reward) -> list[object]:
    later = AT + timedelta(days=2)

    def act(number: int) -> object:
        row = Reward.objects.get(pk=reward.pk)
        if number % 2:
            return clawing_back.after_block(referral=referral, at=later, by=SYSTEM)
        key = clawing_back.refund_key(refund.external_id)
        return clawing_back.take_back(
            referral=referral, cause="refund", key=key, reason="Refunded.", rewards=[row], at=later, by=SYSTEM
        )  # fmt: skip

    return at_once(act, times=2)


def withdrawals(reward: Reward) -> int:
    return Entry.objects.filter(event="reward.withdrawn", subject_reference=reward.reference).count()


def test_a_refund_and_a_block_take_back_once_and_without_the_lock_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRESQL:
        reward, both_have_looked = earned(paying()), meet(2)

        def move_blindly(row: Reward, *, to: str, moves: object, refusal: object, **changes: object) -> None:
            both_have_looked()
            Reward.objects.filter(pk=row.pk).update(state=to, **changes)

        unlocked = SimpleNamespace(objects=SimpleNamespace(select_for_update=lambda **of: Reward.objects.all()))
        monkeypatch.setattr(revoking, "Reward", unlocked)
        monkeypatch.setattr(revoking, "move", move_blindly)
        take_back(*taken_back_twice(reward), reward)
        monkeypatch.undo()
        assert withdrawals(reward) == 2, "the race is not shown"
    reward = earned(paying(), make_customer("Asha Rao"), "Cem Aydin")
    refund, referral = taken_back_twice(reward)
    answers = take_back(refund, referral, reward)
    assert {type(answer) for answer in answers} <= {Clawback, RewardRefused}, answers
    jobs.claw_back(AT + timedelta(days=2))
    assert (withdrawals(reward), LedgerEntry.objects.filter(reward=reward, kind="reversal").count()) == (1, 1)
    assert Clawback.objects.filter(key=clawing_back.refund_key(refund.external_id)).count() == 1
    assert (ledger.balance(reward.beneficiary, "credit", "EUR"), list(verifying.problems())) == (0, [])
    assert Budget.objects.get(campaign=referral.campaign).spent == 0


# Gathering payments


@pytest.fixture
def without_witness() -> Iterator[None]:
    """The database itself refuses a reward in two open payments; here it is asked not to, and afterwards it is again."""
    (unique,) = (one for one in Line._meta.constraints if one.name == "payment_once_per_reward_and_round")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Line, unique)
    yield
    Line.objects.all().delete()
    Batch.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Line, unique)


def record(*args: Any, **rest: Any) -> object:
    with transaction.atomic():
        return trail.record(*args, **rest)


def gather_at_once() -> list[object]:
    return at_once(lambda _: payouts.gather(currency="EUR", at=AT + DAY, by=SYSTEM), times=4)


@pytest.mark.usefixtures("without_witness")
def test_without_lock_and_witness_a_payment_is_gathered_by_everybody_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    reward = earned(paying(kind=RewardKind.CASH))
    everyone_has_looked, payable = meet(4), payouts.payable

    class Unlocked:
        """The rewards as everybody sees them who looks before anybody writes."""

        def filter(self, **which: str) -> "Unlocked":
            self.found = list(payable().filter(**which))
            return self

        def select_for_update(self, **of: object) -> list[Reward]:
            everyone_has_looked()
            return self.found

    monkeypatch.setattr(payouts, "payable", Unlocked)
    monkeypatch.setattr(payouts, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(payouts, "trail", SimpleNamespace(record=record))
    gather_at_once()
    monkeypatch.undo()
    assert Line.objects.filter(reward=reward).count() > 1


def test_a_payment_gathered_by_four_at_once_goes_out_once() -> None:
    reward = earned(paying(kind=RewardKind.CASH))
    answers = gather_at_once()
    refused = {answer.code for answer in answers if isinstance(answer, RewardRefused)}
    assert (len([answer for answer in answers if isinstance(answer, Batch)]), Line.objects.filter(reward=reward).count()) == (1, 1)
    assert refused <= {"nothing_to_pay", "changed_meanwhile"}, answers
