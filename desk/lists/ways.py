"""Finding rows in several ways at once, each by its own index.

Said in one condition with “or”, the order of the page decides: the database walks it and looks at every row until a page is full,
which for a text that few rows have is all of them.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Expression


def keys_by(model: type[Model], ways: Sequence[Q | Expression]) -> QuerySet[Any, Any]:
    """Keys of the rows that one of the ways finds, each once."""
    first, *others = [model._default_manager.filter(way).order_by().values("pk") for way in ways]
    return first.union(*others) if others else first


def found_by(rows: QuerySet[Any], *ways: Q | Expression) -> QuerySet[Any]:
    """Those of the rows that one of the ways finds."""
    return rows.filter(pk__in=keys_by(rows.model, ways))
