"""What the database itself refuses: that one unit is named in two loans over overlapping times.

PostgreSQL keeps an exclusion constraint, SQLite two triggers. Both are made again after every migrate and looked for by a
system check. The constraint compares units as one-element ranges, so that it needs no extension.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from desk.triggers import Trigger
from equipment.states import PRESENT

TABLE = "equipment_loan"
CONSTRAINT = "loan_units_never_overlap"
_STATES = ", ".join(f"'{state}'" for state in sorted(PRESENT))
_EXCLUSION = f"""
ALTER TABLE {TABLE} ADD CONSTRAINT {CONSTRAINT}
EXCLUDE USING gist (int8range(unit_id, unit_id, '[]') WITH &&, tstzrange(starts_at, blocked_until, '[)') WITH &&)
WHERE (unit_id IS NOT NULL AND state IN ({_STATES}))
"""


def _overlap_trigger(name: str, when: str) -> Trigger:
    return Trigger(
        name=name,
        table=TABLE,
        sqlite=f"""
CREATE TRIGGER "{name}" BEFORE {when} ON {TABLE}
WHEN NEW.unit_id IS NOT NULL AND NEW.state IN ({_STATES}) AND EXISTS (
  SELECT 1 FROM {TABLE} other
  WHERE other.unit_id = NEW.unit_id AND other.id IS NOT NEW.id AND other.state IN ({_STATES})
    AND other.starts_at < NEW.blocked_until AND NEW.starts_at < other.blocked_until)
BEGIN SELECT RAISE(ABORT, '{CONSTRAINT}'); END
""",
    )


TRIGGERS = [
    _overlap_trigger("loan_no_overlap_insert", "INSERT"),
    _overlap_trigger("loan_no_overlap_update", "UPDATE OF unit_id, state, starts_at, blocked_until"),
]


def install_constraint(using: BaseDatabaseWrapper = connection) -> None:
    """Add the exclusion constraint where it is missing (PostgreSQL only)."""
    if is_constraint_missing(using):
        with using.cursor() as cursor:
            cursor.execute(_EXCLUSION)


def is_constraint_missing(using: BaseDatabaseWrapper = connection) -> bool:
    """Whether this database should have the exclusion constraint and has not."""
    if using.vendor != "postgresql" or TABLE not in using.introspection.table_names():
        return False
    with using.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = to_regclass(%s) AND contype = 'x'", [CONSTRAINT, TABLE]
        )
        return cursor.fetchone() is None


def put_constraint_back(sender: AppConfig, **kwargs: object) -> None:
    """After every migrate of this app."""
    install_constraint()


def check_constraint(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """System check (`manage.py check --database default`): the exclusion constraint is in the database."""
    if not databases or not is_constraint_missing():
        return []
    return [
        Error(
            f"The database constraint {CONSTRAINT} is missing.",
            hint="Run `manage.py migrate`: it puts it back.",
            id="equipment.E001",
        )
    ]
