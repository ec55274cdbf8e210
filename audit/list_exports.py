"""That somebody took rows of a list away as a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from audit.editing import Named


def record_export(*, label: str, filters: Mapping[str, str], rows: int, at: datetime, by: Actor) -> None:
    """Record that `rows` rows of the list of the model `label` (`app.model`) are written to a file, picked out by `filters`.

    `filters` must hold nothing personal. Raises `PermissionDenied` for who may not see the list.
    """
    app, _, model = label.partition(".")
    by.require(f"{app}.view_{model}")
    words = ", ".join(f"{name} {value}" for name, value in sorted(filters.items())) or "none"
    with transaction.atomic():
        trail.record("list.exported", about=Named("list", label), by=by, at=at, rows=rows, filters=words)
