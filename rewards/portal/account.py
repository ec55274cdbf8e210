"""A customer's account: what stands on it, and every movement in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from rewards import statements
from rewards.models import Lot, Posting
from rewards.statements import plain
from rewards.states import EntryKind

OWED = "owed"
"""The account of what was spent before it was taken back."""
KINDS = {
    "credit": gettext_lazy("Credit"),
    "cash": gettext_lazy("Cash"),
    "points": gettext_lazy("Points"),
    "owed": gettext_lazy("Owed"),
}
SHOWN = 200
SOON = timedelta(days=30)
"""Until when something is said to run out soon."""


@dataclass(frozen=True)
class Balance:
    """What stands on one account."""

    kind: str
    amount: Decimal
    unit: str
    is_owed: bool = False

    @property
    def shown(self) -> str:
        """The amount with its unit."""
        return plain(self.amount, self.unit)


@dataclass(frozen=True)
class Movement:
    """One line of the account: what for, how much, when."""

    words: str
    kind: str
    amount: Decimal
    unit: str
    at: datetime

    @property
    def shown(self) -> str:
        """The amount with its unit."""
        return plain(self.amount, self.unit)


def balances_of(customer: Customer) -> Sequence[Balance]:
    """The customer's accounts that ever had a movement, by name. One read."""
    rows = Posting.objects.filter(customer=customer).order_by("account", "unit").values_list("account", "unit")
    sums = rows.annotate(total=Sum("amount"))
    return [Balance(kind_of(account), total, unit, account.partition(":")[0] == OWED) for account, unit, total in sums]


def movements_of(customer: Customer) -> Sequence[Movement]:
    """The newest movements first. One read."""
    rows = Posting.objects.filter(customer=customer).select_related("entry__reward__tier__campaign").order_by("-entry__at", "-pk")
    return [
        Movement(words_of(posting), kind_of(posting.account), posting.amount, posting.unit, posting.entry.at)
        for posting in rows[:SHOWN]
    ]


@dataclass(frozen=True)
class RunningOut:
    """What is left of one grant and will be gone after `last_day`."""

    shown: str
    kind: str
    last_day: date


def running_out_of(customer: Customer, *, at: datetime) -> Sequence[RunningOut]:
    """Credit and points that end within the next 30 days if they are not spent, what ends first at the top. One read."""
    lots = Lot.objects.filter(account__customer=customer, left__gt=0, expires_at__gt=at, expires_at__lte=at + SOON)
    rows = lots.select_related("account", "entry__reward__referral__campaign").order_by("expires_at", "pk")
    return [RunningOut(plain(lot.left, lot.account.unit), kind_of(lot.account.kind), _last_day(lot)) for lot in rows[:SHOWN]]


def _last_day(lot: Lot) -> date:
    assert lot.expires_at is not None and lot.entry.reward is not None, "only what a reward granted has an end"
    return lot.entry.reward.referral.campaign.last_day(lot.expires_at)


def kind_of(account: str) -> str:
    """What kind of account the one called `account` is, in words."""
    kind = account.partition(":")[0]
    return str(KINDS.get(kind, kind))


def words_of(posting: Posting) -> str:
    """What a movement was for, in words."""
    reward = posting.entry.reward
    if posting.entry.kind == EntryKind.GRANT and reward is not None:
        return _("Reward: %(title)s") % {"title": reward.tier.campaign.said(reward.tier.title)}
    return statements.words_of(posting)
