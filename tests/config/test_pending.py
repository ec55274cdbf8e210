"""The oldest due work is found in the state of the rows, whatever the queue says."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from config.pending import NOTHING, all_pending, oldest_pending, overdue
from equipment.states import LoanState
from tests.config.world import make_loan, make_notice, make_referral, make_reward

pytestmark = pytest.mark.django_db


def waiting(at) -> dict[str, int]:
    return {pending.what: pending.seconds for pending in all_pending(at)}


def test_nothing_waits_in_an_empty_house(at):
    assert oldest_pending(at) == NOTHING
    assert overdue(at, timedelta(0)) is None


def test_a_wake_up_nobody_took_waits_and_one_that_was_taken_does_not(at):
    OrmQ.objects.create(key="lendwell", payload="", lock=at - timedelta(seconds=40))
    OrmQ.objects.create(key="lendwell", payload="", lock=at + timedelta(seconds=200))
    assert waiting(at) == {"a wake-up in the queue": 40}


def test_a_notice_waits_from_the_instant_it_may_be_sent(at):
    make_notice(next_attempt_at=at - timedelta(seconds=90))
    make_notice(next_attempt_at=at + timedelta(hours=8))
    make_notice(state="sent", sent_at=at, next_attempt_at=at - timedelta(days=1))
    assert waiting(at) == {"a notice to send": 90}


def test_a_notice_whose_sender_died_waits_from_the_end_of_its_lease(at):
    make_notice(state="sending", lease_token="x", lease_until=at - timedelta(seconds=30))
    make_notice(state="sending", lease_token="y", lease_until=at + timedelta(seconds=30))
    assert waiting(at) == {"a notice whose sender died": 30}


def test_a_qualified_referral_waits_until_its_rewards_are_worked_out(at):
    since = at - timedelta(minutes=2)
    make_referral(progress="qualified", verified_at=since, qualified_at=since, qualified_number=1)
    make_referral(
        progress="qualified",
        verified_at=since,
        qualified_at=since,
        qualified_number=1,
        standing="blocked",
        standing_reason="Same address.",
    )
    make_referral(progress="verified", verified_at=since)
    assert waiting(at) == {"a qualified referral whose rewards are not worked out": 120}


def test_an_approved_reward_waits_only_when_its_unit_is_held(at):
    since = at - timedelta(minutes=3)
    make_reward(state="approved", approved_at=since, loan=make_loan(LoanState.HELD, at))
    make_reward(state="approved", approved_at=since - timedelta(days=9), loan=make_loan(LoanState.WAITLISTED, at))
    make_reward(state="held")
    assert waiting(at) == {"an approved reward that was not given": 180}


def test_the_oldest_of_all_kinds_is_the_one_that_counts(at):
    make_notice(next_attempt_at=at - timedelta(seconds=90))
    OrmQ.objects.create(key="lendwell", payload="", lock=at - timedelta(seconds=40))
    assert oldest_pending(at).what == "a notice to send"
    assert overdue(at, timedelta(seconds=89)) == oldest_pending(at)
    assert overdue(at, timedelta(seconds=90)) is None
