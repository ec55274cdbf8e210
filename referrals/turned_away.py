"""Sign-ups that were sent while their campaign took none: counted as demand that was denied. No person is kept.

One is counted for each unit the sign-up would have asked for, where the queue for it would have been.
"""

from collections.abc import Iterator
from datetime import datetime

from campaigns import offers
from campaigns.states import CampaignState, RewardKind, Side
from equipment import denying
from equipment.models import Pool
from referrals.models import Code
from referrals.states import CodeState


def count_sign_up(*, code: Code, at: datetime) -> int:
    """Count what a sign-up with this code asked for in vain at `at`. Answers how many units.

    Nothing where the offer is open, never began, or the invitation itself was withdrawn: then it is not the offer that was missing.
    """
    campaign = code.campaign
    never_began = campaign.state in (CampaignState.DRAFT, CampaignState.SCHEDULED)
    if code.state == CodeState.REVOKED or campaign.is_open(at) or never_began:
        return 0
    return denying.note(pools=_wanted(code, at), account=campaign.slug, at=at)


def _wanted(code: Code, at: datetime) -> Iterator[Pool]:
    """The place of each unit that both sides would have got; of several places the first, as a queue is joined there."""
    for side in offers.SIDES[code.campaign.rewarded]:
        for due in offers.due(code.campaign, Side(side), nth=1, at=at):
            if due.kind == RewardKind.EQUIPMENT and due.equipment_model is not None:
                yield from offers.pools_for(code.campaign, due.equipment_model)[:1]
