"""Questions of customers to us, and our answers: no question is lost, and each answer goes out once."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor, customer
from customers.models import Customer
from desk.moves import move
from notices import outbox
from referrals.models import HelpRequest
from referrals.models.voices import QUESTION_LENGTH
from referrals.refusals import BadInput, ReferralRefused
from referrals.states import HELP_MOVES, HelpState
from referrals.voices import plain_words

MOST_OPEN = 5
"""Questions of one customer that may wait for an answer at a time."""


def ask_for_help(*, customer: Customer, question: str, about: str = "", at: datetime, by: Actor) -> HelpRequest:
    """Keep a question for the desk. The same words again, while they wait, are the same question.

    Refuses with `question_missing`, `question_too_long`, `too_many_questions`.
    """
    _require_self(customer, by)
    words = plain_words.plain(question, limit=QUESTION_LENGTH)
    _check(words)
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        waiting = HelpRequest.objects.filter(customer=customer, state=HelpState.OPEN)
        known = waiting.filter(question=words).first()
        if known is not None:
            return known
        if waiting.count() >= MOST_OPEN:
            sentence = _("You have asked %(number)d questions that we have not answered yet. We answer those first.")
            raise ReferralRefused("too_many_questions", sentence % {"number": MOST_OPEN})
        row = HelpRequest.objects.create(customer=customer, about=about[:24], question=words, asked_at=at)
        trail.record("help_request.asked", about=row, by=by, at=at, concerns=[customer.reference, row.about])
    return row


def answer_help(*, request: HelpRequest, answer: str, at: datetime, by: Actor) -> None:
    """Answer a customer's question; the answer goes out as a message and stands on their page. Needs `referrals.answer_help`.

    Refuses with `answer_missing`, and with what `desk.moves.move` refuses when it was answered meanwhile.
    """
    by.require("referrals.answer_help")
    words = plain_words.plain(answer, limit=QUESTION_LENGTH)
    if not words:
        raise BadInput("answer_missing", "Write an answer; the customer gets it by e-mail.")
    with transaction.atomic():
        move(
            request,
            to=HelpState.ANSWERED,
            moves=HELP_MOVES,
            refusal=ReferralRefused,
            answer=words,
            answered_at=at,
            answered_by=by.name,
        )
        facts = {"question": request.question, "answer": words}
        outbox.queue("help_answered", to=request.customer, about=request.reference, facts=facts, at=at)
        trail.record("help_request.answered", about=request, by=by, at=at, concerns=[request.customer.reference, request.about])


def questions_of(customer: Customer) -> QuerySet[HelpRequest]:
    """A customer's own questions, the newest first."""
    return HelpRequest.objects.filter(customer=customer)


def _require_self(whose: Customer, by: Actor) -> None:
    if by != customer(whose.reference):
        by.require("referrals.answer_help")


def _check(words: str) -> None:
    if not words:
        raise BadInput("question_missing", _("Write your question."))
    if len(words) > QUESTION_LENGTH:
        raise BadInput("question_too_long", _("Write at most %(length)d characters.") % {"length": QUESTION_LENGTH})
