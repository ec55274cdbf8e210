"""How often and when a customer hears news and offers: the brand's cap and its hours, by the clock of where they live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from campaigns.models import Brand, Campaign
from customers.models import Customer
from notices import quiet_hours
from notices.models import Notice
from notices.states import NoticeState
from notices.time_zones import zones_of

COUNTED = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT, NoticeState.DELIVERED)
"""What reached somebody, or is about to. Nobody was bothered by what came back or was kept back."""


def over_cap(customer: Customer, brand: Brand, *, at: datetime) -> str:
    """Why one more piece of news would be too many, in words; empty while there is room.

    Call it with the customer's row locked: two callers at once would each see the same room.
    """
    since = at - timedelta(days=brand.news_cap_days)
    heard = Notice.objects.filter(customer=customer, is_marketing=True, state__in=COUNTED, created_at__gt=since).count()
    return "" if heard < brand.news_cap else too_many(heard, brand)


def too_many(heard: int, brand: Brand) -> str:
    """That somebody heard so many pieces of news of late, and that no more go to them."""
    pieces = "one piece" if heard == 1 else f"{heard} pieces"
    return f"{pieces} of news went to this customer within {brand.news_cap_days} days, and {brand.news_cap} are the most"


def next_hour(customer: Customer, campaign: Campaign | None, brand: Brand, *, at: datetime) -> datetime:
    """`at` when news may arrive now where the customer lives, or the next instant when it may."""
    zones = zones_of(customer.country) or (ZoneInfo(campaign.time_zone if campaign else settings.TIME_ZONE),)
    return quiet_hours.opening(at, zones, first=brand.news_from_hour, last=brand.news_until_hour)
