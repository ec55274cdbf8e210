"""Wake-ups: without them the sweep finds the same work a minute later. And what is said to lower apps: what leaves with a mail,
what is forgotten with a person.
"""

from typing import Any

from django.dispatch import receiver

from customers.erasing import register_eraser
from desk.queue import enqueue
from equipment.events import loan_moved
from equipment.states import LoanState
from notices import late_words
from referrals.events import referral_qualified, step_done
from rewards.portal import signing_in
from rewards.portal.forgetting import forget_person

_NEWS = frozenset({LoanState.WAITLISTED, LoanState.HELD, LoanState.ON_LOAN, LoanState.RETURNED, LoanState.EXPIRED})


@receiver(referral_qualified, dispatch_uid="rewards.accrue")
def wake_accrual(sender: Any, reference: str, **kwargs: Any) -> None:
    """Ask for the rewards of this referral now."""
    enqueue("rewards.jobs.accrue_referral", reference)


@receiver(step_done, dispatch_uid="rewards.accrue_step")
def wake_step_accrual(sender: Any, reference: str, **kwargs: Any) -> None:
    """Ask for the rewards of this referral's step now."""
    enqueue("rewards.jobs.accrue_referral", reference)


@receiver(loan_moved, dispatch_uid="rewards.follow_loan")
def wake_loan_news(sender: Any, reference: str, state: str, **kwargs: Any) -> None:
    """Ask for what follows from a loan's new state: a reward that waited for it, something to tell."""
    if state in _NEWS:
        enqueue("rewards.jobs.follow_loan", reference)


late_words.register(signing_in.KIND, signing_in.write_secrets)
register_eraser(forget_person)
