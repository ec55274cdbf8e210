"""Wake-ups only: delete this file and the sweep finds the same work a minute later."""

from typing import Any

from django.dispatch import receiver

from desk.queue import enqueue
from equipment.events import loan_moved
from equipment.states import LoanState
from referrals.events import referral_qualified

_NEWS = frozenset({LoanState.WAITLISTED, LoanState.HELD, LoanState.ON_LOAN, LoanState.RETURNED, LoanState.EXPIRED})


@receiver(referral_qualified, dispatch_uid="rewards.accrue")
def wake_accrual(sender: Any, reference: str, **kwargs: Any) -> None:
    """Ask for the rewards of this referral now."""
    enqueue("rewards.jobs.accrue_referral", reference)


@receiver(loan_moved, dispatch_uid="rewards.follow_loan")
def wake_loan_news(sender: Any, reference: str, state: str, **kwargs: Any) -> None:
    """Ask for what follows from a loan's new state: a reward that waited for it, something to tell."""
    if state in _NEWS:
        enqueue("rewards.jobs.follow_loan", reference)
