"""Examining the whole house: settings, database, background work, templates. Every finding is fine or says what to do."""

import os
import smtplib
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines

from config import constraints, pending, scheduling
from config.checks import SQLITE_TIMEOUT_SECONDS
from config.heartbeats import last_life
from desk import triggers
from notices.kinds import KINDS
from notices.models import Template
from notices.states import TemplateState

SHORTEST_KEY = 32
MAIL_TIMEOUT_SECONDS = 3
_NAMED = 3
"""So many of the same trouble are named; of the rest the number is enough."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `text` says what was seen, `fix` what to do about it (empty: it is fine)."""

    text: str
    fix: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether nothing has to be done."""
        return not self.fix


def diagnose(at: datetime) -> Iterator[Finding]:
    """All findings at the instant `at`, in the order in which they should be mended."""
    for examine in _EXAMINATIONS:
        try:
            yield from examine(at)
        except DatabaseError as problem:
            subject = (examine.__doc__ or examine.__name__).rstrip(".")
            yield Finding(f"{subject}: the database did not answer ({_first_line(problem)})", "Look at DATABASE_URL, then migrate.")


# --- settings -------------------------------------------------------------------------------------------------------
def _keys(at: datetime) -> Iterator[Finding]:
    """Keys."""
    strong = len(settings.SECRET_KEY) >= SHORTEST_KEY and len(set(settings.SECRET_KEY)) >= 10
    yield _finding(strong, "SECRET_KEY is long and random", "SECRET_KEY is weak", "Set SECRET_KEY to 50 random characters.")
    known = len(settings.SEAL_KEY) >= SHORTEST_KEY and settings.SEAL_KEY != settings.SECRET_KEY
    fix = "Set SEAL_KEY to 50 random characters, not those of SECRET_KEY, and keep a copy off this machine."
    yield _finding(known, "SEAL_KEY is long and its own", "SEAL_KEY is weak or the same as SECRET_KEY", fix)


def _addresses(at: datetime) -> Iterator[Finding]:
    """Addresses."""
    yield _finding(not settings.DEBUG, "DEBUG is off", "DEBUG is on: errors show settings to visitors", "Unset DEBUG.")
    site = urlsplit(settings.SITE_URL)
    local = site.hostname in {"localhost", "127.0.0.1", "::1"}
    fix = "Set SITE_URL to the https address customers open: links in mails begin with it."
    safe = bool(site.hostname) and (local or site.scheme == "https")
    yield _finding(safe, f"SITE_URL is {settings.SITE_URL}", f"SITE_URL is {settings.SITE_URL or 'empty'}", fix)


def _mail(at: datetime) -> Iterator[Finding]:
    """Mail."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        yield Finding(f"mail goes by {backend}, to no mail server")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    problem = _mail_server_problem()
    text = f"the mail server at {where} does not answer ({problem})"
    yield _finding(not problem, f"the mail server at {where} answers", text, "Set EMAIL_URL to a mail server that answers.")


