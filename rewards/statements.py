"""What a customer has, and how it came to be: balances and movements, as the customer and staff read them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from desk.amounts import money
from rewards.models import Account, Lot, Posting, Reward
from rewards.reasons import as_said
from rewards.states import EntryKind


@dataclass(frozen=True)
class Movement:
    """One line of a statement. `amount` is signed; `balance` is what stands there afterwards; `reward` a reference or empty.

    `is_owed` marks a line about what was taken back and was not there any more.
    """

    at: datetime
    words: str
    amount: Decimal
    balance: Decimal
    kind: str
    reward: str
    entry: str
    is_owed: bool


@dataclass(frozen=True)
class Expiring:
    """A part of a balance that ends on its own."""

    amount: Decimal
    at: datetime


@dataclass(frozen=True)
class Statement:
    """One account: its balance, what is owed, what will expire, and its movements, newest first."""

    kind: str
    label: str
    unit: str
    balance: Decimal
    owed: Decimal
    expiring: Sequence[Expiring]
    movements: Sequence[Movement]


def statements_of(customer: Customer) -> list[Statement]:
    """All accounts of a customer. Three queries, however many."""
    accounts = list(Account.objects.filter(customer=customer))
    lots = list(Lot.objects.filter(account__in=accounts, left__gt=0, expires_at__isnull=False).order_by("expires_at", "pk"))
    rows = list(_postings(customer))
    return [_statement(account, lots, rows) for account in accounts]


def plain(amount: Decimal, unit: str) -> str:
    """An amount with its unit, as people of the active language write it: “1,250.00 EUR”, “1 point”, “100 points”."""
    if unit == "points":
        said = ngettext("%(count)s point", "%(count)s points", int(amount))
        return said % {"count": number_format(amount, 0, force_grouping=True)}
    return money(amount, unit)


def _postings(customer: Customer) -> QuerySet[Posting]:
    return customer.postings.select_related("entry__reward__tier__campaign").order_by("entry__at", "pk")


def _statement(account: Account, lots: Sequence[Lot], rows: Sequence[Posting]) -> Statement:
    own = [row for row in rows if row.unit == account.unit and row.account in (account.name, account.owed_name)]
    expiring = [Expiring(lot.left, lot.expires_at) for lot in lots if lot.account_id == account.pk and lot.expires_at]
    movements = list(reversed(_movements(account, own)))
    label = str(account.get_kind_display())
    return Statement(account.kind, label, account.unit, account.balance, account.owed, expiring, movements)


def _movements(account: Account, rows: Sequence[Posting]) -> list[Movement]:
    balance, owed = Decimal(0), Decimal(0)
    found = []
    for row in rows:
        is_owed = row.account == account.owed_name
        if is_owed:
            owed -= row.amount
        else:
            balance += row.amount
        after = owed if is_owed else balance
        reward = row.entry.reward
        found.append(
            Movement(
                row.entry.at,
                words_of(row),
                row.amount,
                after,
                row.entry.kind,
                reward.reference if reward else "",
                row.entry.reference,
                is_owed,
            )  # fmt: skip
        )
    return found


def words_of(row: Posting) -> str:
    """What a movement was, as the customer reads it."""
    is_owed = row.account.startswith("owed:")
    entry, title = row.entry, _title_of(row.entry.reward)
    if is_owed and entry.kind == EntryKind.SETTLEMENT:
        return _("Owed no more: set off against a new reward")
    if is_owed:
        return _("Owed: “%(title)s” was taken back after it had been used") % {"title": title}
    why = as_said(entry.reward, entry.memo) if entry.reward else entry.memo
    return {
        EntryKind.GRANT.value: title,
        EntryKind.REVERSAL.value: _("Taken back: %(title)s. %(why)s") % {"title": title, "why": why},
        EntryKind.REDEMPTION.value: _("Used: %(what)s") % {"what": entry.memo},
        EntryKind.EXPIRY.value: _("Expired: %(title)s") % {"title": title},
        EntryKind.SETTLEMENT.value: _("Set off against what was owed"),
        EntryKind.PAYOUT.value: _("Paid out: %(title)s") % {"title": title},
    }[entry.kind]


def _title_of(reward: Reward | None) -> str:
    """What the reward is called, in the language spoken now."""
    return reward.tier.campaign.said(reward.tier.title) if reward else ""
