"""Settings that were measured to go wrong are refused."""

import copy

import pytest

from config.checks import check_queue, check_sqlite_options, shortest_retry


@pytest.mark.parametrize(
    ("timeout", "ahead", "workers", "seconds"), [(60, 2, 2, 180), (4, 4, 2, 16), (10, 1, 1, 30), (60, 1, 4, 120)]
)
def test_the_shortest_retry_counts_the_rounds_of_jobs_fetched_ahead(timeout, ahead, workers, seconds):
    assert shortest_retry({"timeout": timeout, "queue_limit": ahead, "workers": workers}) == seconds


def test_the_settings_we_ship_pass():
    assert check_queue() == []
    assert check_sqlite_options() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"retry": 180}, "lendwell.E011"),
        ({"workers": 1}, "lendwell.E011"),
        ({"timeout": None}, "lendwell.E010"),
        ({"orm": "other"}, "lendwell.E012"),
        ({"ack_failures": True}, "lendwell.E013"),
        ({"catch_up": True}, "lendwell.E013"),
    ],
)
def test_a_wrong_queue_is_refused(settings, change, code):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, **change}
    assert [message.id for message in check_queue()] == [code]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"transaction_mode": None}, "lendwell.E020"),
        ({"timeout": 5}, "lendwell.E021"),
        ({"init_command": "PRAGMA journal_mode=WAL;"}, "lendwell.E022"),
    ],
)
def test_sqlite_without_its_options_is_refused(settings, options, code):
    databases = copy.deepcopy(settings.DATABASES)
    good = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    good["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous = FULL; PRAGMA recursive_triggers=ON;"
    databases["default"].update(ENGINE="django.db.backends.sqlite3", OPTIONS={**good, **options})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.checks.settings", type("Settings", (), {"DATABASES": databases}))
        assert [message.id for message in check_sqlite_options()] == [code]


def test_postgresql_needs_no_options_of_sqlite(monkeypatch):
    databases = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    monkeypatch.setattr("config.checks.settings", type("Settings", (), {"DATABASES": databases}))
    assert check_sqlite_options() == []
