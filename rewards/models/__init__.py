"""What is given, by whose decision, and the account of it; how customers get in to see it."""

from rewards.models.accounts import Budget, Entry, Posting
from rewards.models.portal import DataExport, PortalSession, PortalSignIn
from rewards.models.rewards import Accrual, Approval, Reward

__all__ = ["Accrual", "Approval", "Budget", "DataExport", "Entry", "PortalSession", "PortalSignIn", "Posting", "Reward"]
