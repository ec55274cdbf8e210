"""The database goes away in the middle of the work and comes back: work goes on, nothing is lost, nothing is doubled."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from audit.verifying import verify as verify_trail
from config import scheduling
from config.sweeping import sweep
from equipment.models import Loan
from notices.models import Notice
from rewards.models import Accrual, Reward
from tests.faults.background import Background, wait_for
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up, verify

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@contextmanager
def away(seconds: float) -> Iterator[None]:
    """PostgreSQL throws everyone out and lets nobody in; SQLite lets nobody write, for longer than writers wait."""
    connection.close()
    with _thrown_out() if connection.vendor == "postgresql" else _locked_up():
        time.sleep(seconds)
        yield


@contextmanager
def _thrown_out() -> Iterator[None]:
    of = connection.settings_dict
    server = {"host": of["HOST"] or None, "port": of["PORT"] or None, "user": of["USER"], "password": of["PASSWORD"] or None}
    with closing(psycopg.connect(dbname="postgres", autocommit=True, **server)) as above:
        above.execute(f'ALTER DATABASE "{of["NAME"]}" ALLOW_CONNECTIONS false')
        above.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [of["NAME"]])
        try:
            yield
        finally:
            above.execute(f'ALTER DATABASE "{of["NAME"]}" ALLOW_CONNECTIONS true')


@contextmanager
def _locked_up() -> Iterator[None]:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=60)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield
        held.execute("ROLLBACK")


def test_a_database_that_was_away_loses_nothing_and_doubles_nothing(tmp_path):
    campaign, now = make_campaign(pool=make_pool(units=40)), timezone.now()
    codes = [issue_to(make_customer(f"Asha{n} Rao"), campaign, at=now) for n in range(20)]
    referrals = [sign_up(code, f"Ben{n} Okoro", at=now) for n, code in enumerate(codes)]
    scheduling.sync()
    with Background(tmp_path, stall_seconds=20) as background:
        for referral in referrals:
            verify(referral, at=timezone.now())
        with away(25 if connection.vendor == "sqlite" else 8):
            gone = timezone.now()
        background.wait_for_beat(gone, 90)
        wait_for(lambda: Loan.objects.filter(state="unlocked").count() == 40, 90, "every unit is unlocked")
        assert background.stop() == 0
    sweep(timezone.now() + timedelta(hours=1))  # whoever was sending when it went left a lease; that runs out
    assert Accrual.objects.count() == 20
    assert set(Reward.objects.values_list("state", flat=True)) == {"fulfilled"}
    assert Notice.objects.filter(kind="reward_unlocked", state="sent").count() == 40
    assert verify_trail().is_intact
