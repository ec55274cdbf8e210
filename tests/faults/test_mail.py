"""A mail server that refuses, hangs, drops or is away: nothing is lost, and nothing goes out under a second name."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from audit import timeline
from notices import jobs, sending
from notices.models import Notice
from notices.states import NoticeState
from tests.notices.mail_server import Behaviour, free_port, start
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[Callable[..., Behaviour]]:
    """Starts a real mail server behaving as told, in place of the one before, at the address the product uses."""
    running: list[Controller] = []
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_TIMEOUT = 0.5

    def begin(**behaviour: str) -> Behaviour:
        handler = Behaviour(**behaviour)
        running.append(start(handler))
        settings.EMAIL_PORT = running[-1].port
        return handler

    yield begin
    for controller in running:
        controller.stop()


Server = Callable[..., Behaviour]


def events(notice: Notice) -> list[str]:
    return [entry.event for entry in timeline.of(notice.reference)]


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        ({"recipient": "450 asha@example.org is busy"}, "450"),
        ({"data": "451 Come back later"}, "451"),
        ({"data": "421 Closing"}, "421"),
        ({"recipient": "530 Log in first"}, "530"),
        ({"fate": "hang"}, "timed out"),
        ({"fate": "drop"}, "disconnected"),
    ],
)
def test_what_may_pass_is_tried_again_later_under_the_same_name(
    mail_server: Server, at: datetime, behaviour: dict[str, str], answer: str
) -> None:
    bad = mail_server(**behaviour)
    notice = queued()
    assert jobs.send_queued_notices(at) == {"queued": 1}
    notice.refresh_from_db()
    assert (notice.next_attempt_at, notice.attempts, notice.lease_until) == (at + timedelta(minutes=1), 1, None)
    assert notice.reason
    entry = timeline.of(notice.reference).get(event="notice.postponed")
    assert f"({answer})" in entry.sentence
    assert "asha" not in entry.data

    good = mail_server()
    assert jobs.send_queued_notices(at + timedelta(seconds=59)) == {}
    assert jobs.send_queued_notices(at + timedelta(minutes=1)) == {"sent": 1}
    assert {mail["Message-ID"] for mail in bad.mails() + good.mails()} == {notice.message_id}
    assert events(notice) == ["notice.queued", "notice.postponed", "notice.sent"]


@pytest.mark.parametrize("behaviour", [{"recipient": "550 No such user asha@example.org"}, {"data": "554 Spam"}])
def test_what_is_refused_for_good_stops_with_the_servers_words(
    mail_server: Server, at: datetime, behaviour: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    mail_server(**behaviour)
    notice = queued()
    assert jobs.send_queued_notices(at) == {"failed": 1}
    notice.refresh_from_db()
    assert notice.reason == next(iter(behaviour.values()))
    assert events(notice) == ["notice.queued", "notice.failed"]
    assert "asha" not in timeline.of(notice.reference).get(event="notice.failed").data
    assert [record.levelno for record in caplog.records if record.name == "notices.sending"] == [logging.ERROR]
    assert notice.address not in caplog.text
    assert jobs.send_queued_notices(at + timedelta(days=9)) == {}


def test_a_server_that_is_away_loses_nothing_and_after_ten_attempts_someone_is_called(
    mail_server: Server, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    notice = queued()
    for attempt in range(1, sending.MAX_ATTEMPTS):
        assert jobs.send_notice(notice.reference, at) == "queued"
        assert not caplog.records
        at += sending.wait_after(attempt)
    assert jobs.send_notice(notice.reference, at) == "dead"
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (NoticeState.DEAD, sending.MAX_ATTEMPTS)
    assert "refused" in notice.reason
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert events(notice) == ["notice.queued", *["notice.postponed"] * 9, "notice.given_up"]


def test_a_wrong_password_fails_no_notice_for_good(mail_server: Server, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_server()
    notice = queued()

    def refuse(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"Wrong password")

    monkeypatch.setattr(smtplib.SMTP, "sendmail", refuse)
    assert jobs.send_notice(notice.reference, at) == "queued"


def test_one_bad_address_does_not_hold_up_the_others(mail_server: Server, at: datetime) -> None:
    server = mail_server()
    bad = queued(about="loan_0")
    Notice.objects.filter(pk=bad.pk).update(address="not an address\n")
    for n in (1, 2):
        queued(about=f"loan_{n}")
    assert jobs.send_queued_notices(at) == {"failed": 1, "sent": 2}
    assert len(server.seen) == 2
