"""How customers liked each step, in a number and in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor, customer
from campaigns.models import Campaign
from customers.models import Customer
from referrals.models import Feedback
from referrals.models.voices import WORDS_LENGTH
from referrals.refusals import BadInput
from referrals.states import FeedbackStep
from referrals.voices import plain_words


@dataclass(frozen=True)
class Average:
    """What customers think of one step: the mean of so many scores from 1 to 5."""

    step: str
    label: str
    score: float
    count: int


def give_feedback(
    *,
    customer: Customer,
    step: str,
    score: int,
    words: str = "",
    about: str = "",
    campaign: Campaign | None = None,
    at: datetime,
    by: Actor,
) -> Feedback:
    """Keep how a customer liked a step (`states.FeedbackStep`). Given again about the same thing, the new answer counts.

    Refuses with `step_unknown`, `score_unknown` (1 to 5), `words_too_long`.
    """
    _require_self(customer, by)
    kept = plain_words.plain(words, limit=WORDS_LENGTH)
    _check(step, score, kept)
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        row, _made = Feedback.objects.update_or_create(
            customer=customer,
            step=step,
            about=about[:24],
            defaults={"score": score, "words": kept, "campaign": campaign, "given_at": at},
        )
        label = FeedbackStep(step).label.lower()
        trail.record("feedback.given", about=row, by=by, at=at, concerns=[customer.reference], step=label, score=score)
    return row


def averages(campaign: Campaign | None = None) -> list[Average]:
    """What customers think of each step they were asked about, in the order of the steps; of one campaign or of all."""
    rows = Feedback.objects.filter(campaign=campaign) if campaign else Feedback.objects.all()
    found = {step: (mean, number) for step, mean, number in _by_step(rows)}
    return [Average(step.value, str(step.label), *found[step.value]) for step in FeedbackStep if step.value in found]


def _by_step(rows: QuerySet[Feedback]) -> Any:
    return rows.order_by().values("step").annotate(mean=Avg("score"), number=Count("pk")).values_list("step", "mean", "number")


def _require_self(whose: Customer, by: Actor) -> None:
    if by != customer(whose.reference):
        by.require("referrals.answer_help")


def _check(step: str, score: int, words: str) -> None:
    if step not in FeedbackStep.values:
        raise BadInput("step_unknown", _("Choose what your answer is about."))
    if score not in range(1, 6):
        raise BadInput("score_unknown", _("Choose a number from 1 to 5."))
    if len(words) > WORDS_LENGTH:
        raise BadInput("words_too_long", _("Write at most %(length)d characters.") % {"length": WORDS_LENGTH})
