"""What customers of the demo say, and what therefore waits for a colleague today."""

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from audit.actors import SYSTEM, Actor, customer
from campaigns.states import Approval
from config.demo.people import colleague
from customers.models import Customer
from desk.refusals import Refused
from equipment.models import Loan
from equipment.states import LoanState
from referrals import conversions
from referrals.models import Referral, Story
from referrals.states import FeedbackStep, Progress, StoryState
from referrals.voices import feedback, help_requests, stories
from rewards import appealing
from rewards.jobs import accrue_qualified_referrals
from rewards.models import Reward
from rewards.states import RewardState

_LIKED = [
    (FeedbackStep.RETURNING, 5, "In and out in five minutes."),
    (FeedbackStep.RETURNING, 4, ""),
    (FeedbackStep.BORROWING, 5, "Everything was in the bag, clean and charged."),
    (FeedbackStep.BORROWING, 4, "A second battery would have been good."),
    (FeedbackStep.COLLECTING, 5, "The colleague showed me how it works."),
    (FeedbackStep.COLLECTING, 2, "I had to wait for twenty minutes."),
]
_STORIES = [
    "We took the {model} on a weekend away and would not have bought one to find out. Collecting it took ten minutes.",
    "My sister had told me of it. The {model} was clean and ready, and the desk explained what I did not know.",
    "I wanted to try the {model} before I spend that much. Now I know what I want, and bringing it back was easy.",
]
_QUESTIONS = ["May I bring it back to another place than the one I fetched it from?", "Can my partner use it too, or only I?"]
_READ_AFTER = timedelta(days=4)
"""So long a story waits to be read, so that today there is something to read."""
_TODAY = 4
"""Purchases of today, each of which asks a person to decide."""


def after_a_loan(chance: random.Random, loan: Loan, *, at: datetime) -> None:
    """Some say how they liked it, and a few tell it to the friends of others."""
    who = loan.borrower
    if chance.random() < 0.35:
        step, score, words = chance.choice(_LIKED)
        referral = Referral.objects.filter(rewards__loan=loan).select_related("campaign").first()
        campaign = referral.campaign if referral else None
        feedback.give_feedback(
            customer=who, step=step, score=score, words=words, about=loan.reference, campaign=campaign, at=at, by=_self(who)
        )
        if campaign and score == 5 and chance.random() < 0.3:
            text = chance.choice(_STORIES).format(model=loan.pool.model.name)
            stories.submit_story(customer=who, campaign=campaign, text=text, consents=True, at=at, by=_self(who))


def read_stories(*, at: datetime) -> None:
    """The desk shows the stories it has had for a few days."""
    for story in Story.objects.filter(state=StoryState.SUBMITTED, submitted_at__lt=at - _READ_AFTER):
        stories.publish_story(story=story, at=at, by=colleague("mina"))


def leave_something_to_do(*, at: datetime) -> None:
    """On the last day: purchases that wait for a decision, questions for an answer, and an objection to what was declined."""
    bought = Referral.objects.filter(progress=Progress.VERIFIED, campaign__approval=Approval.MANUAL).select_related("referee")
    _each(bought.order_by("-signed_up_at")[:_TODAY], _buy, at=at - timedelta(hours=3))
    accrue_qualified_referrals(at - timedelta(hours=2))
    out = Loan.objects.filter(state=LoanState.ON_LOAN).select_related("borrower").order_by("pk")
    for loan, question in zip(out, _QUESTIONS, strict=False):
        asker = loan.borrower
        help_requests.ask_for_help(
            customer=asker, question=question, about=loan.reference, at=at - timedelta(hours=1), by=_self(asker)
        )
    declined = Reward.objects.filter(state=RewardState.REJECTED).select_related("beneficiary", "referral__campaign").order_by("-pk")
    _each(declined[:1], _object, at=at - timedelta(hours=1))


def _buy(referral: Referral, *, at: datetime) -> None:
    conversions.record_conversion(
        kind="purchase", external_id=f"order-{referral.reference}", customer=referral.referee, at=at, by=SYSTEM,
        amount=Decimal(120), currency=referral.campaign.currency,
    )  # fmt: skip


def _object(reward: Reward, *, at: datetime) -> None:
    words = "I exchanged the article for another size. I did not send it back."
    appealing.appeal(reward=reward, words=words, at=at, by=_self(reward.beneficiary))


def _each(rows: Iterable[Any], act: Callable[..., None], *, at: datetime) -> None:
    for row in list(rows):
        try:
            act(row, at=at)
        except Refused:
            # Not everybody may: a campaign may have run out, a decision may still be taken back.
            continue


def _self(one: Customer) -> Actor:
    return customer(one.reference)
