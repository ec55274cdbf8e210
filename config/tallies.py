"""Counting tries in the database, exactly, for all web processes together. One statement counts and answers."""

from datetime import datetime, timedelta

from django.db import connection

from config.models import Tally
from desk.rate_limits import Counter

_KEPT = timedelta(hours=1)


def add(key: str, until: datetime) -> int:
    """Count one more under `key` and answer how many there are now. Of two at once, each gets a number of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [key, connection.ops.adapt_datetimefield_value(until)])
        count: int = cursor.fetchone()[0]
    return count


def read(key: str) -> int:
    """How many there are under `key`."""
    return Tally.objects.filter(key=key).values_list("count", flat=True).first() or 0


def forget(*, at: datetime) -> int:
    """Delete what is not needed any more. Answers how many."""
    deleted: int = Tally.objects.filter(until__lt=at - _KEPT).delete()[0]
    return deleted


COUNTER = Counter(add, read)

# Names of our own table; every value is a parameter. Both databases know this form of INSERT.
_TABLE = Tally._meta.db_table
_ADD = (
    f"INSERT INTO {_TABLE} (key, count, until) VALUES (%s, 1, %s) "
    f"ON CONFLICT (key) DO UPDATE SET count = {_TABLE}.count + 1 RETURNING count"
)
