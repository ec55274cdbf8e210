"""How a text begins, found by an index among very many rows in either database, and without regard to capitals."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Lookup, Value
from django.db.models.functions import Upper
from django.db.models.sql.compiler import SQLCompiler

_LAST = 0x10FFFF
"""The last letter of all: no text that begins with a word comes behind the word with it."""


class Begins(Lookup):
    """Whether a text in capitals begins with what was typed, in capitals as the database makes them."""

    lookup_name = "begins"
    prepare_rhs = False

    def __init__(self, capitals: Any, typed: str) -> None:
        super().__init__(capitals, Upper(Value(typed)))
        self.typed = typed

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A pattern: PostgreSQL reads its beginning out of it and walks a `BeginningIndex`."""
        text, values = self.process_lhs(compiler, connection)
        return f"{text} LIKE UPPER(%s)", [*values, f"{connection.ops.prep_for_like_query(self.typed)}%"]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        """A stretch of the alphabet: SQLite walks an index for it, which it does for no pattern of this kind."""
        text, values = self.process_lhs(compiler, connection)
        return f"({text} >= UPPER(%s) AND {text} < UPPER(%s) || CHAR({_LAST}))", [*values, self.typed, *values, self.typed]


class BeginningIndex(models.Index):
    """An index over one text in capitals that serves `Begins`, whatever order of letters the database has."""

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any) -> Any:
        """As Django writes it; for PostgreSQL by the bytes of the letters, as patterns need it."""
        written = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor != "postgresql":
            return written
        return f"{str(written).removesuffix(')')} text_pattern_ops)"
