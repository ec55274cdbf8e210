"""A referral held until the end of the transaction, with everything its verbs look at."""

from referrals.models import Referral


def locked(referral: Referral) -> Referral:
    """The row as it is now, which nobody else changes before this transaction ends."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("campaign", "referrer", "referee", "code")
    return rows.get(pk=referral.pk)
