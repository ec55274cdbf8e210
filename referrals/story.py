"""A referral as one sentence: who invited whom, and how it went, with the days."""

from datetime import datetime

from referrals.models import Referral
from referrals.states import Progress, Standing


def title_of(referral: Referral) -> str:
    """Who invited whom."""
    return f"{referral.referrer} invited {referral.referee}"


def sentence_of(referral: Referral) -> str:
    """Such as “Asha Rao invited Ben Okoro on 3 Mar 2026; Ben Okoro verified on 4 Mar 2026 and qualified on 6 Mar 2026.”"""
    steps = [f"{title_of(referral)} on {_day(referral.signed_up_at)}", *_progress(referral)]
    return f"{'; '.join(steps)}.{_doubt(referral)}"


def _progress(referral: Referral) -> list[str]:
    friend = str(referral.referee)
    if referral.progress == Progress.SIGNED_UP:
        return [f"{friend} has until {_day(referral.proof_due_at)} to verify"]
    if referral.progress == Progress.EXPIRED:
        return [f"it expired on {_day(referral.expired_at)}"]
    verified = f"{friend} verified on {_day(referral.verified_at)}"
    if referral.progress == Progress.QUALIFIED:
        return [f"{verified} and qualified on {_day(referral.qualified_at)}"]
    return [verified, f"the proof is due by {_day(referral.proof_due_at)}"]


def _doubt(referral: Referral) -> str:
    if referral.standing == Standing.CLEAR:
        return ""
    return f" It is {'blocked' if referral.standing == Standing.BLOCKED else 'flagged: a person has to look at it'}."


def _day(instant: datetime | None) -> str:
    return f"{instant:%-d %b %Y}" if instant else "a day that is not known"
