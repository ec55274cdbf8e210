"""A backup taken under load is restored: the trail is whole, and nobody gets a mail twice."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from notices import sending
from notices.models import Notice
from tests.faults.background import Background, database_url
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PEOPLE = 20
SENT_BEFORE, SENT_WHILE = 10, 10
"""Mails sent before the backup is begun, and at most as many while it is made; the others wait for its end."""


@pytest.fixture
def restored(tmp_path: Path, settings: Any) -> Iterator[dict[str, str]]:
    """The environment of a second house: a backup that was made while mails went out, and all of them went out since."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "var" / "mailbox")
    campaign, now = make_campaign(pool=make_pool(units=2 * PEOPLE)), timezone.now()
    for number in range(PEOPLE):
        sign_up(issue_to(make_customer(f"Asha{number} Rao"), campaign, at=now), f"Ben{number} Okoro", at=now)
    begun, done = Event(), Event()
    with ThreadPoolExecutor(1) as thread:
        sender = thread.submit(send_everything, begun, done)
        begun.wait(60)
        backup = back_up(tmp_path)
        done.set()
        sender.result(120)
    with restore(backup) as url:
        yield {**Background(tmp_path)._environment(), "DATABASE_URL": url}


def send_everything(begin: Event, go_on: Event) -> None:
    for number, reference in enumerate(Notice.objects.order_by("pk").values_list("reference", flat=True)):
        if number == SENT_BEFORE:
            begin.set()
        if number == SENT_BEFORE + SENT_WHILE:
            go_on.wait(60)
        assert sending.send(reference=reference, at=timezone.now()) == "sent"
    connection.close()


def back_up(folder: Path) -> Path:
    """As docs/operations.md says, while everything runs."""
    backup = folder / "backup"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{backup}'")
    else:
        subprocess.run(["pg_dump", "--format=custom", f"--file={backup}", address(database_url())], check=True)
    return backup


def address(url: str) -> str:
    """A URL as the tools of PostgreSQL read it."""
    return url.replace("postgres://", "postgresql://")


class restore:  # noqa: N801
    """A database made of the backup, gone afterwards. Answers its URL."""

    def __init__(self, backup: Path) -> None:
        self.backup = backup

    def __enter__(self) -> str:
        if connection.vendor == "sqlite":
            copy = self.backup.with_suffix(".sqlite3")
            shutil.copy(self.backup, copy)
            return f"sqlite:///{copy}"
        self.name = f"{connection.settings_dict['NAME']}_restored"
        self._above(f'DROP DATABASE IF EXISTS "{self.name}"', f'CREATE DATABASE "{self.name}"')
        url = database_url().rpartition("/")[0] + f"/{self.name}"
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={address(url)}", str(self.backup)], check=True)
        return url

    def __exit__(self, *problem: object) -> None:
        if connection.vendor != "sqlite":
            self._above(f'DROP DATABASE IF EXISTS "{self.name}"')

    def _above(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def manage(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def mails(environment: dict[str, str]) -> Counter[str]:
    """How often each Message-ID was handed to the mail server."""
    files = (Path(environment["VAR_DIR"]) / "mailbox").glob("*.log")
    return Counter(name for file in files for name in re.findall(r"^Message-ID: (\S+)", file.read_text(), re.MULTILINE))


def test_a_restored_backup_sends_nothing_again(restored):
    assert sum(mails(restored).values()) == len(mails(restored)) == 2 * PEOPLE
    held = manage(restored, "hold_back_notices", "--why", "Restored from this morning’s backup.")
    assert not held.startswith("0 "), "the backup was made while mails went out, so some of them wait in it"
    manage(restored, "sweep")
    assert sum(mails(restored).values()) == 2 * PEOPLE
    assert "intact" in manage(restored, "verify_audit").lower()


def test_without_holding_back_some_are_sent_again_under_the_same_name(restored):
    manage(restored, "sweep")
    seen = mails(restored)
    assert len(seen) == 2 * PEOPLE < sum(seen.values())
