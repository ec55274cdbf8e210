"""The same live campaign, and Asha with her code, as for referrals."""

from tests.referrals.conftest import asha, campaign, code, pool

__all__ = ["asha", "campaign", "code", "pool"]
