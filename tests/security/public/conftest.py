"""Asha's open invitation, what Ben types there, and the clock of the public pages' tests."""

from tests.referrals.conftest import asha, campaign, code, pool
from tests.referrals.pages.conftest import browser, clock, link, referral, send, typed

__all__ = ["asha", "browser", "campaign", "clock", "code", "link", "pool", "referral", "send", "typed"]
