"""How often and when a customer hears news and offers: the caps of brand and campaign, and the hours, by the clock of where they live."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count

from campaigns.models import Brand, Campaign
from customers.models import Customer
from desk import plurals
from notices import quiet_hours
from notices.models import Notice
from notices.states import NoticeState
from notices.time_zones import zones_of

COUNTED = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT, NoticeState.DELIVERED)
"""What reached somebody, or is about to. Nobody was bothered by what came back or was kept back."""


def over_cap(customer: Customer, brand: Brand, *, at: datetime, campaign: Campaign | None = None) -> str:
    """Why one more piece of news would be too many, for the brand or for the campaign it is about, in words; empty while there is room.

    Call it with the customer's row locked: two callers at once would each see the same room.
    """
    heard = heard_by([customer.pk], at=at, days=brand.news_cap_days).get(customer.pk, 0)
    if heard >= brand.news_cap:
        return too_many(heard, brand)
    if campaign is None or campaign.news_cap is None:
        return ""
    heard = heard_by([customer.pk], at=at, days=campaign.news_cap_days, campaign=campaign).get(customer.pk, 0)
    return too_many_about(heard, campaign) if heard >= campaign.news_cap else ""


def heard_by(people: Iterable[int], *, at: datetime, days: int | None, campaign: Campaign | None = None) -> dict[int, int]:
    """How many pieces of news went to each of these customers in so many last days, or ever; of all campaigns or of one. One query."""
    rows = Notice.objects.filter(customer__in=list(people), is_marketing=True, state__in=COUNTED)
    if days is not None:
        rows = rows.filter(created_at__gt=at - timedelta(days=days))
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    return dict(rows.order_by().values_list("customer").annotate(number=Count("pk")))


def too_many(heard: int, brand: Brand) -> str:
    """That somebody heard so many pieces of news of late, and that no more go to them."""
    pieces = "one piece" if heard == 1 else f"{heard} pieces"
    return f"{pieces} of news went to this customer within {plurals.days(brand.news_cap_days)}, and {_most(brand.news_cap)}"


def too_many_about(heard: int, campaign: Campaign) -> str:
    """The same about one campaign."""
    pieces = "One piece" if heard == 1 else f"{heard} pieces"
    within = f" within {plurals.days(campaign.news_cap_days)}" if campaign.news_cap_days else ""
    return f"{pieces} of news about this campaign went to this customer{within}, and {_most(campaign.news_cap)}"


def next_hour(customer: Customer, campaign: Campaign | None, brand: Brand, *, at: datetime) -> datetime:
    """`at` when news may arrive now where the customer lives, or the next instant when it may."""
    zones = zones_of(customer.country) or (ZoneInfo(campaign.time_zone if campaign else settings.TIME_ZONE),)
    return quiet_hours.opening(at, zones, first=brand.news_from_hour, last=brand.news_until_hour)


def _most(cap: int | None) -> str:
    return f"{cap} {'is' if cap == 1 else 'are'} the most"
