"""What is given, by whose decision, and the account of it; how customers get in to see it."""

from rewards.models.accounts import Account, Budget, Entry, Lot, Posting
from rewards.models.appeals import Appeal, Clawback
from rewards.models.payouts import Batch, Line
from rewards.models.portal import DataExport, PortalSession, PortalSignIn
from rewards.models.rewards import Accrual, Approval, Reward, StepAccrual

__all__ = [
    "Account",
    "Accrual",
    "Appeal",
    "Approval",
    "Batch",
    "Budget",
    "Clawback",
    "DataExport",
    "Entry",
    "Line",
    "Lot",
    "PortalSession",
    "PortalSignIn",
    "Posting",
    "Reward",
    "StepAccrual",
]
