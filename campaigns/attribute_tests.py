"""Conditions on what is stored as JSON, in the words of each database: attributes, compared by their declared type, and tags.

Django's own JSON lookups differ between SQLite and PostgreSQL in how a number compares with a text and cannot look into
a list on SQLite; these mean the same on both. A value of another type than the declared one counts as not known.
"""

from typing import Any

from django.db.models import BooleanField, F, Func

from customers.facts import FactKind

_YEAR = r"(?!0000)[0-9]{4}"
_LEAP = r"([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DAY = (
    rf"^({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)
"""Exactly the days of the Gregorian calendar written `YYYY-MM-DD`; text in this form sorts as the days do."""

_SIGNS = {"is": "=", "is_not": "<>", "at_least": ">=", "at_most": "<="}
_Sql = tuple[str, tuple[Any, ...]]


class AttributeIsKnown(Func):
    """Whether a customer has a value of the declared type for an attribute."""

    def __init__(self, name: str, kind: FactKind) -> None:
        super().__init__(F("attributes"), output_field=BooleanField())
        self.name, self.kind = name, kind

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """The condition for SQLite."""
        value, parameters = _sqlite_value(compiler, self.source_expressions[0], self.name, self.kind)
        return f"({value} IS NOT NULL)", parameters

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """The condition for PostgreSQL."""
        value, parameters = _postgresql_value(compiler, self.source_expressions[0], self.name, self.kind)
        return f"({value} IS NOT NULL)", parameters


class AttributeIs(Func):
    """Whether an attribute's value meets a comparison. Not true when the value is not known."""

    def __init__(self, name: str, kind: FactKind, operator: str, values: tuple[Any, ...]) -> None:
        super().__init__(F("attributes"), output_field=BooleanField())
        self.name, self.kind, self.operator, self.values = name, kind, operator, values

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """The condition for SQLite."""
        value, parameters = _sqlite_value(compiler, self.source_expressions[0], self.name, self.kind)
        return self._compared(value, parameters, "%s", self.values)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """The condition for PostgreSQL."""
        value, parameters = _postgresql_value(compiler, self.source_expressions[0], self.name, self.kind)
        if self.kind == FactKind.NUMBER:
            return self._compared(value, parameters, "%s::numeric", tuple(str(v) for v in self.values))
        return self._compared(value, parameters, "%s", self.values)

    def _compared(self, value: str, parameters: tuple[Any, ...], mark: str, values: tuple[Any, ...]) -> _Sql:
        if self.operator in _SIGNS:
            return f"({value} {_SIGNS[self.operator]} {mark})", (*parameters, values[0])
        inside = "IN" if self.operator == "one_of" else "NOT IN"
        return f"({value} {inside} ({', '.join(mark for _ in values)}))", (*parameters, *values)


class HasTag(Func):
    """Whether the customer's tags contain one of these words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(F("tags"), output_field=BooleanField())
        self.words = words

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """A look through the list, element by element."""
        column, parameters = compiler.compile(self.source_expressions[0])
        marks = ", ".join("%s" for _ in self.words)
        inside = f"SELECT 1 FROM json_each({column}) AS tag WHERE tag.type = 'text' AND tag.value IN ({marks})"
        return f"(json_type({column}) = 'array' AND EXISTS ({inside}))", (*parameters, *parameters, *self.words)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> _Sql:
        """Containment in the list."""
        column, parameters = compiler.compile(self.source_expressions[0])
        tests = " OR ".join(f"{column} @> jsonb_build_array(%s::text)" for _ in self.words)
        return f"({tests})", tuple(p for word in self.words for p in (*parameters, word))


def _sqlite_value(compiler: Any, source: Any, name: str, kind: FactKind) -> _Sql:
    """The attribute as a value of its declared type, NULL when it is of another, in SQLite's words."""
    column, own = compiler.compile(source)
    path = (*own, f'$."{name}"')
    of_type, value = f"json_type({column}, %s)", f"json_extract({column}, %s)"
    if kind == FactKind.NUMBER:
        return f"(CASE WHEN {of_type} IN ('integer', 'real') THEN {value} END)", (*path, *path)
    if kind == FactKind.YES_NO:
        return f"(CASE {of_type} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)", path
    if kind == FactKind.DATE:
        return f"(CASE WHEN {of_type} = 'text' AND {value} REGEXP %s THEN {value} END)", (*path, *path, _DAY, *path)
    return f"(CASE WHEN {of_type} = 'text' THEN NULLIF({value}, '') END)", (*path, *path)


def _postgresql_value(compiler: Any, source: Any, name: str, kind: FactKind) -> _Sql:
    """The attribute as a value of its declared type, NULL when it is of another, in PostgreSQL's words."""
    column, own = compiler.compile(source)
    key = (*own, name)
    of_type, value = f"jsonb_typeof({column} -> %s::text)", f"({column} ->> %s::text)"
    if kind == FactKind.NUMBER:
        return f"(CASE WHEN {of_type} = 'number' THEN {value}::numeric END)", (*key, *key)
    if kind == FactKind.YES_NO:
        return f"(CASE WHEN {of_type} = 'boolean' THEN {value}::boolean END)", (*key, *key)
    if kind == FactKind.DATE:
        return f"(CASE WHEN {of_type} = 'string' AND {value} ~ %s THEN {value} END COLLATE \"C\")", (*key, *key, _DAY, *key)
    return f"(CASE WHEN {of_type} = 'string' THEN NULLIF({value}, '') END)", (*key, *key)
