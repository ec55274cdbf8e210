"""By what rewards are picked out on lists."""

from campaigns.states import RewardKind, Side
from customers.models import Customer
from desk.lists.filters import Choice, FromDay, ListFilters, Of, Row, ToDay
from referrals.filters import campaigns
from referrals.models import Referral
from rewards.states import RewardState


class RewardFilters(ListFilters):
    """How they stand, what they are, for whom."""

    campaign = Row("referral__campaign", "Campaign", campaigns)
    state = Choice("state", "State", RewardState.choices)
    kind = Choice("kind", "Kind", RewardKind.choices)
    side = Choice("side", "For the", Side.choices)
    created_from = FromDay("created_at", "Due from")
    created_to = ToDay("created_at", "Due to")
    promised_from = FromDay("promised_by", "Promised by, from")
    promised_to = ToDay("promised_by", "Promised by, to")
    beneficiary = Of("beneficiary", "For", lambda request: Customer.objects.all())
    referral = Of("referral", "Referral", lambda request: Referral.objects.all())
    more = ("side", "created_from", "created_to", "promised_from", "promised_to")
