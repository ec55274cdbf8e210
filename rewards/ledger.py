"""Double entry: what is put on a customer's account is taken from the campaign's, in one immutable entry.

Entries and postings are the truth. `Account` and `Lot` keep their sums, so that the database itself refuses to take what is not
there; `verifying` compares both. These functions are parts of verbs: the caller holds the transaction and records what happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from campaigns.states import RewardKind
from customers.models import Customer
from rewards.models import Account, Entry, Line, Lot, Posting, Reward
from rewards.states import EntryKind

KINDS = frozenset({RewardKind.CREDIT, RewardKind.CASH, RewardKind.POINTS})
"""Kinds of reward that are amounts on an account."""
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Taken:
    """What a movement took from an account, and what was not there any more and is owed now."""

    entry: Entry
    taken: Decimal
    short: Decimal


def unit_of(reward: Reward) -> str:
    """The unit of a reward's amount: its currency, or `points`."""
    return "points" if reward.kind == RewardKind.POINTS else reward.currency


def post_grant(*, reward: Reward, at: datetime) -> Entry:
    """Put the reward's amount on the beneficiary's account. A second call answers the first entry.

    After a reversal a grant is a new one. What is owed is set off at once, by an entry of its own.
    """
    assert reward.amount is not None
    number = _count(reward, EntryKind.REVERSAL) + 1
    entry = _once(Entry(reward=reward, kind=EntryKind.GRANT, round=number, memo=f"Reward {reward.reference}", at=at))
    if entry is None:
        return Entry.objects.get(reward=reward, kind=EntryKind.GRANT, round=number)
    account = account_for(reward.beneficiary, reward.kind, unit_of(reward))
    _post(entry, account, {account.name: reward.amount, _campaign(reward): -reward.amount})
    Account.objects.filter(pk=account.pk).update(balance=F("balance") + reward.amount)
    Lot.objects.create(account=account, entry=entry, amount=reward.amount, left=reward.amount, expires_at=_expiry(reward, at))
    _set_off(account, entry, at)
    return entry


def post_reversal(*, reward: Reward, reason: str, at: datetime) -> Taken:
    """Take the amount back by an entry of its own; the grant stays as it was.

    What the customer has spent already is not taken below nought: it is posted as owed. A second call answers the first entry.
    """
    assert reward.amount is not None
    number = _count(reward, EntryKind.GRANT)
    entry = Entry(reward=reward, kind=EntryKind.REVERSAL, round=number, memo=reason[:200], at=at)
    lot = Lot.objects.filter(entry__reward=reward, entry__kind=EntryKind.GRANT, entry__round=number).first()
    return take(
        entry=entry, account=account_for(reward.beneficiary, reward.kind, unit_of(reward)), amount=reward.amount,
        to=_campaign(reward), first=lot,
    )  # fmt: skip


def post_payout(*, line: Line, at: datetime) -> Taken:
    """Take a payment from the cash account, because the bank has paid it."""
    reward = line.reward
    entry = Entry(
        reward=reward, kind=EntryKind.PAYOUT, round=line.round, key=f"payout:{line.reference}",
        memo=f"Payment {line.reference}", at=at,
    )  # fmt: skip
    account = account_for(reward.beneficiary, reward.kind, unit_of(reward))
    return take(entry=entry, account=account, amount=line.amount, to=f"payout:{line.batch.reference}")


def take(*, entry: Entry, account: Account, amount: Decimal, to: str, first: Lot | None = None) -> Taken:
    """Post `amount` from a customer's account to the account `to`; what is not there becomes owed. Once per entry."""
    stored = _once(entry)
    if stored is None:
        return _found(entry, account)
    account = _locked(account)
    taken = min(account.balance, amount)
    short = amount - taken
    _post(stored, account, {account.name: -taken, account.owed_name: -short, to: amount})
    _spend(account, taken, first)
    Account.objects.filter(pk=account.pk).update(balance=F("balance") - taken, owed=F("owed") + short)
    return Taken(stored, taken, short)


def account_for(customer: Customer, kind: str, unit: str) -> Account:
    """A customer's account, opened when there was none, and held until the transaction ends."""
    Account.objects.bulk_create([Account(customer=customer, kind=kind, unit=unit)], ignore_conflicts=True)
    return _locked(Account.objects.get(customer=customer, kind=kind, unit=unit))


def balance(customer: Customer, kind: str, unit: str) -> Decimal:
    """What stands on a customer's account of a kind (`credit`, `cash`, `points`) in a unit: the sum of its postings."""
    total = Posting.objects.filter(account=account_of(customer, kind), unit=unit).aggregate(total=Sum("amount"))["total"]
    return total or _NOTHING


def account_of(customer: Customer, kind: str) -> str:
    """Name of a customer's account."""
    return f"{kind}:{customer.reference}"


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("customer").get(pk=account.pk)


def _campaign(reward: Reward) -> str:
    return f"campaign:{reward.referral.campaign.slug}"


def _count(reward: Reward, kind: EntryKind) -> int:
    return Entry.objects.filter(reward=reward, kind=kind).count()


def _expiry(reward: Reward, at: datetime) -> datetime | None:
    days = reward.referral.campaign.balance_days
    return at + timedelta(days=days) if days and reward.kind != RewardKind.CASH else None


def _once(entry: Entry) -> Entry | None:
    """The entry, stored; None when it is there already."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return None
    return entry


def _found(entry: Entry, account: Account) -> Taken:
    """What the same entry took when it was first posted."""
    same = {"key": entry.key} if entry.key else {"reward": entry.reward, "kind": entry.kind, "round": entry.round}
    first = Entry.objects.get(**same)
    moved = dict(first.postings.values_list("account", "amount"))
    return Taken(first, -moved.get(account.name, _NOTHING), -moved.get(account.owed_name, _NOTHING))


def _post(entry: Entry, account: Account, amounts: dict[str, Decimal]) -> None:
    own = {account.name, account.owed_name}
    Posting.objects.bulk_create(
        Posting(entry=entry, customer=account.customer if name in own else None, account=name, unit=account.unit, amount=amount)
        for name, amount in amounts.items()
        if amount
    )


def _spend(account: Account, amount: Decimal, first: Lot | None) -> None:
    """Take from the lots: from `first`, then from what expires first, then from the oldest."""
    lots = list(account.lots.filter(left__gt=0).order_by(F("expires_at").asc(nulls_last=True), "pk"))
    for lot in sorted(lots, key=lambda lot: first is None or lot.pk != first.pk):
        part = min(lot.left, amount)
        if part:
            Lot.objects.filter(pk=lot.pk).update(left=F("left") - part)
            amount -= part


def _set_off(account: Account, granted: Entry, at: datetime) -> None:
    account = _locked(account)
    amount = min(account.balance, account.owed)
    if not amount:
        return
    entry = _once(
        Entry(
            reward=granted.reward,
            kind=EntryKind.SETTLEMENT,
            key=f"settlement:{granted.reference}",
            memo="Set off against what was owed",
            at=at,
        )  # fmt: skip
    )
    if entry is not None:
        _post(entry, account, {account.name: -amount, account.owed_name: amount})
        _spend(account, amount, None)
        Account.objects.filter(pk=account.pk).update(balance=F("balance") - amount, owed=F("owed") - amount)
