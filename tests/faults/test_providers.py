"""Providers reached over HTTP that are busy, broken, or take a message and hang up."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from notices import jobs
from notices.models import Notice
from notices.states import Channel, NoticeState
from tests.make import make_customer
from tests.notices.provider import Provider
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(settings: Any) -> Iterator[Callable[..., Provider]]:
    """Starts a provider that answers as told, for mails (Postmark's interface) and texts (Twilio's)."""
    running: list[Provider] = []

    def begin(**behaviour: Any) -> Provider:
        one = Provider(**behaviour).start()
        running.append(one)
        settings.SMS_PROVIDER, settings.SMS_URL = "twilio", one.address
        settings.SMS_ACCOUNT, settings.SMS_TOKEN, settings.SMS_SENDER = "AC1", "token", "+4930123456"
        settings.EMAIL_PROVIDER = "postmark"
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": f"{one.address}/", "WEBHOOK_SECRET": "a:b"}
        return one

    yield begin
    for one in running:
        one.stop()


def text_to(phone: str = "+491701234567") -> Notice:
    """A text in the outbox, to somebody without a mail address."""
    notice = queued("loan_overdue", to=make_customer(email="", phone=phone))
    assert notice.channel == Channel.SMS
    return notice


def test_a_text_is_taken_with_sender_receiver_and_the_address_for_what_becomes_of_it(
    provider: Callable[..., Provider], at: datetime
) -> None:
    there = provider()
    notice = text_to()
    assert jobs.send_queued_notices(at) == {"sent": 1}
    (method, path, form, headers) = there.asked[0]
    assert (method, path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert (form["From"], form["To"], form["Body"]) == ("+4930123456", "+491701234567", notice.body_text)
    assert form["StatusCallback"] == "http://testserver/webhooks/sms/status/"
    assert headers["Authorization"].startswith("Basic ")
    notice.refresh_from_db()
    assert notice.provider_id == "SM1"


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_a_busy_provider_is_asked_again_later_with_a_longer_wait_each_time(
    provider: Callable[..., Provider], at: datetime, status: int
) -> None:
    provider(status=status, answer={"message": "Not now", "code": 20429})
    notice = text_to()
    assert jobs.send_queued_notices(at) == {"queued": 1}
    notice.refresh_from_db()
    assert (notice.next_attempt_at - at, notice.reason) == (timedelta(minutes=1), f"{status} Not now")
    assert jobs.send_queued_notices(at + timedelta(minutes=1)) == {"queued": 1}
    notice.refresh_from_db()
    assert notice.next_attempt_at - at == timedelta(minutes=6)


def test_a_text_that_is_refused_for_good_stops_with_the_reason(provider: Callable[..., Provider], at: datetime) -> None:
    provider(status=400, answer={"message": "Not a mobile number", "code": 21614})
    notice = text_to()
    assert jobs.send_queued_notices(at) == {"failed": 1}
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == (NoticeState.FAILED, "400 Not a mobile number")


def test_a_provider_that_took_the_text_and_hung_up_does_not_get_it_twice(provider: Callable[..., Provider], at: datetime) -> None:
    there = provider(fate="drop")
    notice = text_to()
    assert jobs.send_queued_notices(at) == {"queued": 1}
    there.fate = "answer"
    assert jobs.send_queued_notices(at + timedelta(minutes=1)) == {"sent": 1}
    assert len(there.taken) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.provider_id) == (NoticeState.SENT, "SM1")


def test_nobody_there_is_tried_again(provider: Callable[..., Provider], at: datetime, settings: Any) -> None:
    provider()
    settings.SMS_URL = "http://127.0.0.1:9"
    text_to()
    assert jobs.send_queued_notices(at) == {"queued": 1}


def test_a_mail_by_a_provider_keeps_our_message_id_and_carries_our_reference(
    provider: Callable[..., Provider], at: datetime
) -> None:
    there = provider(status=200, answer={"To": "asha@example.org", "MessageID": "pm-1", "ErrorCode": 0, "Message": "OK"})
    notice = queued(to=make_customer(email="asha@example.org"))
    assert jobs.send_queued_notices(at) == {"sent": 1}
    notice.refresh_from_db()
    assert notice.provider_id == "pm-1"
    (_, _, body, _) = there.asked[0]
    assert notice.message_id in str(body)
    assert notice.reference in str(body)
    assert "X-PM-KeepID" in str(body)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_mail_provider_is_asked_again_under_the_same_name(
    provider: Callable[..., Provider], at: datetime, status: int
) -> None:
    provider(status=status, answer={"ErrorCode": status, "Message": "Not now"})
    notice = queued()
    assert jobs.send_queued_notices(at) == {"queued": 1}
    before = notice.message_id
    notice.refresh_from_db()
    assert (notice.message_id, notice.attempts) == (before, 1)


def test_a_mail_provider_that_refuses_the_message_stops_it(provider: Callable[..., Provider], at: datetime) -> None:
    provider(status=422, answer={"ErrorCode": 300, "Message": "Invalid email request"})
    notice = queued()
    assert jobs.send_queued_notices(at) == {"failed": 1}
    notice.refresh_from_db()
    assert notice.state == NoticeState.FAILED
