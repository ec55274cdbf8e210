"""The queue only wakes: what it loses is found by the sweep, and what it brings twice is done once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.signals import ModelSignal
from django.dispatch import Signal
from django_q.models import OrmQ

from audit.models import Entry
from audit.verifying import verify as verify_trail
from config.pending import oldest_pending
from config.schedules import Scheduled
from config.sweeping import sweep
from equipment.models import Loan
from notices.models import Notice
from referrals import events
from referrals.models import Referral
from rewards.models import Accrual, Reward
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(minutes=10)


@pytest.fixture
def referral(settings) -> Referral:
    """Asha's friend Ben signed up; two units are held."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return sign_up(issue_to(make_customer("Asha Rao"), make_campaign(pool=make_pool(units=2))))


def given() -> dict[str, object]:
    """What came of it, without what differs from run to run."""
    return {
        "referrals": list(Referral.objects.values_list("progress", "standing", "qualified_number")),
        "accruals": Accrual.objects.count(),
        "rewards": sorted(Reward.objects.values_list("side", "state")),
        "loans": sorted(Loan.objects.values_list("state", flat=True)),
        "notices": sorted(Notice.objects.values_list("kind", "state")),
        "entries": sorted(Entry.objects.exclude(event__startswith="notice.").values_list("event", flat=True)),
    }


def queued() -> list[tuple[str, tuple[object, ...]]]:
    """The jobs in the queue with their arguments; empties it."""
    jobs = [(row.task["func"], row.task["args"]) for row in OrmQ.objects.order_by("pk")]
    OrmQ.objects.all().delete()
    return jobs


def run_queue(times: int) -> None:
    """Run every wake-up `times` times, until none is left."""
    for _ in range(20):
        jobs = queued()
        for path, arguments in [job for job in jobs for _ in range(times)]:
            Scheduled(path, path).resolve()(*arguments)
    assert queued() == []


def all_went_well() -> None:
    after = given()
    assert after["accruals"] == 1
    assert after["rewards"] == [("referee", "fulfilled"), ("referrer", "fulfilled")]
    assert after["loans"] == ["unlocked", "unlocked"]
    assert {state for _, state in Notice.objects.values_list("kind", "state")} == {"sent"}
    assert verify_trail().is_intact
    assert oldest_pending(LATER + timedelta(hours=1)).seconds == 0


def test_a_queue_that_was_emptied_loses_nothing(referral):
    verify(referral)
    assert queued()
    sweep(LATER)
    queued()
    all_went_well()


def test_every_wake_up_twice_does_everything_once(referral):
    verify(referral)
    run_queue(times=2)
    before = given()
    sweep(LATER)
    queued()
    after = given()
    assert isinstance(after["notices"], list)
    after["notices"].remove(("friend_verified", "sent"))  # no hurry: it comes with the sweep of the minute, and has no wake-up
    assert after == before
    all_went_well()


def test_without_any_receiver_of_a_signal_the_sweep_finds_the_work(referral, deaf):
    verify(referral)
    assert not any("accrue" in path for path, _ in queued())
    sweep(LATER)
    queued()
    all_went_well()


@pytest.fixture
def deaf() -> Iterator[None]:
    """Nobody hears the signals of our events."""
    signals = [thing for thing in vars(events).values() if isinstance(thing, Signal) and not isinstance(thing, ModelSignal)]
    assert signals
    heard = [(signal, signal.receivers) for signal in signals]
    for signal in signals:
        signal.receivers = []
        signal.sender_receivers_cache.clear()
    yield
    for signal, receivers in heard:
        signal.receivers = receivers


def test_sweeping_twice_changes_nothing_the_second_time(referral):
    verify(referral)
    sweep(LATER)
    before = given()
    assert set(sweep(LATER).values()) == {0}
    assert given() == before
