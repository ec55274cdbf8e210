"""What is given, by whose decision, and the account of it."""

from rewards.models.accounts import Budget, Entry, Posting
from rewards.models.rewards import Accrual, Approval, Reward

__all__ = ["Accrual", "Approval", "Budget", "Entry", "Posting", "Reward"]
