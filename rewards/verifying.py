"""Whether the accounts are right: every entry balances, and every sum that is kept is the sum of its parts. Reads only."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Sum

from rewards.models import Account, Entry, Lot, Posting


def problems() -> Iterator[str]:
    """What is wrong in the accounts, each as a sentence that names the row. A constant number of queries."""
    yield from _unbalanced()
    yield from _wrong_sums()
    yield from _wrong_lots()


def counts() -> tuple[int, int, int]:
    """How many entries, postings and accounts there are."""
    return Entry.objects.count(), Posting.objects.count(), Account.objects.count()


def _unbalanced() -> Iterator[str]:
    sums = Posting.objects.order_by().values("entry__reference", "unit").annotate(total=Sum("amount")).exclude(total=0)
    for row in sums.order_by("entry__reference"):
        yield f"The entry {row['entry__reference']} does not balance: its postings sum to {row['total']} {row['unit']}."
    for reference in Entry.objects.annotate(n=Count("postings")).filter(n__lt=2).values_list("reference", flat=True):
        yield f"The entry {reference} has fewer than two postings."


def _wrong_sums() -> Iterator[str]:
    sums = _sums()
    known = list(Account.objects.select_related("customer"))
    for account in known:
        for what, name, kept in (("balance", account.name, account.balance), ("owed", account.owed_name, -account.owed)):
            posted = sums.pop((name, account.unit), Decimal(0))
            if posted != kept:
                yield f"The account {name} says {kept} {account.unit} as its {what}; its postings sum to {posted}."
    for (name, unit), posted in sorted(sums.items()):
        yield f"Postings of {posted} {unit} on {name} belong to no account."


def _sums() -> dict[tuple[str, str], Decimal]:
    rows = Posting.objects.filter(customer__isnull=False).order_by().values_list("account", "unit").annotate(total=Sum("amount"))
    return {(account, unit): total for account, unit, total in rows}


def _wrong_lots() -> Iterator[str]:
    left: dict[int, Decimal] = defaultdict(Decimal)
    for account, total in Lot.objects.order_by().values_list("account").annotate(total=Sum("left")):
        left[account] = total
    for account in Account.objects.select_related("customer"):
        if left[account.pk] != account.balance:
            yield f"The account {account.name} has {account.balance} {account.unit}; its lots have {left[account.pk]} left."
