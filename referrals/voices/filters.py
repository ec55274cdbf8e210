"""By what stories, feedback and questions are picked out on lists."""

from customers.models import Customer
from desk.lists.filters import AtLeast, Choice, FromDay, ListFilters, Of, Row, ToDay
from referrals.filters import campaigns
from referrals.states import FeedbackStep, HelpState, StoryState


class StoryFilters(ListFilters):
    """Whether they are shown, and where."""

    state = Choice("state", "State", StoryState.choices)
    campaign = Row("campaign", "Campaign", campaigns)
    customer = Of("customer", "Customer", lambda request: Customer.objects.all())


class FeedbackFilters(ListFilters):
    """What it is about, how good it is."""

    step = Choice("step", "About", FeedbackStep.choices)
    campaign = Row("campaign", "Campaign", campaigns)
    score = AtLeast("score", "Score at least")
    given_from = FromDay("given_at", "Given from")
    given_to = ToDay("given_at", "Given to")
    customer = Of("customer", "Customer", lambda request: Customer.objects.all())
    more = ("given_from", "given_to")


class HelpFilters(ListFilters):
    """Whether they wait."""

    state = Choice("state", "State", HelpState.choices)
    asked_from = FromDay("asked_at", "Asked from")
    asked_to = ToDay("asked_at", "Asked to")
    customer = Of("customer", "Customer", lambda request: Customer.objects.all())
