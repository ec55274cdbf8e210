"""A customer objects to a decision once, a person answers, and every state has words and a date for the customer."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.actors import SYSTEM, Actor, customer, staff
from audit.models import Entry
from notices.models import Notice
from rewards import appealing, deciding, jobs, revoking, words
from rewards.models import Appeal, Reward
from rewards.refusals import RewardRefused
from rewards.states import RewardState
from tests.admin.conftest import As, At, approver, clock, signed_in_as
from tests.make import AT
from tests.rewards.given import DAY, earned, paying

__all__ = ["approver", "clock", "signed_in_as"]
pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
TOLD = LATER + deciding.UNDO_FOR


@pytest.fixture
def declined() -> Reward:
    """Asha's reward, declined, and she knows."""
    reward = earned(paying(approval="manual"))
    deciding.decline(reward=reward, note="No purchase.", at=LATER, by=SYSTEM)
    jobs.carry_out_declines(TOLD)
    return fresh(reward)


def fresh(reward: Reward) -> Reward:
    return words.rewards_of(reward.beneficiary).get(pk=reward.pk)


def asha(reward: Reward) -> Actor:
    return customer(reward.beneficiary.reference)


def object_to(reward: Reward, text: str = "I did buy something: order 17.") -> Appeal:
    return appealing.appeal(reward=reward, words=text, at=TOLD, by=asha(reward))


def test_the_customer_objects_once_per_decision_and_knows_by_when_it_is_answered(declined: Reward) -> None:
    made = object_to(declined)
    assert (made.about, made.answer_by) == ("No purchase.", date(2026, 3, 7))
    with pytest.raises(RewardRefused, match="appealed_already"):
        object_to(declined, "And once more.")
    status = words.status_of(fresh(declined), at=TOLD)
    assert (status.may_appeal, status.promised_by, status.appeal) == (False, date(2026, 3, 7), made)
    assert Entry.objects.filter(event="reward.appealed").count() == 1
    assert "order 17" not in Entry.objects.get(event="reward.appealed").data


def test_an_objection_overturned_gives_the_reward_after_all(declined: Reward) -> None:
    made = object_to(declined)
    appealing.answer(appeal=made, overturn=True, note="You are right, we found order 17.", at=AT + DAY, by=SYSTEM)
    jobs.fulfil_approved_rewards(AT + DAY + deciding.UNDO_FOR)
    assert fresh(declined).state == "fulfilled"
    assert "we found order 17" in Notice.objects.get(kind="appeal_answered").body_text


def test_an_objection_upheld_stays_and_the_next_decision_can_be_objected_to_again(declined: Reward) -> None:
    made = object_to(declined)
    appealing.answer(appeal=made, overturn=False, note="Order 17 was sent back.", at=AT + DAY, by=SYSTEM)
    assert words.status_of(fresh(declined), at=AT + DAY).next_step == "Order 17 was sent back."
    with pytest.raises(RewardRefused, match="appealed_already"):
        object_to(declined)
    with pytest.raises(RewardRefused, match="wrong_state"):
        appealing.answer(appeal=made, overturn=True, note="Second thoughts.", at=AT + DAY, by=SYSTEM)
    deciding.reopen(reward=declined, reason="They called.", at=AT + DAY, by=SYSTEM)
    deciding.decline(reward=declined, note="Still no purchase.", at=AT + DAY, by=SYSTEM)
    jobs.carry_out_declines(AT + DAY + deciding.UNDO_FOR)
    assert object_to(fresh(declined)).round == 2


def test_nobody_objects_for_somebody_else_without_words_or_before_being_told(declined: Reward) -> None:
    with pytest.raises(PermissionDenied):
        appealing.appeal(reward=declined, words="Mine!", at=TOLD, by=customer("cus_somebody"))
    for text, code in (("  ", "words_missing"), ("x" * 1001, "words_too_long")):
        with pytest.raises(RewardRefused, match=code):
            object_to(declined, text)
    given = earned(paying(), name="Dana Fox")
    with pytest.raises(RewardRefused, match="nothing_to_appeal"):
        object_to(given)
    waiting = earned(paying(approval="manual"), name="Emil Berg")
    deciding.decline(reward=waiting, note="No.", at=TOLD, by=SYSTEM)
    with pytest.raises(RewardRefused, match="nothing_to_appeal"):
        object_to(waiting)


def test_a_reward_taken_back_can_be_objected_to_as_well() -> None:
    reward = earned(paying())
    revoking.revoke(reward=reward, reason="The order came back.", at=LATER, by=SYSTEM)
    made = object_to(fresh(reward))
    appealing.answer(appeal=made, overturn=True, note="It was another order.", at=AT + DAY, by=SYSTEM)
    jobs.fulfil_approved_rewards(AT + DAY + deciding.UNDO_FOR)
    assert fresh(reward).state == "fulfilled"