def _mail_server_problem() -> str:
    door = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with door(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_TIMEOUT_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as problem:
        return _first_line(problem)
    return ""


def _folder(at: datetime) -> Iterator[Finding]:
    """Folder for files."""
    folder = Path(settings.VAR_DIR)
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    yield _finding(
        writable, f"{folder} can be written", f"{folder} cannot be written", "Set VAR_DIR to a folder this user may write."
    )
    if "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]:
        collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
        fix = "Run `manage.py collectstatic --noinput`."
        yield _finding(collected, "static files are collected", "static files are not collected", fix)


# --- database -------------------------------------------------------------------------------------------------------
def _database(at: datetime) -> Iterator[Finding]:
    """Database."""
    if connection.vendor != "sqlite":
        connection.ensure_connection()
        yield Finding(f"the database is {connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")
        return
    yield Finding(f"the database is SQLite in {settings.DATABASES['default']['NAME']}: one machine, local disk")
    expected: dict[str, list[object]] = {"journal_mode": ["wal"], "synchronous": [2, 3], "recursive_triggers": [1]}
    for pragma, values in expected.items():
        value = _pragma(pragma)
        fix = "Take DATABASES['default']['OPTIONS'] as it is in config/settings/base.py."
        yield _finding(value in values, f"SQLite's {pragma} is {value}", f"SQLite's {pragma} is {value}", fix)
    waits = int(str(_pragma("busy_timeout")))
    fix = f"Set the option timeout to {SQLITE_TIMEOUT_SECONDS}."
    yield _finding(
        waits >= SQLITE_TIMEOUT_SECONDS * 1000, f"SQLite's writers wait {waits} ms", f"writers wait only {waits} ms", fix
    )


def _pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def _migrations(at: datetime) -> Iterator[Finding]:
    """Migrations."""
    count = _unapplied()
    yield _finding(not count, "all migrations are applied", f"{count} migrations are not applied", "Run `manage.py migrate`.")


def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _protection(at: datetime) -> Iterator[Finding]:
    """Triggers and constraints."""
    if _unapplied():
        return
    fix = "Run `manage.py migrate`: it puts triggers back."
    yield _all_there("triggers", triggers.missing(), fix)
    fix = "Someone changed the tables by hand. Restore them from the migrations before anything else is written."
    yield _all_there("constraints and indexes", constraints.missing(), fix)


def _all_there(what: str, missing: list[str], fix: str) -> Finding:
    return _finding(not missing, f"all {what} are in the database", f"{what} are missing: {', '.join(missing)}", fix)


def _system_checks(at: datetime) -> Iterator[Finding]:
    """Django's own checks."""
    found = [message for message in run_checks(databases=["default"]) if message.level >= WARNING]
    for message in found:
        yield Finding(_first_line(message.msg), message.hint or f"See {message.id}.")
    if not found:
        yield Finding("Django's checks find nothing")


# --- background work ------------------------------------------------------------------------------------------------
def _schedules(at: datetime) -> Iterator[Finding]:
    """Schedules."""
    found = scheduling.differences()
    rest = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    yield _finding(not found, "schedules equal the table", "; ".join(found[:_NAMED]) + rest, "Run `manage.py sync_schedules`.")


def _heartbeat(at: datetime) -> Iterator[Finding]:
    """Heartbeat."""
    seen_at = last_life()
    age = int((at - seen_at).total_seconds()) if seen_at else None
    fresh = age is not None and age <= max(settings.WATCHDOG_STALL_SECONDS, 90)
    seen = "background work was never seen alive" if age is None else f"background work was seen alive {age} seconds ago"
    yield _finding(fresh, seen, seen, "Start `manage.py serve` or `manage.py work`, or call `manage.py sweep` from cron.")


def _pending(at: datetime) -> Iterator[Finding]:
    """Due work."""
    oldest = pending.oldest_pending(at)
    seen = f"the oldest due work: {oldest.what}" + (f", for {oldest.seconds} seconds" if oldest.seconds else "")
    fix = "If background work is alive, its log says why this row fails."
    yield _finding(oldest.seconds <= settings.WATCHDOG_PENDING_SECONDS, seen, seen, fix)


# --- words ----------------------------------------------------------------------------------------------------------
def _templates(at: datetime) -> Iterator[Finding]:
    """Templates of pages."""
    names = template_names()
    broken = [problem for problem in map(_template_problem, names) if problem]
    for problem in broken:
        yield Finding(problem, "Mend the template.")
    if not broken:
        yield Finding(f"all {len(names)} templates compile")


def template_names() -> list[str]:
    """Names of all templates of the house: those in `templates/` and those in the folders of its apps."""
    folders = [settings.BASE_DIR / "templates"]
    folders += [Path(app.path) / "templates" for app in apps.get_app_configs() if "site-packages" not in app.path]
    return sorted({str(file.relative_to(folder)) for folder in folders for file in folder.rglob("*.*") if file.is_file()})


def _template_problem(name: str) -> str:
    try:
        engines["django"].get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError, LookupError) as problem:
        return f"{name} is broken: {_first_line(problem)}"
    return ""


def _notice_templates(at: datetime) -> Iterator[Finding]:
    """Templates of notices."""
    published = Template.objects.filter(state=TemplateState.PUBLISHED, campaign__isnull=True, language=settings.LANGUAGE_CODE)
    missing = sorted(KINDS.keys() - set(published.values_list("kind", flat=True)))
    text = f"no published words for: {', '.join(missing)}"
    yield _finding(not missing, "every kind of notice has published words", text, "Publish a template of each of these kinds.")


_EXAMINATIONS: list[Callable[[datetime], Iterable[Finding]]] = [
    _keys,
    _addresses,
    _mail,
    _folder,
    _database,
    _migrations,
    _protection,
    _system_checks,
    _schedules,
    _heartbeat,
    _pending,
    _templates,
    _notice_templates,
]


def _finding(is_ok: bool, fine: str, not_fine: str, fix: str) -> Finding:
    return Finding(fine) if is_ok else Finding(not_fine, fix)


def _first_line(problem: object) -> str:
    text = str(problem).strip()
    return text.splitlines()[0] if text else type(problem).__name__
