"""Sweeps: they find what is due and call a verb for each, in its own transaction. They may run twice, late or never."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from equipment import giving_up, photos, queueing, refitting
from equipment.locking import lock_pools
from equipment.models import Loan
from equipment.refusals import LoanRefused

logger = logging.getLogger(__name__)


def expire_holds(at: datetime | None = None) -> dict[str, int]:
    """End every hold whose time is over at `at` (None: now). Answers how many `expired`, were `refused`, `failed`."""
    at = at or timezone.now()
    counts = {"expired": 0, "refused": 0, "failed": 0}
    for loan in Loan.objects.holds_ended(at).order_by("hold_expires_at", "id").select_related("borrower"):
        counts[_expire(loan, at)] += 1
    return counts


def _expire(loan: Loan, at: datetime) -> str:
    try:
        giving_up.expire(loan=loan, at=at, by=SYSTEM)
    except LoanRefused as refused:
        logger.info("Hold %s did not expire: %s", loan.reference, refused)
        return "refused"
    except Exception:
        logger.exception("Hold %s could not expire", loan.reference)
        return "failed"
    return "expired"


def promote_waitlists(at: datetime | None = None) -> dict[str, int]:
    """Hold what is free for those who wait, pool by pool, at `at` (None: now). Answers how many were `promoted`, `failed`."""
    at = at or timezone.now()
    counts = {"promoted": 0, "failed": 0}
    for pk in Loan.objects.queue().order_by("pool").values_list("pool", flat=True).distinct():
        try:
            with transaction.atomic():
                (pool,) = lock_pools([pk])
                counts["promoted"] += len(queueing.promote(pool=pool, at=at, by=SYSTEM))
        except Exception:
            logger.exception("The queue of pool %s could not move", pk)
            counts["failed"] += 1
    return counts


def fit_pools(at: datetime | None = None) -> dict[str, int]:
    """Fit the open loans of each pool to its closures, open days and turnaround at `at` (None: now).

    Finds what an edited pool or model, or a new pool at a closed place, left undone; pools in which all fits are not locked.
    Answers how many loans were `fitted` and how many pools `failed`.
    """
    at = at or timezone.now()
    counts = {"fitted": 0, "failed": 0}
    for pool in refitting.unfit(at=at):
        try:
            counts["fitted"] += refitting.refit(pool=pool, at=at, by=SYSTEM)
        except Exception:
            logger.exception("The loans of pool %s could not be fitted", pool.pk)
            counts["failed"] += 1
    return counts


def remove_stray_photos(at: datetime | None = None) -> dict[str, int]:
    """Remove files of photos that no row names a day after they were written. Answers how many were `removed`."""
    return {"removed": photos.remove_strays(before=(at or timezone.now()) - timedelta(days=1))}
