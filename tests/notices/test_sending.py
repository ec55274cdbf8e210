"""Sending with a real mail server, and everything between the outbox and it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit import timeline
from audit.actors import SYSTEM, staff
from customers.consenting import record_consent
from customers.erasing import erase
from notices import channels, jobs, retrying, sending, suppressing
from notices.kinds import KINDS, Kind
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.states import Channel, NoticeState
from tests.make import make_campaign, make_customer
from tests.notices.mail_server import Behaviour
from tests.notices.parallel import in_parallel
from tests.notices.samples import queued

KEPT_FRESH_BY_THEMSELVES = {"portal_link"}
"""Its key is made as the mail leaves, and not for a visitor who asked long ago."""

Server = Callable[..., Behaviour]

pytestmark = pytest.mark.django_db


def events(notice: Notice) -> list[str]:
    return [entry.event for entry in timeline.of(notice.reference)]


@pytest.mark.django_db(transaction=True)
def test_what_arrives_is_a_valid_mail_in_two_parts(mail_server: Server, at: datetime) -> None:
    server = mail_server()
    notice = queued("reward_unlocked", to=make_customer("Zoë Müller", email="zoe@example.org", language="de"))
    assert jobs.send_notice(notice.reference, at) == "sent"
    (message,) = server.mails()
    assert not message.defects
    assert message["Message-ID"] == notice.message_id
    assert message["To"] == "zoe@example.org"
    assert message["From"] == "Lendwell <hello@localhost>"
    assert message["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Liegt für dich bereit: Aero 7 camera"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines()[0] == "Hallo Zoë,"
    assert "Hallo Zoë," in html.get_content()
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.attempts, notice.lease_token) == (NoticeState.SENT, at, 1, "")
    assert events(notice) == ["notice.queued", "notice.sent"]


def test_a_notice_is_sent_once_however_often_it_is_woken(at: datetime) -> None:
    notice = queued()
    assert [jobs.send_notice(notice.reference, at) for _ in range(3)] == ["sent"] * 3
    assert jobs.send_queued_notices(at) == {}
    assert len(mail.outbox) == 1
    assert events(notice) == ["notice.queued", "notice.sent"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_once(mail_server: Server, at: datetime) -> None:
    server = mail_server()
    notice = queued()
    in_parallel(4, lambda: sending.send(reference=notice.reference, at=at))
    assert len(server.seen) == 1
    assert events(notice) == ["notice.queued", "notice.sent"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_mail_server_inside_a_transaction(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(sending, "deliver", lambda notice, at: seen.append(connection.in_atomic_block))
    notice = queued()
    assert sending.send(reference=notice.reference, at=at) == "sent"
    assert seen == [False]


def test_the_sweep_sends_what_is_due_and_no_failure_stops_it(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    notices = [queued(about=f"loan_{n}") for n in range(3)]
    later = queued(about="loan_9", at=at + timedelta(minutes=1))

    def deliver(notice: Notice, at: datetime) -> None:
        if notice == notices[1]:
            raise RuntimeError("a bug of ours")
        channels.deliver(notice, at)

    monkeypatch.setattr(sending, "deliver", deliver)
    assert jobs.send_queued_notices(at) == {"sent": 2, "error": 1}
    later.refresh_from_db()
    assert later.state == NoticeState.QUEUED


def test_a_sweep_that_has_no_time_left_leaves_the_rest_to_the_next(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    queued()
    monkeypatch.setattr(jobs, "SECONDS", -1)
    assert jobs.send_queued_notices(at) == {"left": 1}


def test_a_dead_senders_notice_is_taken_back_after_its_lease_and_sent_with_the_same_message_id(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = queued()

    def die(notice: Notice, at: datetime) -> None:
        channels.deliver(notice, at)
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(sending, "deliver", die)
        with pytest.raises(SystemExit):
            sending.send(reference=notice.reference, at=at)
    early = at + timedelta(minutes=sending.LEASE_MINUTES) - timedelta(seconds=1)
    assert jobs.send_queued_notices(early) == {}
    assert sending.take_back(reference=notice.reference, at=early) == "sending"
    assert jobs.send_queued_notices(at + timedelta(minutes=sending.LEASE_MINUTES)) == {"sent": 1}
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [notice.message_id] * 2
    assert events(notice) == ["notice.queued", "notice.taken_back", "notice.sent"]


def test_a_notice_whose_senders_always_die_is_given_up(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queued()

    def die(notice: Notice, at: datetime) -> None:
        raise SystemExit

    monkeypatch.setattr(sending, "deliver", die)
    for attempt in range(sending.MAX_ATTEMPTS):
        now = at + timedelta(hours=attempt)
        with pytest.raises(SystemExit):
            sending.send(reference=notice.reference, at=now)
        state = sending.take_back(reference=notice.reference, at=now + timedelta(minutes=30))
    assert state == "dead"


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_lost_its_lease_does_not_write_over_the_next_one(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queued()
    late = at + timedelta(minutes=10)
    slow = Event()

    def deliver(claimed: Notice, now: datetime) -> None:
        if slow.is_set():
            return
        slow.set()
        sending.take_back(reference=claimed.reference, at=late)
        assert sending.send(reference=claimed.reference, at=late) == "sent"

    monkeypatch.setattr(sending, "deliver", deliver)
    sending.send(reference=notice.reference, at=at)
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.attempts) == (NoticeState.SENT, late, 2)
    assert events(notice) == ["notice.queued", "notice.taken_back", "notice.sent"]


def test_an_address_suppressed_meanwhile_is_not_written_to(at: datetime) -> None:
    notice = queued()
    suppressing.suppress(address=notice.address, channel=Channel.EMAIL, reason="Complained.", at=at, by=SYSTEM)
    assert jobs.send_queued_notices(at) == {"suppressed": 1}
    assert not mail.outbox
    assert events(notice) == ["notice.queued", "notice.suppressed"]


def test_a_customer_erased_meanwhile_is_not_written_to(at: datetime) -> None:
    customer = make_customer()
    notice = queued(to=customer)
    erase(customer=customer, reason="They asked for it.", at=at, by=SYSTEM)
    assert jobs.send_notice(notice.reference, at) == "suppressed"
    assert not mail.outbox


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.fresh_days], ids=lambda kind: kind.name)
def test_after_an_outage_of_mail_what_is_no_longer_news_is_kept_back_and_says_so(at: datetime, kind: Kind) -> None:
    customer = make_customer()
    record_consent(customer=customer, channel="email", purpose="marketing", is_given=True, how="a box", at=at, by=SYSTEM)
    last = at + timedelta(days=kind.fresh_days or 0)
    in_time, too_late = (
        queued(kind.name, to=customer, at=at),
        queued(kind.name, "loan_2", to=customer, at=at - timedelta(minutes=1)),
    )
    assert jobs.send_queued_notices(last) == {"sent": 1, "suppressed": 1}
    for notice in (in_time, too_late):
        notice.refresh_from_db()
    assert (in_time.state, too_late.state) == (NoticeState.SENT, NoticeState.SUPPRESSED)
    assert "no longer news" in too_late.reason
    with pytest.raises(NoticeRefused, match="no longer news"):
        retrying.retry(notice=too_late, at=last, by=SYSTEM)


def test_what_stays_true_is_sent_however_long_mail_was_out(at: datetime) -> None:
    lasting = [kind for kind in KINDS.values() if kind.fresh_days is None and kind.name not in KEPT_FRESH_BY_THEMSELVES]
    for kind in lasting:
        queued(kind.name, to=make_customer())
    assert jobs.send_queued_notices(at + timedelta(days=60)) == {"sent": len(lasting)}


def test_an_sms_row_fails_with_a_reason_and_stops_nobody(at: datetime) -> None:
    sms = queued(about="loan_2")
    Notice.objects.filter(pk=sms.pk).update(channel="sms", address="+491701234567")
    queued()
    assert jobs.send_queued_notices(at) == {"failed": 1, "sent": 1}
    sms.refresh_from_db()
    assert sms.reason == "No provider is set up for sms."


@pytest.mark.django_db(transaction=True)
def test_an_address_with_a_second_header_in_it_is_refused_for_good(mail_server: Server, at: datetime) -> None:
    server = mail_server()
    notice = queued(to=make_customer(email="asha@example.org\nBcc: eve@evil.example"))
    assert jobs.send_notice(notice.reference, at) == "failed"
    assert not server.seen


@pytest.mark.django_db(transaction=True)
def test_a_hostile_name_arrives_as_words(mail_server: Server, at: datetime) -> None:
    server = mail_server()
    notice = queued("friend_signed_up", facts={"friend_name": "Ben\r\nBcc: eve@evil.example"})
    assert jobs.send_notice(notice.reference, at) == "sent"
    (message,) = server.mails()
    assert message["Bcc"] is None
    assert message["Subject"].strip().startswith("Ben Bcc eve")


def test_an_unknown_notice_is_refused(at: datetime) -> None:
    with pytest.raises(NoticeRefused) as refusal:
        jobs.send_notice("not_0", at)
    assert refusal.value.code == "unknown_notice"


def test_a_failed_notice_goes_again_by_hand_to_the_address_of_today(at: datetime) -> None:
    customer = make_customer(email="tpyo@example.org")
    notice = queued(to=customer)
    Notice.objects.filter(pk=notice.pk).update(state="failed", reason="550 unknown", attempts=3)
    customer.email = "asha@example.org"
    customer.save()
    retrying.retry(notice=notice, at=at, by=SYSTEM)
    assert (notice.state, notice.attempts, notice.reason) == (NoticeState.QUEUED, 0, "")
    assert jobs.send_notice(notice.reference, at) == "sent"
    assert mail.outbox[0].to == ["asha@example.org"]
    assert mail.outbox[0].extra_headers["Message-ID"] == notice.message_id
    assert events(notice) == ["notice.queued", "notice.retried", "notice.sent"]


def test_an_sms_goes_again_to_the_phone(at: datetime) -> None:
    notice = queued(to=make_customer(phone="+491701234567"))
    Notice.objects.filter(pk=notice.pk).update(channel="sms", address="+491700000000", state="failed", body_text="Hi")
    retrying.retry(notice=notice, at=at, by=SYSTEM)
    assert notice.address == "+491701234567"


def test_what_still_may_not_be_sent_is_not_retried(at: datetime) -> None:
    notice = queued(to=make_customer(email=""))
    with pytest.raises(NoticeRefused) as refusal:
        retrying.retry(notice=notice, at=at, by=SYSTEM)
    assert refusal.value.code == "not_to_be_sent"


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_what_waits_or_was_sent_is_not_retried(at: datetime, state: str) -> None:
    notice = queued()
    Notice.objects.filter(pk=notice.pk).update(state=state, sent_at=at)
    with pytest.raises(NoticeRefused) as refusal:
        retrying.retry(notice=notice, at=at, by=SYSTEM)
    assert refusal.value.code == "wrong_state"


def test_retrying_needs_the_permission(at: datetime) -> None:
    notice = queued(campaign=make_campaign())
    with pytest.raises(PermissionDenied):
        retrying.retry(notice=notice, at=at, by=staff(User.objects.create_user("eve", is_staff=True)))


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (9, 240)])
def test_the_wait_grows_with_every_attempt(attempt: int, minutes: int) -> None:
    assert sending.wait_after(attempt) == timedelta(minutes=minutes)
