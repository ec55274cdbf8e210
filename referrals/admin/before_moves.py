"""What a campaign's moves mean for its referrals, said before they are made."""

from collections.abc import Iterable

from campaigns.admin.moving import register_consequence
from campaigns.models import Campaign
from equipment.states import LoanState
from referrals.models import Promise, Referral
from referrals.states import Progress

_OPEN = (Progress.SIGNED_UP, Progress.VERIFIED)


def open_referrals(campaign: Campaign) -> Iterable[str]:
    """How many friends are on their way, and what is held for them."""
    count = Referral.objects.filter(campaign=campaign, progress__in=_OPEN).count()
    if not count:
        yield "No referral is open now."
        return
    yield f"Open now: {'1 referral' if count == 1 else f'{count} referrals'}. Each runs on to its own end."
    held = Promise.objects.filter(referral__campaign=campaign, referral__progress__in=_OPEN, loan__state=LoanState.HELD).count()
    if held:
        yield f"Held for them: {'1 unit' if held == 1 else f'{held} units'}. They stay held as long as was said."


register_consequence("end", open_referrals)
register_consequence("pause", open_referrals)
