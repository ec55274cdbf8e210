"""Sealing: signed Merkle roots over the entries written since the last seal, chained to one another.

A seal makes a cut visible: an entry that was sealed and is gone, or was changed, no longer fits the signed root.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from audit.chain import merkle_root, seal_hash, sign
from audit.models import Entry, Seal, SealedEntry

BATCH = 5000
"""Entries under one seal at most: bounds memory and the time the write lock is held."""

SETTLED_AFTER = timedelta(days=1)
"""No transaction stays open this long, so ids handed out before a seal of that age are all visible by now."""


def seal(*, at: datetime, batch: int = BATCH) -> int:
    """Seal every entry not yet listed, in batches of `batch`, each in its own transaction. Answers how many were sealed.

    Takes entries that are not listed rather than ids above the last: on PostgreSQL ids commit out of order. When another
    process seals at the same moment, the unique keys let one of them win and the other stops. Not on the trail itself.
    """
    sealed = 0
    while leaves := _unsealed(at, batch):
        try:
            with transaction.atomic():
                _write_seal(leaves, at)
        except IntegrityError:
            break
        sealed += len(leaves)
    return sealed


def _unsealed(at: datetime, batch: int) -> list[tuple[int, str]]:
    entries = Entry.objects.filter(sealed__isnull=True, pk__gt=_settled_up_to(at))
    return list(entries.order_by("pk").values_list("pk", "hash")[:batch])


def _settled_up_to(at: datetime) -> int:
    """The highest id below which nothing unsealed can still appear: the search for new entries starts after it."""
    old = Seal.objects.filter(at__lte=at - SETTLED_AFTER).order_by("-n").first()
    if old is None:
        return 0
    return SealedEntry.objects.filter(seal=old).aggregate(last=Max("entry_id"))["last"] or 0


def _write_seal(leaves: list[tuple[int, str]], at: datetime) -> None:
    last = Seal.objects.order_by("-n").first()
    n, previous_hash = (last.n + 1, last.hash) if last else (1, "")
    root = merkle_root([digest for _, digest in leaves])
    digest = seal_hash(previous_hash=previous_hash, n=n, at=at, count=len(leaves), root=root)
    row = Seal.objects.create(
        n=n,
        at=at,
        count=len(leaves),
        root=root,
        previous_hash=previous_hash,
        hash=digest,
        signature=sign(settings.SEAL_KEY, digest),
    )
    SealedEntry.objects.bulk_create([SealedEntry(seal=row, entry_id=pk) for pk, _ in leaves], batch_size=1000)
