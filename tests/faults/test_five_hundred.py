"""Five hundred referrals qualify while workers and whole clusters are killed at random: none is lost, none is doubled."""

import os
import random
import signal
import time
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from audit.models import Entry
from audit.verifying import verify
from campaigns.models import Campaign
from config import scheduling
from config.sweeping import sweep
from customers.models import Customer
from equipment.models import Loan, Unit
from equipment.states import CONSUMING, LoanState
from notices.models import Notice
from notices.states import NoticeState
from referrals.models import Promise, Referral
from referrals.states import Progress
from rewards.models import Accrual, Reward
from rewards.states import RewardState
from tests.faults.background import Background, wait_for
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

COUNT = 500
UNITS = 480
"""Fewer than referrals: those who come last wait in the queue."""
REFERRERS = 25
KILLS = 16


@pytest.fixture
def campaign() -> Campaign:
    """Five hundred verified referrals with what was promised to their referrers, and nothing worked out yet.

    Written as rows, not by the verbs: it is what comes after that is tried here, all of it in processes that are killed.
    """
    campaign = make_campaign(pool=make_pool(units=UNITS), both_sides=False)
    now = timezone.now() - timedelta(minutes=1)
    codes = [issue_to(make_customer(f"Asha{n} Rao"), campaign, at=now) for n in range(REFERRERS)]
    friends = [make_customer(f"Ben{n} Okoro", membership="prospect", member_since=None, verified_at=now) for n in range(COUNT)]
    referrals = Referral.objects.bulk_create(
        Referral(
            campaign=campaign,
            code=codes[n % REFERRERS],
            referrer=codes[n % REFERRERS].customer,
            referee=friend,
            progress=Progress.VERIFIED,
            progress_reason="Verified by the test.",
            signed_up_at=now,
            verified_at=now,
            proof_due_at=now + timedelta(days=30),
        )
        for n, friend in enumerate(friends)
    )
    loans = Loan.objects.bulk_create(_loan(campaign, referral, number, now) for number, referral in enumerate(referrals))
    tier = campaign.tiers.get()
    Promise.objects.bulk_create(
        Promise(referral=referral, side=tier.side, tier=tier, loan=loan, made_at=now)
        for referral, loan in zip(referrals, loans, strict=True)
    )
    return campaign


def _loan(campaign: Campaign, referral: Referral, number: int, at: datetime) -> Loan:
    """Held as far as units go, in the queue from there."""
    end = at + timedelta(days=30)
    held = {"state": LoanState.HELD, "starts_at": at, "blocked_until": end + timedelta(days=30), "hold_expires_at": end}
    waiting = {"state": LoanState.WAITLISTED, "queued_at": at, "place_at_joining": number - UNITS + 1}
    return Loan(
        pool=campaign.equipment_model.pools.get(),
        borrower=referral.referrer,
        purpose=f"{referral.reference}:referrer:{campaign.tiers.get().pk}:1",
        account=campaign.slug,
        terms=campaign.loan_terms,
        created_at=at,
        **(held if number < UNITS else waiting),
    )


def test_five_hundred_referrals_under_random_kills(campaign, tmp_path):
    scheduling.sync()
    with Background(tmp_path, stall_seconds=15) as background:
        kill_at_random(background, random.Random(500))
        wait_for(everything_done, 300, "everything is done")
        assert background.stop() == 0
    sweep(timezone.now() + timedelta(hours=1))  # senders that were killed left their leases; those run out
    nothing_lost_nothing_doubled(campaign)


def kill_at_random(background: Background, chance: random.Random) -> None:
    """Kill workers, and now and then the whole cluster, while there is work."""
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 0.9))
        group = background.group
        if group is None:
            continue
        with suppress(ProcessLookupError, ValueError):
            if number % 6 == 5:
                os.killpg(group, signal.SIGKILL)
            else:
                part = chance.choice(["worker", "other worker"])
                os.kill(background.parts()[part], signal.SIGKILL)


def everything_done() -> bool:
    held = Reward.objects.filter(state=RewardState.APPROVED, loan__state=LoanState.HELD)
    return Accrual.objects.count() == COUNT and not held.exists() and not Notice.objects.filter(state=NoticeState.QUEUED).exists()


def nothing_lost_nothing_doubled(campaign: Campaign) -> None:
    assert Referral.objects.filter(progress=Progress.QUALIFIED).count() == COUNT
    assert Reward.objects.values("referral", "side").distinct().count() == Reward.objects.count() == COUNT
    fulfilled = Reward.objects.filter(state=RewardState.FULFILLED)
    assert fulfilled.count() == UNITS == Loan.objects.filter(state=LoanState.UNLOCKED).count()
    assert fulfilled.values("loan").distinct().count() == UNITS
    assert Loan.objects.filter(state__in=CONSUMING).count() <= Unit.objects.count()
    for referrer in Customer.objects.filter(referrals_made__isnull=False).distinct():
        numbers = referrer.referrals_made.order_by("qualified_number").values_list("qualified_number", flat=True)
        assert list(numbers) == list(range(1, COUNT // REFERRERS + 1))
    for event, times in {"referral.qualified": COUNT, "reward.accrued": COUNT, "reward.fulfilled": UNITS}.items():
        entries = Entry.objects.filter(event=event)
        assert (entries.count(), entries.values("subject_reference").distinct().count()) == (times, times)
    assert not Notice.objects.values("kind", "about", "customer").annotate(times=Count("pk")).filter(times__gt=1).exists()
    assert Notice.objects.filter(kind="reward_unlocked").count() == UNITS
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert verify().problems == []
