"""What speaks for and against a reward: every check that was made, passed or not, in words."""

from dataclasses import dataclass

from customers.models import Acceptance
from referrals.models import Referral
from referrals.states import Progress
from rewards.models import Reward

_NOTHING_FOUND = {
    "same_mailbox": "The two addresses lead to different mailboxes.",
    "same_phone": "No telephone number in common.",
    "same_name_and_postcode": "Not the same name at the same postcode.",
    "same_visitor": "Never seen on the same device and connection.",
    "disposable_mail_domain": "The friend's address is no throw-away mailbox.",
    "velocity": "No rush of sign-ups through this code.",
}
"""What each test for fraud says when it found nothing; a name that is not here is told only when it found something."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was seen, and whether it is fine."""

    words: str
    is_ok: bool


def checks_of(reward: Reward, *, with_signals: bool) -> list[Check]:
    """All checks of the referral behind this reward, what speaks against it first.

    Signs of fraud are left out `with_signals=False`, for readers who may not see them.
    """
    found = [*_proof(reward.referral), *(_signals(reward.referral) if with_signals else [])]
    return sorted(found, key=lambda check: check.is_ok)


def _proof(referral: Referral) -> list[Check]:
    is_qualified = referral.progress == Progress.QUALIFIED
    accepted = Acceptance.objects.filter(customer=referral.referee_id, about=referral.reference).exists()
    proof = referral.campaign.get_proof_display().lower()
    return [
        Check("The friend confirmed the registration.", True)
        if referral.verified_at
        else Check("The friend has not confirmed the registration.", False),
        Check(f"The proof is complete: {proof}.", True) if is_qualified else Check(f"The proof is missing: {proof}.", False),
        Check("The friend accepted the terms of the campaign.", True)
        if accepted
        else Check("No accepted terms are on file for the friend.", False),
    ]


def _signals(referral: Referral) -> list[Check]:
    seen = {signal.name: signal for signal in referral.signals.all()}
    against = [Check(f"{signal.evidence} (strength {signal.strength} of 100)", False) for signal in seen.values()]
    return [*against, *(Check(words, True) for name, words in _NOTHING_FOUND.items() if name not in seen)]
