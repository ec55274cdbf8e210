"""Reading what is kept behind a permission of its own."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers.models import Customer


@dataclass(frozen=True)
class Reading:
    """One score as it was read: how high, from whom, of which day."""

    score: int
    source: str
    scored_on: date


def read_scores(*, customer: Customer, at: datetime, by: Actor) -> list[Reading]:
    """The credit scores of a customer, newest first; that they were read, and by whom, goes on the trail each time.

    Raises `PermissionDenied` without `customers.read_credit_score`.
    """
    by.require("customers.read_credit_score")
    with transaction.atomic():
        scores = [Reading(*row) for row in customer.credit_scores.values_list("score", "source", "scored_on")]
        trail.record("customer.score_read", about=customer, by=by, at=at, count=len(scores))
    return scores
