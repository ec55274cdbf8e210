"""System checks that refuse settings under which background work or SQLite was measured to go wrong."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from notices.inbound import guarding

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "recursive_triggers": "ON",
}
"""What every connection to SQLite must set. WAL and IMMEDIATE go together; FULL keeps what was said to be done after a power
loss; without recursive triggers INSERT OR REPLACE walks round a DELETE trigger."""

SQLITE_TIMEOUT_SECONDS = 20
"""The busy handler is not fair: a writer was seen to wait 6.5 s among 16."""


def shortest_retry(queue: Mapping[str, Any]) -> int:
    """Seconds after which a taken wake-up may come back at the earliest, without running beside its first run.

    A worker's clock starts when the job is fetched ahead, not when it starts, so that each round of jobs before it counts:
    timeout × (1 + ceil((queue_limit + 1) / workers)).
    """
    timeout, ahead, workers = int(queue["timeout"]), int(queue["queue_limit"]), int(queue["workers"])
    return timeout * (1 + math.ceil((ahead + 1) / workers))


def check_queue(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a queue that runs jobs twice, forgets failed ones, makes up for lost time, or lives in another database."""
    queue: Mapping[str, Any] = settings.Q_CLUSTER
    found: list[CheckMessage] = []
    if not queue.get("timeout") or not queue.get("workers") or not queue.get("queue_limit"):
        return [Error("Q_CLUSTER needs timeout, workers and queue_limit.", id="lendwell.E010")]
    if queue.get("retry", 0) <= shortest_retry(queue):
        text = f"Q_CLUSTER['retry'] is {queue.get('retry', 0)} and must be more than {shortest_retry(queue)} seconds."
        hint = "Otherwise jobs that were fetched ahead come back while they still run."
        found.append(Error(text, hint=hint, id="lendwell.E011"))
    if queue.get("orm") != "default":
        text = "Q_CLUSTER['orm'] must be 'default': a wake-up has to commit or roll back with the work it is for."
        found.append(Error(text, id="lendwell.E012"))
    if queue.get("ack_failures", False) or queue.get("catch_up", True):
        text = "Q_CLUSTER needs ack_failures False (a failed job comes back) and catch_up False (no burst after an outage)."
        found.append(Error(text, id="lendwell.E013"))
    return found


def check_channel(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse providers that nobody could tell from a stranger, and an SMS provider without its account."""
    found: list[CheckMessage] = []
    if settings.EMAIL_PROVIDER and not guarding.email_is_guarded():
        text = f"What {settings.EMAIL_PROVIDER} tells about mails could be told by anybody."
        found.append(Error(text, hint=guarding.what_email_needs(), id="lendwell.E030"))
    if settings.SMS_PROVIDER not in ("", "file", "twilio"):
        found.append(Error(f"SMS_PROVIDER is “{settings.SMS_PROVIDER}”. It is twilio, file, or empty.", id="lendwell.E031"))
    missing = [name for name in ("SMS_ACCOUNT", "SMS_TOKEN", "SMS_SENDER") if not getattr(settings, name)]
    if settings.SMS_PROVIDER == "twilio" and missing:
        hint = "SMS_TOKEN also proves who tells what became of a text."
        found.append(Error(f"SMS_PROVIDER needs {', '.join(missing)}.", hint=hint, id="lendwell.E032"))
    if settings.SMS_PROVIDER == "twilio" and urlsplit(settings.SMS_URL).scheme != "https" and not settings.DEBUG:
        found.append(Warning("SMS_URL is not https: the account's token would travel in the clear.", id="lendwell.W033"))
    return found


def check_sqlite_options(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse SQLite without the options under which no writer was ever turned away."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    found: list[CheckMessage] = []
    if options.get("transaction_mode") != "IMMEDIATE":
        found.append(Error("SQLite needs the option transaction_mode IMMEDIATE.", id="lendwell.E020"))
    if options.get("timeout", 0) < SQLITE_TIMEOUT_SECONDS:
        found.append(Error(f"SQLite needs a timeout of {SQLITE_TIMEOUT_SECONDS} seconds or more.", id="lendwell.E021"))
    command = options.get("init_command", "").replace(" ", "").lower()
    missing = [name for name in PRAGMAS if f"pragma{name}=" not in command]
    if missing:
        found.append(Error(f"SQLite's init_command must set {', '.join(missing)}.", id="lendwell.E022"))
    return found