@pytest.mark.parametrize("state", RewardState.values)
def test_every_state_has_a_label_and_a_sentence_and_only_an_open_one_a_date(state: str) -> None:
    reward = earned(paying())
    reward.state = state
    status = words.status_of(reward, at=LATER)
    assert status.label and status.sentence.endswith(".")
    assert (status.promised_by is not None) == (state in ("pending", "held", "approved", "failed"))


def test_a_decline_is_not_told_before_its_minute_is_over() -> None:
    reward = earned(paying(approval="manual"))
    deciding.decline(reward=reward, note="No purchase.", at=LATER, by=SYSTEM)
    before = words.status_of(fresh(reward), at=LATER)
    assert (before.label, before.why, before.may_appeal) == ("A person is looking at it", "", False)
    jobs.carry_out_declines(TOLD)
    after = words.status_of(fresh(reward), at=TOLD)
    assert (after.label, after.why, after.may_appeal) == ("Declined", "No purchase.", True)


def test_what_is_promised_and_not_there_is_late_and_says_so() -> None:
    reward = earned(paying(approval="manual"))
    assert not words.status_of(reward, at=AT + 3 * DAY).is_late
    assert words.status_of(reward, at=AT + 4 * DAY).is_late


# --- at the desk ----------------------------------------------------------------------------------------------------
def test_staff_read_what_was_decided_and_said_and_answer(approver: Client, clock: At, declined: Reward) -> None:
    made = object_to(declined)
    listed = approver.get("/admin/approvals/objections/").content.decode()
    assert "I did buy something: order 17." in listed and "7 Mar 2026" in listed
    page = f"/admin/approvals/objections/{made.reference}/"
    text = approver.get(page).content.decode()
    assert "No purchase." in text and "declined this reward" in text
    refused = approver.post(page, {"outcome": "uphold", "note": " "})
    assert refused.status_code == 422 and "the customer reads exactly this" in refused.content.decode()
    assert approver.post(page, {"outcome": "overturn", "note": "We found it."}).status_code == 302
    assert fresh(declined).state == "approved"
    again = approver.post(page, {"outcome": "uphold", "note": "No."})
    assert again.status_code == 409 and "We found it." in again.content.decode()


def test_who_may_not_answer_finds_no_objections(signed_in_as: As, clock: At, declined: Reward) -> None:
    made = object_to(declined)
    client = signed_in_as("Marketing manager")
    assert client.get("/admin/approvals/objections/").status_code == 403
    assert client.post(f"/admin/approvals/objections/{made.reference}/", {"outcome": "uphold", "note": "x"}).status_code == 403


# --- four eyes ------------------------------------------------------------------------------------------------------
def person(signed_in_as: As, name: str, role: str = "Approver") -> tuple[Client, Actor]:
    signed_in_as(role)
    user = User.objects.create(username=name, is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    User.objects.filter(username=role.split()[0].lower()).delete()
    client = Client()
    client.force_login(user)
    return client, staff(user)


def declined_by(actor: Actor) -> Reward:
    reward = earned(paying(approval="manual"))
    deciding.decline(reward=reward, note="No purchase.", at=LATER, by=actor)
    jobs.carry_out_declines(TOLD)
    return fresh(reward)


def test_who_declined_does_not_answer_the_objection_and_somebody_else_does(signed_in_as: As, clock: At) -> None:
    adas, ada = person(signed_in_as, "ada")
    bos, bo = person(signed_in_as, "bo")
    made = object_to(declined_by(ada))
    page = f"/admin/approvals/objections/{made.reference}/"
    assert "Somebody else has to answer" in adas.get(page).content.decode()
    refused = adas.post(page, {"outcome": "uphold", "note": "No."})
    assert refused.status_code == 409 and "Somebody else has to answer" in refused.content.decode()
    made.refresh_from_db()
    assert made.state == "open"
    assert bos.post(page, {"outcome": "uphold", "note": "Order 17 was sent back."}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.answered_by) == ("upheld", bo.name)
    assert "another person" in Entry.objects.get(event="reward.appeal_answered").data


def test_who_took_a_reward_back_does_not_answer_either(signed_in_as: As, clock: At) -> None:
    _adas, ada = person(signed_in_as, "ada")
    person(signed_in_as, "bo")
    reward = earned(paying())
    revoking.revoke(reward=reward, reason="The order came back.", at=LATER, by=ada)
    made = object_to(fresh(reward))
    with pytest.raises(RewardRefused, match="own_decision"):
        appealing.answer(appeal=made, overturn=True, note="It was another order.", at=AT + DAY, by=ada)


def test_where_nobody_else_may_the_same_person_answers_and_the_trail_says_so(signed_in_as: As, clock: At) -> None:
    _adas, ada = person(signed_in_as, "ada")
    person(signed_in_as, "mia", "Marketing manager")
    made = object_to(declined_by(ada))
    appealing.answer(appeal=made, overturn=False, note="Order 17 was sent back.", at=AT + DAY, by=ada)
    assert "the same person" in Entry.objects.get(event="reward.appeal_answered").data
