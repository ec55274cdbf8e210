"""A customer's account: what stands on it, and every movement in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Customer
from rewards import statements
from rewards.models import Posting
from rewards.states import EntryKind

KINDS = {
    "credit": gettext_lazy("Credit"),
    "cash": gettext_lazy("Cash"),
    "points": gettext_lazy("Points"),
    "owed": gettext_lazy("Owed"),
}
SHOWN = 200


@dataclass(frozen=True)
class Balance:
    """What stands on one account."""

    kind: str
    amount: Decimal
    unit: str

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
    return [Balance(kind_of(account), total, unit) for account, unit, total in rows.annotate(total=Sum("amount"))]


def movements_of(customer: Customer) -> Sequence[Movement]:
    """The newest movements first. One read."""
    rows = Posting.objects.filter(customer=customer).select_related("entry__reward__tier__campaign").order_by("-entry__at", "-pk")
    return [
        Movement(words_of(posting), kind_of(posting.account), posting.amount, posting.unit, posting.entry.at)
        for posting in rows[:SHOWN]
    ]


def plain(amount: Decimal, unit: str) -> str:
    """An amount as people of the active language write it: “20.00 EUR”, “100 points”."""
    if unit == "points":
        return ngettext("%(count)s point", "%(count)s points", int(amount)) % {"count": number_format(amount, 0)}
    return f"{number_format(amount, 2)} {unit}"


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
