"""A surname as the database reads it out of a name."""

from typing import Any

from django.db.models import CharField, Func
from django.db.models.sql.compiler import SQLCompiler


class Surname(Func):
    """What stands behind the first space of a name, in capitals; the whole name where there is none.

    Written without parameters: an index over an expression serves only what reads exactly as it does.
    """

    template = "UPPER(SUBSTR(%(expressions)s, INSTR(%(expressions)s, ' ') + 1))"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        """The same in PostgreSQL's words."""
        template = "UPPER(SUBSTRING(%(expressions)s, STRPOS(%(expressions)s, ' ') + 1))"
        return self.as_sql(compiler, connection, template=template, **context)
