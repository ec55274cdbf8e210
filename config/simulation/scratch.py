"""A database to be thrown away, in the place of the real one for as long as the block runs. Nothing in it touches real data."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
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


@contextmanager
def several(*names: str) -> Iterator[list[BaseDatabaseWrapper]]:
    """Empty databases of the kind in use, each with all tables: files of SQLite or schemas of PostgreSQL, removed at the end.

    `using` puts one of them in the place of the real one.
    """
    with tempfile.TemporaryDirectory(prefix="lendwell-") as folder, queue.asleep():
        is_sqlite = connections[_ALIAS].vendor == "sqlite"
        made = [_wrapper(Path(folder) / f"{name}.sqlite3") if is_sqlite else _schema(f"lendwell_scratch_{name}") for name in names]
        try:
            for one in made:
                with using(one):
                    call_command("migrate", verbosity=0, interactive=False)
            yield made
        finally:
            for one in made:
                one.close()
            if not is_sqlite:
                _drop(names)


@contextmanager
def empty(name: str) -> Iterator[dict[str, Any]]:
    """The settings of a database of the kind in use without any table, for another process; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="lendwell-") as folder:
        is_sqlite = connections[_ALIAS].vendor == "sqlite"
        made = _wrapper(Path(folder) / f"{name}.sqlite3") if is_sqlite else _schema(f"lendwell_scratch_{name}")
        try:
            yield {key: made.settings_dict[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
        finally:
            if not is_sqlite:
                _drop([name])


@contextmanager
def using(scratch: BaseDatabaseWrapper) -> Iterator[None]:
    """This database in the place of the real one for as long as the block runs."""
    real = connections[_ALIAS]
    connections[_ALIAS] = scratch
    _forget()
    try:
        if scratch.vendor == "sqlite":
            with scratch.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
        yield
    finally:
        connections[_ALIAS] = real
        _forget()


def _schema(name: str) -> BaseDatabaseWrapper:
    real = connections[_ALIAS]
    with real.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        cursor.execute(f"CREATE SCHEMA {name}")
    options = {**real.settings_dict["OPTIONS"], "options": f"-c search_path={name}"}
    return type(real)({**real.settings_dict, "OPTIONS": options}, _ALIAS)


def _drop(names: Sequence[str]) -> None:
    with connections[_ALIAS].cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP SCHEMA IF EXISTS lendwell_scratch_{name} CASCADE")


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
