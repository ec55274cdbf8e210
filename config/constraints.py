"""Whether the database really has the constraints and indexes that the models declare."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model


def missing() -> list[str]:
    """Names of declared constraints and indexes that the database does not have, with their tables, in order."""
    tables = set(connection.introspection.table_names())
    found = []
    with connection.cursor() as cursor:
        for model in own_models():
            table = model._meta.db_table
            if table not in tables:
                found.append(f"{table} (the whole table)")
                continue
            there = connection.introspection.get_constraints(cursor, table)
            found += [f"{name} on {table}" for name in _declared(model) if name not in there]
    return sorted(found)


def own_models() -> Iterator[type[Model]]:
    """The models of the house, without those of Django and other packages."""
    for app in apps.get_app_configs():
        if str(app.path).startswith(str(settings.BASE_DIR)) and "site-packages" not in app.path:
            yield from app.get_models()


def _declared(model: type[Model]) -> list[str]:
    return [constraint.name for constraint in model._meta.constraints] + [index.name for index in model._meta.indexes]
