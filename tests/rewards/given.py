"""Campaigns and rewards that tests of what follows a reward begin with."""

from datetime import datetime, timedelta
from decimal import Decimal

from audit.actors import SYSTEM
from campaigns.models import Campaign
from campaigns.states import RewardKind
from customers.models import Customer
from referrals import conversions
from referrals.models import Conversion, Referral
from rewards.models import Reward
from tests.make import AT, make_campaign, make_customer, make_pool, make_tier
from tests.stories import give, issue_to, sign_up, verify

DAY = timedelta(days=1)
FRIENDS = ("Ben Okoro", "Cem Aydin", "Dana Fox", "Emil Berg", "Finn Lind")


def paying(kind: str = RewardKind.CREDIT, amount: str = "20.00", cost: str = "20.00", **changes: object) -> Campaign:
    """A live campaign that gives its referrers an amount for each friend."""
    campaign = make_campaign(pool=make_pool(), both_sides=False, **changes)
    campaign.tiers.all().delete()
    make_tier(campaign, kind=kind, amount=Decimal(amount), cost=Decimal(cost), title="Thank you", key="thanks")
    return campaign


def earned(campaign: Campaign, asha: Customer | None = None, name: str = "Ben Okoro", at: datetime = AT) -> Reward:
    """A reward of a friend who signed up and confirmed, worked out and given where it may be."""
    asha = asha or make_customer("Asha Rao")
    return give(verify(sign_up(issue_to(asha, campaign, at), name, at=at), at=at), at=at)[0]


def bought(referral: Referral, order: str, amount: str = "90", kind: str = "purchase", at: datetime = AT + DAY) -> Conversion:
    """The friend bought something, or got the money back."""
    return conversions.record_conversion(
        kind=kind, external_id=order, customer=referral.referee, at=at, by=SYSTEM, amount=Decimal(amount), currency="EUR",
        referral=referral,
    )  # fmt: skip
