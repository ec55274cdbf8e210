"""A database to be thrown away, in the place of the real one for as long as the block runs. Nothing in it touches real data."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from config.settings.base import SQLITE_OPTIONS
from desk import queue

_ALIAS = "default"


@contextmanager
def database() -> Iterator[None]:
    """An empty SQLite database with all tables, in a folder that is removed at the end; nothing is woken meanwhile."""
    real = connections[_ALIAS]
    with tempfile.TemporaryDirectory(prefix="lendwell-") as folder, queue.asleep():
        scratch = _wrapper(Path(folder) / "scratch.sqlite3")
        connections[_ALIAS] = scratch
        try:
            _forget()
            with scratch.cursor() as cursor:
                # Nobody mourns it: it need not wait for the disk.
                cursor.execute("PRAGMA synchronous=OFF")
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            scratch.close()
            connections[_ALIAS] = real
            _forget()


def _wrapper(path: Path) -> DatabaseWrapper:
    settings = {
        **connections[_ALIAS].settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "HOST": "",
        "PORT": "",
    }
    return DatabaseWrapper({**settings, "OPTIONS": dict(SQLITE_OPTIONS), "USER": "", "PASSWORD": ""}, _ALIAS)


def _forget() -> None:
    """Keys of content types differ from one database to the next."""
    ContentType.objects.clear_cache()
