"""Messages as SMS: beside urgent mails, instead of mails that reach nobody, and never longer than three."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.actors import SYSTEM
from campaigns.models import Brand
from notices import jobs, mailbox, publishing, retrying, suppressing
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.segments import MOST, count, plain
from notices.states import Channel, NoticeState
from tests.make import make_campaign, make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts_are_on(settings: Any, tmp_path: Path) -> Path:
    settings.SMS_PROVIDER = "file"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def texts() -> list[Notice]:
    return list(Notice.objects.filter(channel=Channel.SMS))


@pytest.mark.parametrize(("language", "word"), [("en", "is due back today"), ("de", "ist Rückgabe von")])
def test_an_urgent_message_goes_by_mail_and_as_one_text_that_links_the_terms(texts_are_on: Path, language: str, word: str) -> None:
    customer = make_customer(phone="+491701234567", language=language)
    mail = queued("loan_due_today", to=customer)
    (text,) = texts()
    assert mail.channel == Channel.EMAIL
    assert (text.address, text.state, text.subject, text.body_html) == ("+491701234567", NoticeState.QUEUED, "", "")
    assert word in text.body_text
    assert "http://testserver/terms/campaign-terms/1/" in text.body_text
    assert "STOP" in text.body_text
    assert count(text.body_text).alphabet == "GSM-7"
    assert queued("loan_due_today", to=customer, campaign=mail.campaign) == mail
    assert len(texts()) == 1


@pytest.mark.parametrize(
    ("kind", "phone", "wanted"),
    [("loan_returned", "+491701234567", True), ("loan_overdue", "", True), ("loan_overdue", "+491701234567", False)],
)
def test_no_text_goes_where_it_is_not_urgent_without_a_number_or_against_the_brands_wish(
    texts_are_on: Path, kind: str, phone: str, wanted: bool
) -> None:
    Brand.objects.create(pk=1, texts_urgent=wanted)
    queued(kind, to=make_customer(phone=phone))
    assert texts() == []


def test_without_a_provider_there_are_no_texts() -> None:
    queued("loan_overdue", to=make_customer(phone="+491701234567"))
    assert texts() == []


def test_whom_no_mail_reaches_a_text_reaches(texts_are_on: Path, at: datetime) -> None:
    silent = queued("loan_overdue", to=make_customer(email="", phone="+491701234567"))
    assert (silent.channel, silent.state) == (Channel.SMS, NoticeState.QUEUED)
    suppressing.suppress(address="ben@example.org", channel=Channel.EMAIL, reason="Bounced.", at=at, by=SYSTEM)
    bounced = queued("loan_overdue", to=make_customer(email="ben@example.org", phone="+491701234568"), about="loan_2")
    assert bounced.channel == Channel.SMS
    assert len(texts()) == 2


def test_whom_neither_reaches_the_mail_says_why(texts_are_on: Path, at: datetime) -> None:
    suppressing.suppress(address="+491701234567", channel=Channel.SMS, reason="Stop.", at=at, by=SYSTEM)
    notice = queued("loan_overdue", to=make_customer(email="", phone="+491701234567"))
    assert (notice.channel, notice.state, notice.reason) == (Channel.EMAIL, NoticeState.SUPPRESSED, "no address")


def test_a_curly_quote_does_not_make_a_text_cost_double() -> None:
    text = "Bring it back – it’s “due” today…\u00a0•"
    assert count(text).alphabet == "UCS-2"
    assert plain(text) == 'Bring it back - it\'s "due" today... -'
    assert count(plain(text)).alphabet == "GSM-7"


def test_a_text_of_more_than_three_messages_is_not_sent(texts_are_on: Path, at: datetime) -> None:
    queued("loan_overdue", to=make_customer(phone="+491701234567"), facts={"place": "B" * 300})
    (text,) = texts()
    assert text.state == NoticeState.SUPPRESSED
    assert text.reason == "the text makes 4 SMS, and 3 are the most; shorten its words"
    with pytest.raises(NoticeRefused, match="more than 3 SMS") as refusal:
        retrying.retry(notice=text, at=at, by=SYSTEM)
    assert refusal.value.code == "not_to_be_sent"


def test_words_that_alone_make_more_than_three_are_not_published(at: datetime) -> None:
    words = {"kind": "loan_overdue", "channel": Channel.SMS, "subject": "", "at": at, "by": SYSTEM}
    good = publishing.draft(body="Back? {{ criteria }} {{ terms_url }}", **words)  # type: ignore[arg-type]
    assert publishing.publish(template=good, at=at, by=SYSTEM).state == "published"
    for body, code in (("x" * 160 * MOST + " {{ criteria }} {{ terms_url }}", "too_many_parts"), ("Back?", "criteria_missing")):
        long = publishing.draft(body=body, **words)  # type: ignore[arg-type]
        with pytest.raises(NoticeRefused) as refusal:
            publishing.publish(template=long, at=at, by=SYSTEM)
        assert refusal.value.code == code


def test_a_placeholder_that_is_none_is_refused_when_the_words_are_saved(at: datetime) -> None:
    with pytest.raises(NoticeRefused) as refusal:
        publishing.draft(kind="loan_overdue", subject="{{ secret }}", body="x", at=at, by=SYSTEM)
    assert refusal.value.code == "unknown_placeholder"


def test_in_the_demo_the_mailbox_shows_the_text(texts_are_on: Path, at: datetime) -> None:
    queued("loan_due_today", to=make_customer(phone="+491701234567"), campaign=make_campaign())
    assert jobs.send_queued_notices(at) == {"sent": 2}
    text, mail = sorted(mailbox.newest(), key=lambda one: one.is_text, reverse=True)
    assert (text.to, text.is_text, mail.is_text) == ("+491701234567", True, False)
    assert "is due back today" in text.text
    assert not text.html


def test_a_text_to_somebody_who_said_stop_meanwhile_is_kept_back(texts_are_on: Path, at: datetime) -> None:
    queued("loan_due_today", to=make_customer(phone="+491701234567"))
    suppressing.suppress(address="+491701234567", channel=Channel.SMS, reason="Stop.", at=at, by=SYSTEM)
    assert jobs.send_queued_notices(at + timedelta(seconds=1)) == {"sent": 1, "suppressed": 1}
