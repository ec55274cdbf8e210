"""Milestones of referrers: that one was reached, and that one is near. Swept from qualified referrals; each is said once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import ngettext

from campaigns.models import Campaign, Tier
from campaigns.states import CampaignState, RewardKind, Rhythm, Side
from notices import outbox
from notices.models import Notice
from notices.wording import Fact
from referrals.links import link_of
from referrals.models import Referral
from referrals.states import Progress, Standing

FRESH = timedelta(days=7)
"""What was reached longer ago is not said any more: after an outage there is no burst of stale messages."""
_BATCH = 500


@dataclass(frozen=True)
class Milestone:
    """What is to be said to one referrer: `missing` friends are left to the `goal`-th; none when it is reached.

    `gives` is the tier, or the choice beside it that the referrer would rather have.
    """

    referral: Referral
    tier: Tier
    goal: int
    missing: int
    gives: Tier

    @property
    def kind(self) -> str:
        """Which message it is."""
        return "milestone_near" if self.missing else "milestone_reached"

    @property
    def reference(self) -> str:
        """The referral that led here, for the log."""
        return self.referral.reference

    @property
    def dedupe(self) -> str:
        """Names the occasion: each milestone once to a person, near and reached apart."""
        return f"{self.kind}:{self.tier.pk}:{self.goal}:{self.referral.referrer.reference}"


def goal_after(tier: Tier, friends: int) -> int | None:
    """The number of friends at which this tier is next given to whoever has `friends`, that number counted; None when it is over.

    Only what takes several friends is a milestone.
    """
    if tier.nth < 2 or tier.rhythm not in (Rhythm.ONCE, Rhythm.EVERY):
        return None
    if tier.rhythm == Rhythm.ONCE:
        return tier.nth if friends <= tier.nth else None
    return -(-friends // tier.nth) * tier.nth


def near_within(goal: int) -> int:
    """How many friends may be missing to call a goal near: one, and one in five of larger goals."""
    return max(1, goal // 5)


def unsaid(*, at: datetime) -> list[Milestone]:
    """What is to be said now: at most one message to a referrer of a campaign, what was reached before what is near."""
    found = list(_latest(at))
    said = set(Notice.objects.filter(dedupe_key__in=[one.dedupe for one in found]).values_list("dedupe_key", flat=True))
    chosen: dict[tuple[int, int], Milestone] = {}
    for one in sorted(found, key=lambda each: (each.missing, each.goal)):
        if one.dedupe not in said:
            chosen.setdefault((one.referral.referrer_id, one.referral.campaign_id), one)
    return list(chosen.values())


def say(*, milestone: Milestone, at: datetime) -> Notice:
    """Queue one message. A second call answers the first one."""
    referral, to = milestone.referral, milestone.referral.referrer
    return outbox.queue(
        milestone.kind,
        to=to,
        about=referral.reference,
        facts=_facts(milestone),
        at=at,
        campaign=referral.campaign,
        dedupe=milestone.dedupe,
    )


def _latest(at: datetime) -> Iterator[Milestone]:
    """Milestones at the newest friend of each referrer in each live campaign."""
    rows = Referral.objects.filter(progress=Progress.QUALIFIED, qualified_at__gt=at - FRESH, campaign__state=CampaignState.LIVE)
    fine = rows.exclude(standing=Standing.BLOCKED).select_related("campaign", "referrer", "code")
    newest: dict[tuple[int, int], Referral] = {}
    for referral in fine.order_by("qualified_number")[:_BATCH]:
        newest[referral.referrer_id, referral.campaign_id] = referral
    ladders: dict[int, list[Tier]] = {}
    for referral in newest.values():
        if referral.campaign_id not in ladders:
            ladders[referral.campaign_id] = _ladder(referral.campaign)
        yield from _of_referral(referral, ladders[referral.campaign_id])


def _ladder(campaign: Campaign) -> list[Tier]:
    return list(campaign.tiers.filter(side=Side.REFERRER, nth__gt=1).select_related("equipment_model").order_by("nth", "pk"))


def _of_referral(referral: Referral, ladder: Sequence[Tier]) -> Iterator[Milestone]:
    wishes = referral.code.wishes
    for tier in ladder:
        if not tier.instead_of and (found := _milestone(referral, tier)):
            wished = next((one for one in ladder if one.instead_of == tier.key and one.key == wishes.get(tier.key)), tier)
            yield replace(found, gives=wished)


def _milestone(referral: Referral, tier: Tier) -> Milestone | None:
    friends = referral.qualified_number or 0
    goal = goal_after(tier, friends)
    if goal is None or goal - friends > near_within(goal):
        return None
    return Milestone(referral, tier, goal, goal - friends, tier)


def _facts(milestone: Milestone) -> dict[str, Fact]:
    tier = milestone.gives
    is_lent = tier.kind == RewardKind.EQUIPMENT and tier.equipment_model is not None
    reward: Fact = tier.equipment_model.called if is_lent and tier.equipment_model else partial(tier.campaign.said, tier.title)
    if not milestone.missing:
        return {"reward": reward, "friends": partial(_joined, milestone.goal)}
    return {"reward": reward, "missing": partial(_missing, milestone.missing), "link": link_of(milestone.referral.code)}


def _joined(friends: int) -> str:
    said = ngettext("%(count)d friend has joined through you", "%(count)d friends have joined through you", friends)
    return said % {"count": friends}


def _missing(friends: int) -> str:
    return ngettext("One more friend", "%(count)d more friends", friends) % {"count": friends}
