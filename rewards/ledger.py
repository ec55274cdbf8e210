"""Double entry: what is put on a customer's account is taken from the campaign's, in one immutable entry."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from campaigns.states import RewardKind
from customers.models import Customer
from rewards.models import Entry, Posting, Reward

KINDS = frozenset({RewardKind.CREDIT, RewardKind.CASH, RewardKind.POINTS})
"""Kinds of reward that are amounts on an account."""


def post_grant(*, reward: Reward, at: datetime) -> Entry:
    """Put the reward's amount on the beneficiary's account. A second call answers the first entry.

    After a reversal a grant is a new one. The caller holds the reward's row.
    """
    return _post(reward, "grant", Decimal(1), f"Reward {reward.reference}", at, round_number=_count(reward, "reversal") + 1)


def post_reversal(*, reward: Reward, reason: str, at: datetime) -> Entry:
    """Take the amount back by an entry of its own; the grant stays as it was."""
    return _post(reward, "reversal", Decimal(-1), reason[:200], at, round_number=_count(reward, "grant"))


def balance(customer: Customer, kind: str, unit: str) -> Decimal:
    """What stands on a customer's account of a kind (`credit`, `cash`, `points`) in a unit."""
    total = Posting.objects.filter(account=account_of(customer, kind), unit=unit).aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def account_of(customer: Customer, kind: str) -> str:
    """Name of a customer's account."""
    return f"{kind}:{customer.reference}"


def _count(reward: Reward, kind: str) -> int:
    return Entry.objects.filter(reward=reward, kind=kind).count()


def _post(reward: Reward, kind: str, sign: Decimal, memo: str, at: datetime, *, round_number: int) -> Entry:
    assert reward.amount is not None
    unit = "points" if reward.kind == RewardKind.POINTS else reward.currency
    amount = reward.amount * sign
    try:
        with transaction.atomic():
            entry = Entry.objects.create(reward=reward, kind=kind, round=round_number, memo=memo, at=at)
            Posting.objects.bulk_create(
                [
                    Posting(
                        entry=entry,
                        customer=reward.beneficiary,
                        account=account_of(reward.beneficiary, reward.kind),
                        unit=unit,
                        amount=amount,
                    ),
                    Posting(entry=entry, account=f"campaign:{reward.referral.campaign.slug}", unit=unit, amount=-amount),
                ]
            )
    except IntegrityError:
        return Entry.objects.get(reward=reward, kind=kind, round=round_number)
    return entry
