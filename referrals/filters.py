"""By what codes and referrals are picked out on lists."""

from campaigns.models import Campaign
from customers.models import Customer
from desk.lists.filters import AtLeast, Choice, FromDay, ListFilters, Of, Row, ToDay
from referrals.models import Code
from referrals.states import CodeBasis, CodeState, Progress, Standing


def campaigns(request=None):
    """Campaigns to choose from, by name; the rows themselves, for they are asked for once per page."""
    return Campaign.objects.order_by("name").only("name", "slug")


class ReferralFilters(ListFilters):
    """How far they got, whether they may be trusted, where they come from."""

    campaign = Row("campaign", "Campaign", campaigns)
    progress = Choice("progress", "Progress", Progress.choices)
    standing = Choice("standing", "Standing", Standing.choices)
    signed_up_from = FromDay("signed_up_at", "Signed up from")
    signed_up_to = ToDay("signed_up_at", "Signed up to")
    risk = AtLeast("risk", "Risk at least")
    referrer = Of("referrer", "Referrer", lambda request: Customer.objects.all())
    referee = Of("referee", "Friend", lambda request: Customer.objects.all())
    code = Of("code", "Code", lambda request: Code.objects.all())
    more = ("signed_up_from", "signed_up_to", "risk")


class CodeFilters(ListFilters):
    """Whether they work, and why somebody has one."""

    campaign = Row("campaign", "Campaign", campaigns)
    state = Choice("state", "State", CodeState.choices)
    basis = Choice("basis", "Why", CodeBasis.choices)
    issued_from = FromDay("issued_at", "Issued from")
    issued_to = ToDay("issued_at", "Issued to")
    customer = Of("customer", "Customer", lambda request: Customer.objects.all())
    more = ("basis", "issued_from", "issued_to")
