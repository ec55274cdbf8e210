"""Feedback is counted once per step; questions are answered once, and the answer goes out."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.actors import SYSTEM, Actor, customer
from audit.models import Entry
from campaigns.models import Campaign
from customers import erasing
from customers.models import Customer
from notices.models import Notice
from referrals.models import Feedback, HelpRequest
from referrals.refusals import ReferralRefused
from referrals.voices.feedback import averages, give_feedback
from referrals.voices.help_requests import MOST_OPEN, answer_help, ask_for_help, questions_of
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db


def test_the_newest_answer_about_a_step_counts(asha: Customer, campaign: Campaign, herself: Actor) -> None:
    for score, words in ((2, "Slow."), (5, "Better <b>now</b>.")):
        give_feedback(customer=asha, step="collecting", score=score, words=words, campaign=campaign, at=AT, by=herself)
    row = Feedback.objects.get()
    assert (row.score, row.words) == (5, "Better <b>now</b>.")
    assert Entry.objects.filter(event="feedback.given").count() == 2


def test_averages_are_by_step_of_one_campaign_or_of_all(asha: Customer, campaign: Campaign, herself: Actor) -> None:
    ben = make_customer("Ben Okoro")
    give_feedback(customer=asha, step="joining", score=4, campaign=campaign, at=AT, by=herself)
    give_feedback(customer=ben, step="joining", score=5, at=AT, by=customer(ben.reference))
    give_feedback(customer=asha, step="returning", score=1, campaign=campaign, at=AT, by=herself)
    assert [(one.label, one.score, one.count) for one in averages()] == [("Joining", 4.5, 2), ("Bringing it back", 1, 1)]
    assert [(one.step, one.score) for one in averages(campaign)] == [("joining", 4), ("returning", 1)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"step": "nothing"}, "step_unknown"),
        ({"score": 0}, "score_unknown"),
        ({"score": 6}, "score_unknown"),
        ({"words": "x" * 1001}, "words_too_long"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(asha: Customer, herself: Actor, changes: dict[str, object], why: str) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        give_feedback(**{"customer": asha, "step": "joining", "score": 3, "at": AT, "by": herself, **changes})  # type: ignore[arg-type]
    assert refusal.value.code == why


def test_the_database_refuses_scores_beyond_five_and_two_answers_about_one_step(asha: Customer) -> None:
    values = {"customer": asha, "step": "joining", "given_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(**values, score=6)
    Feedback.objects.create(**values, score=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(**values, score=4)


def test_an_answer_goes_out_once_with_the_question_above_it(asha: Customer, herself: Actor) -> None:
    request = ask_for_help(customer=asha, question="Where do I\r\ncollect it?", about="loan_1", at=AT, by=herself)
    answer_help(request=request, answer="In Berlin, from nine.", at=AT, by=SYSTEM)
    notice = Notice.objects.get(kind="help_answered")
    assert "Where do I\ncollect it?" in notice.body_text or "Where do I collect it?" in notice.body_text
    assert "In Berlin, from nine." in notice.body_text
    assert questions_of(asha).get().answer == "In Berlin, from nine."
    with pytest.raises(ReferralRefused) as refusal:
        answer_help(request=HelpRequest.objects.get(), answer="Again.", at=AT, by=SYSTEM)
    assert refusal.value.code == "wrong_state"
    assert Notice.objects.filter(kind="help_answered").count() == 1


def test_the_second_click_asks_nothing_twice_and_nobody_floods_the_desk(asha: Customer, herself: Actor) -> None:
    first = ask_for_help(customer=asha, question="Where?", at=AT, by=herself)
    assert ask_for_help(customer=asha, question=" Where? ", at=AT, by=herself) == first
    for number in range(MOST_OPEN - 1):
        ask_for_help(customer=asha, question=f"And {number}?", at=AT, by=herself)
    with pytest.raises(ReferralRefused) as refusal:
        ask_for_help(customer=asha, question="One more?", at=AT, by=herself)
    assert refusal.value.code == "too_many_questions"
    assert Entry.objects.filter(event="help_request.asked").count() == MOST_OPEN


@pytest.mark.parametrize(("question", "why"), [(" \n ", "question_missing"), ("x" * 2001, "question_too_long")])
def test_a_question_has_words_and_not_too_many(asha: Customer, herself: Actor, question: str, why: str) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        ask_for_help(customer=asha, question=question, at=AT, by=herself)
    assert refusal.value.code == why


def test_nobody_speaks_for_somebody_else_and_customers_answer_nothing(asha: Customer, herself: Actor) -> None:
    eve = customer(make_customer("Eve Lund").reference)
    with pytest.raises(PermissionDenied):
        ask_for_help(customer=asha, question="Where?", at=AT, by=eve)
    with pytest.raises(PermissionDenied):
        give_feedback(customer=asha, step="joining", score=1, at=AT, by=eve)
    request = ask_for_help(customer=asha, question="Where?", at=AT, by=herself)
    with pytest.raises(PermissionDenied):
        answer_help(request=request, answer="Here.", at=AT, by=herself)


def test_no_words_are_on_the_trail_and_erasing_takes_them_away(asha: Customer, herself: Actor) -> None:
    ask_for_help(customer=asha, question="Where is my secret place?", at=AT, by=herself)
    give_feedback(customer=asha, step="joining", score=4, words="My secret place.", at=AT, by=herself)
    assert not any("secret" in entry.data + entry.sentence for entry in Entry.objects.all())
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    request = HelpRequest.objects.get()
    assert (request.question, request.state, Feedback.objects.get().words) == ("", "answered", "")
