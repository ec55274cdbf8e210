"""What lies behind the figures of a campaign: by step, by channel, by referrer; and what it cost.

All take `[start, end)` as aware instants and count the cohort of `figures.opened_referrals`: friends who signed up in the period,
without the blocked ones. Each asks a constant number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from analytics import trends
from analytics.figures import opened_referrals
from campaigns.models import Campaign
from customers.models import Customer
from referrals.models import Credit, Touch
from referrals.states import Progress
from rewards.models import Budget, Reward

SHARE = Decimal("0.0001")
"""Places of a share of credit."""
_NAMES = {"email": "E-mail", "sms": "SMS", "qr": "QR code", "whatsapp": "WhatsApp", "link": "Link passed on"}
WORD_OF_MOUTH = "Code passed on by word of mouth"


@dataclass(frozen=True)
class Channel:
    """How friends came. `opened` and `qualified` are shares of credit, so that all channels add up to the referrals."""

    name: str
    visits: int
    opened: Decimal
    qualified: Decimal


@dataclass(frozen=True)
class Referrer:
    """One referrer with the referrals opened through their code, and how many of these have qualified by now."""

    customer: Customer
    opened: int
    qualified: int


@dataclass(frozen=True)
class Cost:
    """What the rewards made in the period commit, and the budget as it stands now; None where there is no limit."""

    in_period: Decimal
    spent: Decimal
    limit: Decimal | None

    @property
    def used(self) -> Decimal | None:
        """The share of the budget that is committed; None without a budget."""
        return self.spent / self.limit if self.limit else None


def steps(campaign: Campaign, start: datetime, end: datetime) -> list[tuple[str, int]]:
    """From opening the page to holding the unit: visits in the period, then the cohort as far as it has got by now."""
    return trends.way_to_the_loan(campaign, start, end)


def by_channel(campaign: Campaign, start: datetime, end: datetime) -> list[Channel]:
    """The channels of the period, those with most referrals first."""
    visits = dict(
        _visits(campaign, start, end).order_by().values("channel").annotate(number=Count("pk")).values_list("channel", "number")
    )
    credits = (
        Credit.objects.filter(referral__in=opened_referrals(campaign, start, end))
        .order_by()
        .values("touch__channel")
        .annotate(opened=Sum("weight"), done=Sum("weight", filter=Q(referral__progress=Progress.QUALIFIED)))
        .values_list("touch__channel", "opened", "done")
    )
    shares = {channel: (opened or Decimal(0), done or Decimal(0)) for channel, opened, done in credits}
    names = sorted({*visits, *shares}, key=lambda name: (-shares.get(name, (Decimal(0),))[0], -visits.get(name, 0), name or ""))
    nothing = (Decimal(0), Decimal(0))
    return [Channel(_channel(name), visits.get(name, 0), *shares.get(name, nothing)) for name in names]


def top_referrers(campaign: Campaign, start: datetime, end: datetime, *, most: int = 10) -> list[Referrer]:
    """Those who brought most friends in the period."""
    rows = (
        opened_referrals(campaign, start, end)
        .order_by()
        .values("referrer")
        .annotate(opened=Count("pk"), done=Count("pk", filter=Q(progress=Progress.QUALIFIED)))
        .order_by("-opened", "-done", "referrer")[:most]
    )
    people = Customer.objects.in_bulk([row["referrer"] for row in rows])
    return [Referrer(people[row["referrer"]], row["opened"], row["done"]) for row in rows]


def cost(campaign: Campaign, start: datetime, end: datetime) -> Cost:
    """What was committed for rewards made in the period, and the budget as it stands."""
    rewards = Reward.objects.filter(referral__campaign=campaign, is_budgeted=True, created_at__gte=start, created_at__lt=end)
    in_period = rewards.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)
    budget = Budget.objects.filter(campaign=campaign).first()
    return Cost(in_period, budget.spent if budget else Decimal(0), campaign.budget)


def shares_in_words(channels: Sequence[Channel]) -> list[tuple[str, str, str, str]]:
    """Channels as lines of a table: shares of credit with one place after the point, unless all of them are whole."""
    places = 0 if all(share == int(share) for one in channels for share in (one.opened, one.qualified)) else 1
    return [(one.name, f"{one.visits:,}", f"{one.opened:,.{places}f}", f"{one.qualified:,.{places}f}") for one in channels]


def _visits(campaign: Campaign, start: datetime, end: datetime) -> QuerySet[Touch]:
    return Touch.objects.filter(code__campaign=campaign, is_bot=False, at__gte=start, at__lt=end)


def _channel(name: str | None) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize()) if name else WORD_OF_MOUTH
