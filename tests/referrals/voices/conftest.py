"""Asha, who has something to say."""

from tests.referrals.sharing.conftest import herself

__all__ = ["herself"]
