"""The doctor says of each thing that it is fine or what to do."""

import io
import json
import socket
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config import constraints, diagnosing, scheduling
from config.diagnosing import Finding, diagnose
from config.jobs import beat
from notices import default_templates
from notices.kinds import KINDS
from tests.config.world import make_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(at, settings):
    """A house with nothing to mend; the test suite's SQLite does not sync to disk, which is the one thing found."""
    settings.SITE_URL = "http://localhost:8000"
    scheduling.sync()
    default_templates.install(at=at)
    beat(at)


def to_mend(at, *examinations) -> list[Finding]:
    """What these examinations, or all of them, find to be mended."""
    findings = [finding for examine in examinations for finding in examine(at)] or diagnose(at)
    return [finding for finding in findings if not finding.is_ok and "synchronous" not in finding.text]


def test_a_healthy_house_needs_nothing(healthy, at):
    assert to_mend(at) == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is weak"),
        ("SECRET_KEY", "x" * 60, "SECRET_KEY is weak"),
        ("SEAL_KEY", "", "SEAL_KEY is weak"),
        ("DEBUG", True, "DEBUG is on"),
        ("SITE_URL", "http://lendwell.example.org", "SITE_URL is http://lendwell.example.org"),
        ("SITE_URL", "", "SITE_URL is empty"),
        ("VAR_DIR", "/nowhere", "/nowhere cannot be written"),
    ],
)
def test_a_wrong_setting_is_named(at, settings, name, value, told):
    settings.SITE_URL = "http://localhost:8000"
    setattr(settings, name, value)
    (finding,) = to_mend(at, diagnosing._keys, diagnosing._addresses, diagnosing._folder)
    assert finding.text.startswith(told)
    assert finding.fix


def test_a_mail_server_that_does_not_answer_is_named(healthy, at, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        (finding,) = to_mend(at, diagnosing._mail)
    assert "does not answer" in finding.text


def test_static_files_that_were_not_collected_are_named(healthy, at, settings, tmp_path):
    backend = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    settings.STATIC_ROOT = tmp_path
    assert [finding.text for finding in to_mend(at, diagnosing._folder)] == ["static files are not collected"]


def test_schedules_that_differ_are_named(at, healthy):
    scheduling.Schedule.objects.first().delete()
    assert "manage.py sync_schedules" in to_mend(at, diagnosing._schedules)[0].fix
    scheduling.Schedule.objects.all().delete()
    (finding,) = to_mend(at, diagnosing._schedules)
    assert finding.text.count("not scheduled") == 3
    assert finding.text.endswith(f"and {len(scheduling.SCHEDULES) - 3} more")


def test_silence_of_background_work_is_named(healthy, at):
    (finding,) = to_mend(at + timedelta(minutes=10), diagnosing._heartbeat)
    assert finding.text == "background work was seen alive 600 seconds ago"


def test_work_left_undone_is_named(healthy, at):
    make_notice(next_attempt_at=at - timedelta(minutes=10))
    (finding,) = to_mend(at, diagnosing._pending)
    assert finding.text == "the oldest due work: a notice to send, for 600 seconds"


def test_a_missing_trigger_is_named(healthy, at):
    on_table = ' ON "audit_entry"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "audit_entry_no_update"{on_table}')
    assert any("triggers are missing: audit_entry_no_update" in finding.text for finding in to_mend(at, diagnosing._protection))


def test_a_missing_index_or_constraint_is_named(healthy, at):
    assert constraints.missing() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_at")
    assert constraints.missing() == ["entry_at on audit_entry"]
    assert any("entry_at on audit_entry" in finding.text for finding in to_mend(at, diagnosing._protection))


def test_every_named_constraint_of_the_house_is_looked_for():
    names = {name for model in constraints.own_models() for name in constraints._declared(model)}
    assert {"loan_one_present_per_unit", "reward_once_per_referral_tier_and_person", "seal_position_unique"} <= names
    assert not any(name.startswith("auth_") for name in names)


def test_a_broken_template_is_named(healthy, at, settings, tmp_path, monkeypatch):
    (tmp_path / "broken.html").write_text("{% if %}")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES = templates
    monkeypatch.setattr(diagnosing, "template_names", lambda: ["broken.html", "nowhere.html", "base.html"])
    found = to_mend(at, diagnosing._templates)
    assert [finding.text.split(" is broken")[0] for finding in found] == ["broken.html", "nowhere.html"]


def test_a_kind_of_notice_without_words_is_named(healthy, at, monkeypatch):
    monkeypatch.setitem(KINDS, "reward_sung", KINDS["reward_given"])
    (finding,) = to_mend(at, diagnosing._notice_templates)
    assert finding.text == "no published words for: reward_sung"


def test_the_command_exits_with_1_and_says_what_to_do(at):
    out = io.StringIO()
    with pytest.raises(CommandError, match="need a hand") as refusal:
        call_command("doctor", stdout=out)
    assert refusal.value.returncode == 1
    assert "fix: background work was never seen alive. Start `manage.py serve`" in out.getvalue()
    assert "ok   all migrations are applied" in out.getvalue()


def test_the_command_writes_json(healthy):
    beat(timezone.now())
    out = io.StringIO()
    try:
        call_command("doctor", "--json", stdout=out)
    except CommandError:
        assert connection.vendor == "sqlite"
    rows = json.loads(out.getvalue())
    assert {"ok", "text", "fix"} == rows[0].keys()
    assert [row["text"] for row in rows if not row["ok"]] == (
        ["SQLite's synchronous is 0"] if connection.vendor == "sqlite" else []
    )
