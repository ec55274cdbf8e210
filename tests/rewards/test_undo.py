"""A decision can be taken back within a minute, because nothing follows from it before."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM, Actor, staff
from audit.models import Entry
from campaigns.models import Campaign
from notices.models import Notice
from referrals.models import Code
from rewards import deciding, fulfilling, jobs
from rewards.models import Approval, Budget, Reward
from rewards.refusals import RewardRefused
from tests.make import AT
from tests.stories import give, sign_up, verify

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ADA, DEV = Actor("staff:ada", trusted=True), Actor("staff:dev", trusted=True)


@pytest.fixture
def reward(code: Code) -> Reward:
    """A reward that waits for a person."""
    Campaign.objects.filter(pk=code.campaign_id).update(approval="manual")
    code.campaign.refresh_from_db()
    return give(verify(sign_up(code)))[0]


def test_an_approved_reward_is_given_when_its_minute_is_over_and_not_before(reward: Reward) -> None:
    deciding.approve(reward=reward, at=LATER, by=ADA)
    assert jobs.fulfil_approved_rewards(LATER + MINUTE - timedelta(seconds=1))["fulfilled"] == 0
    assert fulfilling.fulfil(reward=reward, at=LATER, by=SYSTEM).state == "approved"
    assert jobs.fulfil_approved_rewards(LATER + MINUTE)["fulfilled"] == 1
    reward.refresh_from_db()
    assert (reward.state, reward.undo_until) == ("fulfilled", None)


def test_what_approves_itself_is_given_at_once(code: Code) -> None:
    reward = give(verify(sign_up(code)))[0]
    assert (reward.state, reward.undo_until) == ("fulfilled", None)


def test_an_approval_undone_waits_again_for_the_same_reason_and_is_not_given(reward: Reward) -> None:
    waited_for = reward.reason
    deciding.approve(reward=reward, at=LATER, by=ADA, note="Fine.")
    deciding.undo(reward=reward, at=LATER + timedelta(seconds=59), by=ADA)
    assert (reward.state, reward.reason, reward.approved_at, reward.undo_until) == ("held", waited_for, None, None)
    assert jobs.fulfil_approved_rewards(LATER + MINUTE)["fulfilled"] == 0
    assert list(Approval.objects.values_list("decision", flat=True)) == ["approved", "undone"]
    assert Entry.objects.get(event="reward.undone").sentence == "The decision “approved” was undone."


def test_a_decline_undone_has_told_nobody_and_given_nothing_back(reward: Reward) -> None:
    notices, committed = Notice.objects.count(), Budget.objects.get().rewards
    deciding.decline(reward=reward, note="No purchase.", at=LATER, by=ADA)
    assert jobs.carry_out_declines(LATER + timedelta(seconds=30)) == {"told": 0, "failed": 0}
    deciding.undo(reward=reward, at=LATER + timedelta(seconds=30), by=ADA)
    assert jobs.carry_out_declines(LATER + MINUTE) == {"told": 0, "failed": 0}
    assert (Notice.objects.count(), Budget.objects.get().rewards) == (notices, committed)
    assert reward.referral.promises.get(side=reward.side).loan.state == "held"
    deciding.decline(reward=reward, note="Still no purchase.", at=LATER + MINUTE, by=ADA)
    assert jobs.carry_out_declines(LATER + 2 * MINUTE)["told"] == 1
    assert jobs.carry_out_declines(LATER + 2 * MINUTE)["told"] == 0
    assert "Still no purchase." in Notice.objects.get(kind="reward_declined").body_text
    assert Budget.objects.get().rewards == committed - 1


def test_who_is_declined_a_second_time_reads_the_second_note(reward: Reward) -> None:
    for hour, note in ((1, "No purchase."), (3, "The purchase was returned.")):
        at = AT + timedelta(hours=hour)
        deciding.decline(reward=reward, note=note, at=at, by=ADA)
        jobs.carry_out_declines(at + MINUTE)
        deciding.reopen(reward=reward, reason="They called.", at=at + MINUTE, by=SYSTEM)
    bodies = " ".join(Notice.objects.filter(kind="reward_declined").values_list("body_text", flat=True))
    assert "No purchase." in bodies and "The purchase was returned." in bodies


def test_undoing_is_refused_after_the_minute_after_giving_and_without_a_decision(reward: Reward) -> None:
    with pytest.raises(RewardRefused, match="nothing_to_undo"):
        deciding.undo(reward=reward, at=LATER, by=ADA)
    deciding.approve(reward=reward, at=LATER, by=ADA)
    with pytest.raises(RewardRefused, match="too_late"):
        deciding.undo(reward=reward, at=LATER + MINUTE, by=ADA)
    jobs.fulfil_approved_rewards(LATER + MINUTE)
    with pytest.raises(RewardRefused, match="already_given"):
        deciding.undo(reward=reward, at=LATER + timedelta(seconds=5), by=ADA)


def test_who_may_not_decide_may_not_undo_or_ask(reward: Reward, django_user_model: type) -> None:
    eve = staff(django_user_model.objects.create_user("eve"))
    for verb in (lambda: deciding.undo(reward=reward, at=AT, by=eve), lambda: deciding.ask(reward=reward, note="?", at=AT, by=eve)):
        with pytest.raises(PermissionDenied):
            verb()


def test_asking_for_more_keeps_it_waiting_marks_the_day_and_writes_to_the_customer(reward: Reward) -> None:
    with pytest.raises(RewardRefused, match="note_missing"):
        deciding.ask(reward=reward, note=" ", at=LATER, by=ADA)
    deciding.ask(reward=reward, note="Please send the receipt.", at=LATER, by=ADA)
    reward.refresh_from_db()
    assert (reward.state, reward.asked_at) == ("held", LATER)
    assert "Please send the receipt." in Notice.objects.get(kind="reward_question").body_text
    deciding.ask(reward=reward, note="And the date of it.", at=LATER + MINUTE, by=ADA)
    assert Notice.objects.filter(kind="reward_question").count() == 2
    assert Entry.objects.filter(event="reward.asked").count() == 2
    deciding.approve(reward=reward, at=LATER + MINUTE, by=ADA)
    with pytest.raises(RewardRefused, match="changed_meanwhile"):
        deciding.ask(reward=reward, note="One more.", at=LATER + MINUTE, by=ADA)


def test_the_second_of_two_people_is_told_who_decided_what_and_when(reward: Reward) -> None:
    stale = Reward.objects.get(pk=reward.pk)
    deciding.approve(reward=reward, at=LATER, by=ADA)
    with pytest.raises(
        RewardRefused, match=r"ada approved this reward on 2 Mar 2026, 13:00 UTC\. It goes out by itself"
    ) as refusal:
        deciding.decline(reward=stale, note="No.", at=LATER, by=DEV)
    assert refusal.value.status == 409


def test_who_saw_an_older_state_of_things_decides_nothing_even_if_it_waits_again(reward: Reward) -> None:
    seen = deciding.version_of(reward, None)
    deciding.ask(reward=reward, note="The receipt?", at=LATER, by=ADA)
    with pytest.raises(RewardRefused, match="ada asked the customer for more"):
        deciding.approve(reward=reward, at=LATER, by=DEV, seen=seen)
    deciding.approve(reward=reward, at=LATER, by=DEV, seen=deciding.version_of(reward, deciding.newest_decision(reward)))
    assert reward.state == "approved"
