"""Adding units to a pool."""

from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from equipment import queueing
from equipment.locking import lock_pools
from equipment.models import Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import Service


def add_unit(
    *, pool: Pool, serial: str, at: datetime, by: Actor, service: Service | str = Service.IN_SERVICE, note: str = ""
) -> Unit:
    """A new unit of `pool`; in service, it goes to the next in the queue at once. Answers the unit there is.

    Harmless for a serial number the pool has already: nothing changes. Refuses with `serial_missing`, and with
    `serial_elsewhere` when another pool has it.
    """
    by.require("equipment.import_units")
    if not serial.strip():
        raise LoanRefused("serial_missing", "A unit needs a serial number. Write the one that is on it.")
    with transaction.atomic():
        (pool,) = lock_pools([pool.pk])
        unit, is_new = _find_or_make(pool, serial.strip(), service=service, note=note, at=at)
        if is_new:
            label = unit.get_service_display().lower()
            trail.record("unit.added", about=unit, by=by, at=at, concerns=[pool.reference], pool=pool.reference, service=label)
            queueing.promote(pool=pool, at=at, by=by)
    return unit


def _find_or_make(pool: Pool, serial: str, *, service: Service | str, note: str, at: datetime) -> tuple[Unit, bool]:
    try:
        with transaction.atomic():
            row = Unit(pool=pool, serial=serial, service=service, note=note, service_since=at, created_at=at)
            row.save(force_insert=True)
            return row, True
    except IntegrityError:
        known = Unit.objects.select_related("pool__model").filter(serial=serial).first()
        if known is None:
            raise
    if known.pool_id != pool.pk:
        raise LoanRefused("serial_elsewhere", f"Unit {serial} is already in {known.pool.reference}. Check the serial number.")
    return known, False
