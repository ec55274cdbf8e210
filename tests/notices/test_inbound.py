"""What providers tell and what people answer by SMS: stored once, applied once, forward only."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit import timeline
from audit.actors import SYSTEM, staff
from customers.consenting import has_consent, record_consent
from customers.erasing import erase
from customers.models import Customer
from desk.columns import page_of
from notices import jobs, suppressing
from notices.inbound import replying
from notices.inbound.receiving import Told, receive, sms_reply, sms_status
from notices.inbound.stop_words import Meaning, meaning_of
from notices.models import Notice, ProviderEvent, Suppression
from notices.refusals import NoticeRefused
from notices.states import Channel, EventKind, EventState, NoticeState
from tests.make import make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db

PHONE = "+491701234567"


def sent(at: datetime, **changes: Any) -> Notice:
    notice = queued(**changes)
    jobs.send_notice(notice.reference, at)
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT
    return notice


def tell(notice: Notice, kind: EventKind, at: datetime, **changes: Any) -> ProviderEvent:
    values: dict[str, Any] = {
        "provider": "postmark", "event_id": f"{kind}-{notice.pk}-{at.timestamp()}", "kind": kind, "channel": Channel.EMAIL,
        "message": notice.message_id, "address": notice.address,
    }  # fmt: skip
    event = receive(Told(**{**values, **changes}), at=at)
    assert event is not None
    jobs.apply_provider_events(at)
    event.refresh_from_db()
    notice.refresh_from_db()
    return event


def test_a_message_that_arrived_says_so_on_its_page_and_on_the_trail(at: datetime) -> None:
    notice = sent(at)
    event = tell(notice, EventKind.DELIVERED, at)
    assert (event.state, notice.state) == (EventState.APPLIED, NoticeState.DELIVERED)
    assert timeline.of(notice.reference).filter(event="provider.told").count() == 1


def test_the_same_thing_told_twice_is_one_thing(at: datetime) -> None:
    notice = sent(at)
    first = tell(notice, EventKind.BOUNCED, at, event_id="e1", is_for_good=True)
    again = Told("postmark", "e1", EventKind.DELIVERED, Channel.EMAIL, message=notice.message_id)
    assert receive(again, at=at) is None
    assert jobs.apply_provider_event(first.reference, at) == EventState.APPLIED
    assert ProviderEvent.objects.count() == 1
    assert Suppression.objects.count() == 1


def test_a_message_only_moves_forward(at: datetime) -> None:
    notice = sent(at)
    tell(notice, EventKind.BOUNCED, at, detail="550 No such user", is_for_good=True)
    assert (notice.state, notice.reason) == (NoticeState.BOUNCED, "550 No such user")
    late = tell(notice, EventKind.DELIVERED, at + timedelta(minutes=1))
    assert (late.state, notice.state) == (EventState.IGNORED, NoticeState.BOUNCED)


def test_what_is_told_before_we_have_written_down_that_we_sent_it_waits(at: datetime) -> None:
    notice = queued()
    event = tell(notice, EventKind.DELIVERED, at)
    assert event.state == EventState.WAITING
    jobs.send_notice(notice.reference, at)
    assert jobs.apply_provider_event(event.reference, at) == EventState.APPLIED


def test_what_speaks_of_no_message_of_ours_is_given_up_after_a_day(at: datetime) -> None:
    event = receive(Told("postmark", "e1", EventKind.DELIVERED, Channel.EMAIL, message="someone-elses"), at=at)
    assert event is not None
    assert jobs.apply_provider_event(event.reference, at + timedelta(hours=23)) == EventState.WAITING
    assert jobs.apply_provider_event(event.reference, at + timedelta(hours=25)) == EventState.IGNORED


@pytest.mark.parametrize("kind", [EventKind.COMPLAINED, EventKind.UNSUBSCRIBED])
def test_whoever_calls_it_spam_is_not_written_to_any_more(at: datetime, kind: EventKind) -> None:
    notice = sent(at)
    tell(notice, kind, at)
    assert suppressing.is_suppressed(notice.address, Channel.EMAIL)
    assert notice.state == NoticeState.SENT


def test_the_fifth_message_to_come_back_for_a_passing_reason_within_two_weeks_ends_it(at: datetime) -> None:
    customer = make_customer()
    early = sent(at, to=customer, about="loan_0")
    tell(early, EventKind.DEFERRED, at - timedelta(days=20))
    for n in range(1, 5):
        tell(sent(at, to=customer, about=f"loan_{n}"), EventKind.BOUNCED, at + timedelta(days=n))
    assert not suppressing.is_suppressed(customer.email, Channel.EMAIL)
    tell(sent(at, to=customer, about="loan_5"), EventKind.DEFERRED, at + timedelta(days=5))
    assert suppressing.is_suppressed(customer.email, Channel.EMAIL)


def test_anymails_events_are_kept_by_our_reference_or_the_providers_name(at: datetime) -> None:
    notice = sent(at)
    Notice.objects.filter(pk=notice.pk).update(provider_id="pm-1")
    for n, known in enumerate(({"metadata": {"notice": notice.reference}}, {"message_id": "pm-1"})):
        event = AnymailTrackingEvent(event_type="delivered", event_id=f"e{n}", recipient=notice.address, **known)
        tracking.send(sender=None, event=event, esp_name="Postmark")
    tracking.send(sender=None, event=AnymailTrackingEvent(event_type="opened", event_id="e3"), esp_name="Postmark")
    assert set(ProviderEvent.objects.values_list("notice", "provider")) == {(notice.pk, "postmark")}


def test_an_event_without_a_name_is_told_once_all_the_same(at: datetime) -> None:
    notice = sent(at)
    for _ in range(2):
        event = AnymailTrackingEvent(
            event_type="bounced", reject_reason="invalid", message_id=notice.message_id, recipient=notice.address, timestamp=at
        )
        tracking.send(sender=None, event=event, esp_name="Amazon SES")
    assert ProviderEvent.objects.get().is_for_good


@pytest.mark.parametrize(
    ("form", "kind", "is_for_good"),
    [
        ({"MessageStatus": "delivered"}, EventKind.DELIVERED, False),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, EventKind.BOUNCED, False),
        ({"MessageStatus": "failed", "ErrorCode": "30005"}, EventKind.BOUNCED, True),
    ],
)
def test_a_status_of_a_text_says_whether_it_arrived(form: dict[str, str], kind: EventKind, is_for_good: bool) -> None:
    told = sms_status({"MessageSid": "SM1", "To": PHONE, **form})
    assert told is not None
    assert (told.kind, told.is_for_good, told.message) == (kind, is_for_good, "SM1")


@pytest.mark.parametrize("status", ["queued", "sent", "accepted", "scheduled", "partially_delivered", "something new", ""])
def test_a_status_that_says_nothing_about_its_arrival_is_let_pass(status: str) -> None:
    assert sms_status({"MessageSid": "SM1", "MessageStatus": status}) is None


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        *((word, Meaning.STOP) for word in ("STOP", " stop. ", "Stop!", "STOP ALL", "opt-out", "Abmelden", "ARRÊT", "td")),
        ("please stop texting me", Meaning.STOP),
        ("Ich möchte keine SMS mehr", Meaning.STOP),
        ("don't stop", Meaning.OTHER),
        ("START", Meaning.START),
        ("Hilfe", Meaning.HELP),
        ("When do you close?", Meaning.OTHER),
        ("the bus stopped", Meaning.OTHER),
        ("", Meaning.OTHER),
    ],
)
def test_what_somebody_means(words: str, meaning: Meaning) -> None:
    assert meaning_of(words) == meaning


@given(st.text())
def test_no_answer_breaks_the_reading_of_it(words: str) -> None:
    assert meaning_of(words) in Meaning


def answer(words: str, at: datetime, sid: str = "SM9") -> ProviderEvent:
    told = sms_reply({"MessageSid": sid, "From": PHONE, "Body": words})
    assert told is not None
    event = receive(told, at=at)
    assert event is not None
    jobs.apply_provider_events(at)
    event.refresh_from_db()
    return event


def with_phone(at: datetime) -> Customer:
    customer = make_customer(phone=PHONE)
    record_consent(customer=customer, channel="sms", purpose="marketing", is_given=True, how="a box", at=at, by=SYSTEM)
    return customer


def test_stop_ends_texts_and_consent_and_start_brings_back_only_the_texts(at: datetime) -> None:
    customer = with_phone(at)
    event = answer("Stop", at + timedelta(minutes=1))
    assert event.customer == customer
    assert suppressing.is_suppressed(PHONE, Channel.SMS)
    assert not has_consent(customer, "sms", "marketing")
    answer("START", at + timedelta(minutes=2), "SM10")
    assert not suppressing.is_suppressed(PHONE, Channel.SMS)
    assert not has_consent(customer, "sms", "marketing")


def test_start_does_not_lift_what_was_no_stop_of_theirs(at: datetime) -> None:
    suppressing.suppress(address=PHONE, channel=Channel.SMS, reason="A landline.", at=at, by=SYSTEM)
    answer("START", at)
    assert suppressing.is_suppressed(PHONE, Channel.SMS)


def test_a_number_nobody_has_can_say_stop_too(at: datetime) -> None:
    assert answer("STOP", at).customer is None
    assert suppressing.is_suppressed(PHONE, Channel.SMS)


def test_what_nobody_understands_waits_for_a_person_and_holds_news_by_sms(at: datetime) -> None:
    customer = with_phone(at)
    event = answer("Who is this?", at)
    assert event.state == EventState.FOR_PERSON
    why = suppressing.why_not(to=customer, address=PHONE, channel=Channel.SMS, is_marketing=True)
    assert why == "an answer of theirs has to be read by a person first"
    assert suppressing.why_not(to=customer, address=PHONE, channel=Channel.SMS, is_marketing=False) == ""
    replying.settle(reply=event, is_stop=False, at=at, by=SYSTEM)
    assert suppressing.why_not(to=customer, address=PHONE, channel=Channel.SMS, is_marketing=True) == ""
    with pytest.raises(NoticeRefused) as refusal:
        replying.settle(reply=event, is_stop=True, at=at, by=SYSTEM)
    assert refusal.value.code == "wrong_state"


def test_a_person_may_find_that_it_meant_stop_if_they_may(at: datetime) -> None:
    event = answer("Leave me alone", at)
    with pytest.raises(PermissionDenied):
        replying.settle(reply=event, is_stop=True, at=at, by=staff(User.objects.create_user("eve", is_staff=True)))
    replying.settle(reply=event, is_stop=True, at=at, by=SYSTEM)
    assert suppressing.is_suppressed(PHONE, Channel.SMS)


def test_the_words_go_after_thirty_days_and_at_once_with_the_customer(at: datetime) -> None:
    customer = with_phone(at)
    old = answer("STOP it", at)
    assert jobs.forget_provider_words(at + timedelta(days=29)) == 0
    assert jobs.forget_provider_words(at + timedelta(days=31)) == 1
    fresh = answer("Call me on 123", at, "SM11")
    erase(customer=customer, reason="They asked.", at=at, by=SYSTEM)
    for event in (old, fresh):
        event.refresh_from_db()
        assert event.words == ""


def test_the_desk_reads_whose_message_came_back_and_on_their_page_that_nothing_goes_to_it(client: Client, at: datetime) -> None:
    notice = sent(at)
    assert notice.customer is not None
    client.force_login(User.objects.create_superuser("alex"))
    page, list_page = page_of(notice.customer), reverse("admin:notices_providerevent_changelist")
    assert "Not written to" not in client.get(page).content.decode()
    tell(notice, EventKind.BOUNCED, at, is_for_good=True)
    assert f'<a href="{page}">{notice.customer.name}</a>' in client.get(list_page).content.decode()
    assert "1 answer or bounce" in client.get(f"{list_page}?q={notice.customer.email}").content.decode()
    told = client.get(page).content.decode().split("Not written to", 1)[1]
    assert "E-mail" in told and "A message came back for good." in told


def test_a_customer_without_addresses_is_simply_not_on_the_list(at: datetime) -> None:
    nobody, known = make_customer(email=""), make_customer("Ben Okoro", email="ben@example.com", phone=PHONE)
    suppressing.suppress(address="ben@example.com", channel=Channel.EMAIL, reason="Asked us to.", at=at, by=SYSTEM)
    assert suppressing.suppressions_of(nobody) == []
    assert [(one.channel, one.reason) for one in suppressing.suppressions_of(known)] == [("email", "Asked us to.")]
