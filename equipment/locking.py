"""The one door to the locks of equipment: pool rows, all at once, in the order of their ids.

Whoever decides about capacity holds the pool's lock from before the look until after the write. On PostgreSQL the row is
locked; SQLite has one writer at a time, and its transactions begin as writers (`transaction_mode IMMEDIATE`).
"""

from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused

LOCK_TIMEOUT_MS = 3000
"""How long to wait for another's lock before saying so."""

_LOCK_NOT_AVAILABLE = "55P03"
_DEADLOCK_DETECTED = "40P01"


def lock_pools(ids: Iterable[int]) -> list[Pool]:
    """Lock these pools until the end of the transaction and answer them as they are now, with their models.

    Refuses with `busy` when another transaction keeps one of them for longer than `LOCK_TIMEOUT_MS`. Must be called
    inside a transaction, once, before looking at capacity.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A pool is locked inside the verb's own transaction.")
    wanted = sorted(set(ids))
    try:
        with transaction.atomic():
            _set_lock_timeout(f"{LOCK_TIMEOUT_MS}ms")
            rows = Pool.objects.select_for_update(of=("self",), no_key=True).select_related("model")
            pools = list(rows.filter(pk__in=wanted).order_by("pk"))
            _set_lock_timeout("DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in (_LOCK_NOT_AVAILABLE, _DEADLOCK_DETECTED):
            raise LoanRefused("busy", "Many people are asking for this equipment right now. Try again in a few seconds.") from error
        raise
    return pools


def lock_loan(loan: Loan) -> Pool:
    """Lock the pool of `loan`, read the loan afresh under the lock, and answer the pool.

    Refuses with `changed_meanwhile` when it is served from another pool since it was read: that one's lock would be needed.
    """
    (pool,) = lock_pools([loan.pool_id])
    loan.refresh_from_db()
    if loan.pool_id != pool.pk:
        raise LoanRefused("changed_meanwhile", "Someone else moved this loan to another place a moment ago. Reload the page.")
    loan.pool = pool
    return pool


def _set_lock_timeout(value: str) -> None:
    if connection.vendor == "postgresql":
        text = value if value == "DEFAULT" else f"'{value}'"
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout TO {text}")
