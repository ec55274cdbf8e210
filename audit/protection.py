"""Triggers that make a table append-only on both databases."""

from desk.triggers import Trigger

_MESSAGE = "this table is append-only"


def append_only(table: str, *, unless: str = "", frozen: tuple[str, ...] = ()) -> list[Trigger]:
    """Triggers refusing UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE on `table`.

    `unless` is an SQL condition on OLD under which an update or delete stays allowed (a draft, say). `frozen` limits the
    refusal of updates to these columns, where another one must stay erasable.
    INSERT OR REPLACE on SQLite deletes without firing a DELETE trigger unless recursive_triggers is on, so an insert onto
    an existing id is refused as well.
    """
    when = f"WHEN NOT ({unless})" if unless else ""
    return [
        _row_trigger(table, "update", when, of=f" OF {', '.join(frozen)}" if frozen else ""),
        _row_trigger(table, "delete", when),
        Trigger(
            name=f"{table}_no_replace",
            table=table,
            sqlite=(
                f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" '
                f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id{_and(unless)}) '
                f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            ),
        ),
        Trigger(
            name=f"{table}_no_truncate",
            table=table,
            postgresql=(
                _FUNCTION,
                f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
                f"FOR EACH STATEMENT EXECUTE FUNCTION lendwell_refuse_change()",
            ),
        ),
    ]


def _and(unless: str) -> str:
    return f" AND NOT ({unless.replace('OLD.', '')})" if unless else ""


def _row_trigger(table: str, verb: str, when: str, of: str = "") -> Trigger:
    name = f"{table}_no_{verb}"
    return Trigger(
        name=name,
        table=table,
        sqlite=(
            f'CREATE TRIGGER "{name}" BEFORE {verb.upper()}{of} ON "{table}" {when} BEGIN SELECT RAISE(ABORT, \'{_MESSAGE}\'); END'
        ),
        postgresql=(
            _FUNCTION,
            f'CREATE TRIGGER "{name}" BEFORE {verb.upper()}{of} ON "{table}" FOR EACH ROW '
            f"{_parenthesised(when)} EXECUTE FUNCTION lendwell_refuse_change()",
        ),
    )


def _parenthesised(when: str) -> str:
    """PostgreSQL wants the whole condition of a trigger in brackets."""
    return f"WHEN ({when.removeprefix('WHEN ')})" if when else ""


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION lendwell_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
