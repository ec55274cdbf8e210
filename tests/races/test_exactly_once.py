"""The same event delivered twenty times at once happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.models import Campaign
from campaigns.states import RewardKind
from equipment.models import Loan
from notices.models import Notice
from referrals import conversions, jobs
from referrals.models import Code, Conversion, Credit, Referral
from rewards import fulfilling, granting
from rewards.models import Accrual, Budget, Reward
from rewards.models import Entry as LedgerEntry
from tests.make import AT, make_campaign, make_customer, make_pool, make_tier
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20


def at_once(act: Callable[[int], object], times: int = TIMES) -> list[object]:
    """Run `act` in as many threads, all let go at the same instant; exceptions are answered, not raised."""
    gate = Barrier(times)

    def run(number: int) -> object:
        try:
            gate.wait(30)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def code() -> Code:
    campaign = make_campaign(pool=make_pool(units=5))
    make_tier(campaign, kind=RewardKind.CREDIT, amount=Decimal("20.00"), cost=Decimal("20.00"), title="20 EUR credit")
    return issue_to(make_customer("Asha Rao"), campaign)


def test_one_sign_up_sent_twenty_times_is_one_referral(code: Code) -> None:
    answers = at_once(lambda _: sign_up(code))
    assert {type(answer) for answer in answers} == {Referral}
    assert (Referral.objects.count(), Loan.objects.count(), Credit.objects.count()) == (1, 2, 1)
    assert Notice.objects.filter(kind="verify_email").count() == Notice.objects.filter(kind="friend_signed_up").count() == 1
    assert Entry.objects.filter(event="referral.signed_up").count() == 1


def test_one_verification_sent_twenty_times_is_one_qualification_and_one_grant(code: Code) -> None:
    referral = sign_up(code)
    answers = at_once(lambda _: verify(referral))
    assert {type(answer) for answer in answers} == {Referral}
    assert Entry.objects.filter(event="referral.qualified").count() == 1
    assert Code.objects.filter(customer=referral.referee).count() == 1
    assert Notice.objects.filter(kind="code_issued").count() == 1


def test_one_qualified_referral_worked_out_twenty_times_gives_once(code: Code) -> None:
    referral = verify(sign_up(code))

    def work_out(_: int) -> None:
        for reward in granting.accrue(referral=referral, at=AT + timedelta(hours=1), by=SYSTEM):
            fulfilling.fulfil(reward=reward, at=AT + timedelta(hours=1), by=SYSTEM)

    assert at_once(work_out) == [None] * TIMES
    assert (Accrual.objects.count(), Reward.objects.count(), LedgerEntry.objects.count()) == (1, 3, 1)
    assert set(Reward.objects.values_list("state", flat=True)) == {"fulfilled"}
    assert (Budget.objects.get().rewards, Budget.objects.get().spent) == (3, Decimal("20.00"))
    assert Notice.objects.filter(kind="reward_unlocked").count() == 2
    assert Notice.objects.filter(kind="reward_given").count() == 1
    assert Entry.objects.filter(event="reward.fulfilled").count() == 3


def test_one_purchase_told_twenty_times_is_one_conversion_and_one_qualification(code: Code) -> None:
    Campaign.objects.update(proof="first_purchase")
    code.campaign.refresh_from_db()
    referral = verify(sign_up(code))

    def buy(_: int) -> None:
        at = AT + timedelta(days=1)
        conversions.record_conversion(
            kind="purchase", external_id="order-1", customer=referral.referee, at=at, by=SYSTEM, amount=Decimal(90), currency="EUR"
        )
        jobs.qualify_ripe_referrals(at)

    assert at_once(buy) == [None] * TIMES
    assert Conversion.objects.filter(kind="purchase").count() == 1
    assert Entry.objects.filter(event="referral.qualified").count() == 1


def test_friends_of_one_referrer_who_qualify_at_once_get_different_numbers(code: Code) -> None:
    names = [f"Friend{n} Lind" for n in range(8)]
    referrals = [sign_up(code, name) for name in names]
    answers = at_once(lambda n: verify(referrals[n]).qualified_number, times=8)
    assert sorted(answers, key=str) == list(range(1, 9))


def test_a_cap_reached_by_many_at_once_is_never_passed(code: Code) -> None:
    Campaign.objects.update(total_cap=4)
    code.campaign.refresh_from_db()
    code.campaign.tiers.exclude(kind=RewardKind.CREDIT).delete()
    referrals = [verify(sign_up(code, f"Friend{n} Lind")) for n in range(12)]
    Referral.objects.update(standing="clear", standing_reason="")
    answers = at_once(lambda n: granting.accrue(referral=referrals[n], at=AT, by=SYSTEM), times=12)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Reward.objects.filter(state="approved").count() == 4
    assert Budget.objects.get().rewards == 4
