"""Writing a row that has no verb of its own (a place, a wording in draft), and never without an entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from audit import trail
from audit.actors import Actor


@dataclass
class Named:
    """Something the trail can be about, named by hand, where the row has no reference of its own."""

    subject_type: str
    reference: str


def write(*, row: Model, about: trail.Subject, changed: Iterable[str], at: datetime, by: Actor) -> None:
    """Save `row`, new or known, and record which fields were written, not their values. Asks the model's own permission.

    A known row of which nothing changed is left alone. Raises `PermissionDenied`.
    """
    is_new = row._state.adding
    fields = sorted(changed)
    by.require(f"{row._meta.app_label}.{'add' if is_new else 'change'}_{row._meta.model_name}")
    with transaction.atomic():
        if is_new:
            row.save(force_insert=True)
            trail.record("row.added", about=about, by=by, at=at)
        elif fields:
            row.save(force_update=True)
            trail.record("row.edited", about=about, by=by, at=at, fields=", ".join(fields))
