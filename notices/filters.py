"""By what messages and their templates are picked out on lists."""

from django.conf import settings
from django.db.models import Q

from campaigns.models import Campaign
from customers.models import Customer
from desk.lists.filters import Asked, Choice, FromDay, ListFilters, Of, Row, ToDay
from notices.kinds import KINDS
from notices.states import Channel, EventKind, EventState, NoticeState, TemplateState

_NOT_SENT = Q(state__in=[NoticeState.FAILED, NoticeState.DEAD])


def campaigns(request=None):
    """Campaigns to choose from, by name."""
    return Campaign.objects.order_by("name").only("name", "slug")


def kinds():
    """Kinds of messages, by what they say."""
    return [(kind.name, kind.label) for kind in KINDS.values()]


class NoticeFilters(ListFilters):
    """Whether they arrived, what they say, to whom."""

    state = Choice("state", "State", NoticeState.choices)
    trouble = Asked("Trouble", {"failed": ("Could not be sent", _NOT_SENT)})
    kind = Choice("kind", "Kind", kinds)
    channel = Choice("channel", "Channel", Channel.choices)
    campaign = Row("campaign", "Campaign", campaigns)
    created_from = FromDay("created_at", "Written from")
    created_to = ToDay("created_at", "Written to")
    customer = Of("customer", "To", lambda request: Customer.objects.all())
    more = ("channel", "campaign", "created_from", "created_to")


class TemplateFilters(ListFilters):
    """Whose words, in which language, whether they speak."""

    state = Choice("state", "State", TemplateState.choices)
    kind = Choice("kind", "Kind", kinds)
    language = Choice("language", "Language", settings.LANGUAGES)
    channel = Choice("channel", "Channel", Channel.choices)
    campaign = Row("campaign", "Campaign", campaigns)


class ProviderEventFilters(ListFilters):
    """What was told, what came of it, when."""

    state = Choice("state", "State", EventState.choices)
    kind = Choice("kind", "What", EventKind.choices)
    channel = Choice("channel", "Channel", Channel.choices)
    received_from = FromDay("received_at", "Told from")
    received_to = ToDay("received_at", "Told to")


class SuppressionFilters(ListFilters):
    """By which channel, since when."""

    channel = Choice("channel", "Channel", Channel.choices)
    at_from = FromDay("at", "Since, from")
    at_to = ToDay("at", "Since, to")
