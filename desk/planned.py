"""A cursor for the few statements that are sent with every visit: PostgreSQL reads and plans each once for as long as a connection lives.

Django binds values on its own side, so that each statement is new to PostgreSQL; planning one read of a few rows by their keys then costs
more than the read. Switched off (`DATABASE_PREPARED=0`) where something between here and there hands out another connection for each
transaction and does not know of prepared statements.
"""

from typing import TYPE_CHECKING, Any

from django.db import Error, NotSupportedError, connection
from django.db.backends.postgresql.base import ServerBindingCursor

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_Sending: Any = ServerBindingCursor


def cursor() -> "CursorWrapper":
    """A cursor of the connection as it is; elsewhere than on PostgreSQL, and where queries are logged, an ordinary one. For a `with`.

    Whether the connection still lives is not asked beforehand, which would be a statement more: the statement itself finds out, and
    `begins_anew` says so.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    return connection.make_cursor(_Sending(connection.connection))


def begins_anew(error: Error) -> bool:
    """After an error: whether the connection had ended meanwhile, or keeps a plan that the tables have outgrown in a migration.

    It is closed then, and the next statement opens another.
    """
    if connection.in_atomic_block or not (isinstance(error, NotSupportedError) or not connection.is_usable()):
        return False
    connection.close()
    return True
