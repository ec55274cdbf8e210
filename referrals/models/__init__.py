"""Codes, touches, referrals, and what customers share."""

from referrals.models.codes import Code, Segment, Touch
from referrals.models.mailings import Mailing
from referrals.models.promises import Risk, SubstituteOffer
from referrals.models.referrals import Conversion, Credit, Promise, Referral, Signal, StepDone
from referrals.models.sharing import PromoCode, SpokenName
from referrals.models.voices import Feedback, HelpRequest, Story

__all__ = [
    "Code",
    "Conversion",
    "Credit",
    "Feedback",
    "HelpRequest",
    "Mailing",
    "Promise",
    "PromoCode",
    "Referral",
    "Risk",
    "Segment",
    "Signal",
    "SpokenName",
    "StepDone",
    "Story",
    "SubstituteOffer",
    "Touch",
]
