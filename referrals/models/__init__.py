"""Codes, touches and referrals."""

from referrals.models.codes import Code, Touch
from referrals.models.promises import Risk, SubstituteOffer
from referrals.models.referrals import Conversion, Credit, Promise, Referral, Signal

__all__ = ["Code", "Conversion", "Credit", "Promise", "Referral", "Risk", "Signal", "SubstituteOffer", "Touch"]
