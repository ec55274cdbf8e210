"""Days on which a place is closed: for all its pools at once, with the reason."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from equipment import refitting
from equipment.locking import lock_pools
from equipment.models import Closure, Pool
from equipment.refusals import LoanRefused
from equipment.returning import demand_reason

LONGEST = timedelta(days=366)
"""A place that is closed for longer is not a place to lend from."""


def close_place(*, place: str, first_on: date, last_on: date, reason: str, at: datetime, by: Actor) -> Closure:
    """Close every pool of `place` from `first_on` to `last_on`; what is due or to be collected then moves to the next open day.

    Harmless when it is closed on exactly these days. Refuses with `reason_missing`, `place_unknown`, `days_reversed`,
    `closed_too_long`.
    """
    by.require("equipment.change_pool")
    demand_reason(reason)
    _demand_days(first_on, last_on)
    with transaction.atomic():
        pools = lock_pools(Pool.objects.filter(place=place).values_list("pk", flat=True))
        if not pools:
            raise LoanRefused("place_unknown", f"Nothing is lent in “{place}”. Check how the place is written.")
        closure, is_new = _find_or_make(place, first_on, last_on, reason, at)
        if is_new:
            later = sum(refitting.refit(pool=pool, at=at, by=by) for pool in pools)
            trail.record(
                "closure.added", about=closure, by=by, at=at, reason=reason, concerns=[pool.reference for pool in pools],
                place=place, days=str(closure), loans=later,
            )  # fmt: skip
    return closure


def withdraw_closure(*, closure: Closure, at: datetime, by: Actor) -> None:
    """The place is open on these days after all. Days that had moved stay: borrowers were told. Harmless when withdrawn."""
    by.require("equipment.change_pool")
    with transaction.atomic():
        pools = lock_pools(Pool.objects.filter(place=closure.place).values_list("pk", flat=True))
        if not Closure.objects.filter(pk=closure.pk, withdrawn_at=None).update(withdrawn_at=at):
            return
        closure.withdrawn_at = at
        for pool in pools:
            refitting.refit(pool=pool, at=at, by=by)
        names = [pool.reference for pool in pools]
        trail.record("closure.withdrawn", about=closure, by=by, at=at, concerns=names, place=closure.place, days=str(closure))


def _find_or_make(place: str, first_on: date, last_on: date, reason: str, at: datetime) -> tuple[Closure, bool]:
    try:
        with transaction.atomic():
            row = Closure(place=place, first_on=first_on, last_on=last_on, reason=reason, made_at=at)
            row.save(force_insert=True)
            return row, True
    except IntegrityError:
        return Closure.objects.get(place=place, first_on=first_on, last_on=last_on, withdrawn_at=None), False


def _demand_days(first_on: date, last_on: date) -> None:
    if last_on < first_on:
        raise LoanRefused("days_reversed", "The last closed day is before the first one. Swap them.")
    if last_on - first_on > LONGEST:
        raise LoanRefused("closed_too_long", "A place can be closed for a year at most. Choose an earlier last day.")
