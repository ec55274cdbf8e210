"""The one door for messages."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ

from audit import timeline
from audit.actors import SYSTEM
from campaigns.models import Brand
from customers.consenting import record_consent
from customers.erasing import erase
from customers.models import Agreement
from notices import outbox, suppressing
from notices.kinds import KINDS, title_of
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.states import Channel, NoticeState
from tests.make import AT, make_campaign, make_customer
from tests.notices.parallel import in_parallel
from tests.notices.samples import facts_for, queued

pytestmark = pytest.mark.django_db


CRITERIA = {
    "en": (
        "Your friend registers and confirms their e-mail address within 30 days.",
        "You register and confirm your e-mail address within 30 days.",
    ),
    "de": (
        "Wen du einlädst, meldet sich an und bestätigt die E-Mail-Adresse innerhalb von 30 Tagen.",
        "Du meldest dich an und bestätigst deine E-Mail-Adresse innerhalb von 30 Tagen.",
    ),
}
"""What a campaign asks of both sides."""


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.states_terms])
def test_every_kind_states_criteria_and_terms_and_leaves_no_placeholder(kind: str, language: str) -> None:
    notice = queued(kind, to=make_customer(language=language))
    assert notice.language == language
    assert "http://testserver/terms/campaign-terms/1/" in notice.body_text
    assert CRITERIA[language][0] in notice.body_text
    assert CRITERIA[language][1] in notice.body_html
    assert "{{" not in notice.subject + notice.body_text + notice.body_html
    assert all(value.split("\n")[0] in notice.subject + notice.body_text for value in facts_for(kind).values())


def test_the_unlock_mail_tells_how_to_set_up_and_bring_back_under_which_terms() -> None:
    text = queued("reward_unlocked").body_text
    for part in ("Charge it first.", "Then press the button.", "Put it into its bag.", "http://testserver/terms/loan-terms/1/"):
        assert part in text


@pytest.mark.parametrize(("wish", "language"), [("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("fr", "en"), ("", "en")])
def test_a_customer_reads_their_own_language_or_english(wish: str, language: str) -> None:
    notice = queued(to=make_customer("Ben Berg", language=wish))
    assert notice.language == language
    assert notice.body_text.startswith({"de": "Hallo Ben,\n", "en": "Hello Ben,\n"}[language])
    assert f'<html lang="{language}">' in notice.body_html


def test_the_brand_speaks_in_its_own_voice() -> None:
    Brand.objects.create(
        pk=1, name="Cam & Co", greeting="Dear", sign_off="Warmly, Cam", company="Cam Ltd", address="1 Road", colour="#112233"
    )
    notice = queued()
    assert notice.body_text.startswith("Dear Asha,")
    assert "Warmly, Cam" in notice.body_text
    assert all(word in notice.body_html for word in ("Cam &amp; Co", "#112233", "Cam Ltd", "1 Road"))


def test_a_notice_waits_with_a_message_id_of_its_own_and_wakes_the_sender() -> None:
    customer, campaign = make_customer(), make_campaign()
    notice = queued(to=customer, campaign=campaign)
    assert notice.state == NoticeState.QUEUED
    assert notice.message_id == f"<{notice.reference}@testserver>"
    assert notice.address == customer.email
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("notices.jobs.send_notice", (notice.reference,))
    for reference in (notice.reference, customer.reference, "loan_1", campaign.slug):
        entry = timeline.of(reference).get()
        assert entry.event == "notice.queued"
        assert entry.sentence == f"Message “{title_of(notice.kind)}” was put in the outbox (email, en)."
        assert customer.email not in entry.data + entry.sentence
        assert "Asha" not in entry.data + entry.sentence


def test_a_rolled_back_act_leaves_neither_notice_nor_wake_up() -> None:
    customer, campaign = make_customer(), make_campaign()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queued(to=customer, campaign=campaign)
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert not OrmQ.objects.exists()


def test_the_same_thing_is_said_once() -> None:
    customer, campaign = make_customer(), make_campaign()
    first = queued(to=customer, campaign=campaign)
    assert queued(to=customer, campaign=campaign) == first
    assert OrmQ.objects.count() == 1
    assert timeline.of(first.reference).count() == 1
    assert queued(to=customer, campaign=campaign, about="loan_2") != first
    assert queued(to=customer, campaign=campaign, dedupe="loan_1 again") != first


def test_what_was_said_is_answered_even_when_it_could_not_be_written_again() -> None:
    customer = make_customer()
    first = queued(to=customer)
    assert outbox.queue("loan_returned", to=customer, about="loan_1", facts={}, at=AT) == first


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_say_it_once() -> None:
    customer, campaign = make_customer(), make_campaign()
    notices = in_parallel(20, lambda: queued(to=customer, campaign=campaign))
    assert len({notice.reference for notice in notices}) == 1
    assert Notice.objects.count() == 1
    assert OrmQ.objects.count() == 1
    assert timeline.of(notices[0].reference).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_loser_may_go_on_with_its_own_transaction() -> None:
    customer, campaign = make_customer(), make_campaign()

    def act() -> bool:
        with transaction.atomic():
            queued(to=customer, campaign=campaign)
            return Notice.objects.exists() and connection.in_atomic_block

    assert all(in_parallel(5, act))


def test_without_an_address_the_notice_is_kept_and_not_sent() -> None:
    notice = queued(to=make_customer(email=""))
    assert (notice.state, notice.reason) == (NoticeState.SUPPRESSED, "no address")
    assert not OrmQ.objects.exists()
    assert [entry.event for entry in timeline.of(notice.reference)] == ["notice.suppressed"]


def test_an_address_on_the_suppression_list_is_not_written_to_however_it_is_written(at: datetime) -> None:
    suppressing.suppress(address=" ASHA@Example.org", channel=Channel.EMAIL, reason="They asked.", at=at, by=SYSTEM)
    notice = queued(to=make_customer(email="asha@example.org"))
    assert (notice.state, notice.reason) == (NoticeState.SUPPRESSED, "the address is on the suppression list")
    assert queued(to=make_customer(email="ben@example.org"), about="loan_2").state == NoticeState.QUEUED


def test_marketing_needs_consent_and_service_does_not(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "code_issued", replace(KINDS["code_issued"], is_marketing=True))
    customer = make_customer()
    assert queued("code_issued", to=customer).reason == "no marketing consent"
    assert queued("reward_given", to=customer).state == NoticeState.QUEUED
    for day, is_given in enumerate((True, False)):
        record_consent(
            customer=customer,
            channel="email",
            purpose="marketing",
            is_given=is_given,
            how="form",
            at=at + timedelta(days=day),
            by=SYSTEM,
        )
        state = queued("code_issued", to=customer, about=f"code_{day}").state
        assert state == (NoticeState.QUEUED if is_given else NoticeState.SUPPRESSED)


@pytest.mark.parametrize(
    ("kind", "facts", "code"),
    [
        ("birthday", {}, "unknown_kind"),
        ("loan_returned", {}, "fact_missing"),
        ("loan_returned", {"item": "x", "colour": "red"}, "fact_unknown"),
        ("loan_returned", {"item": "x", "name": "Eve"}, "fact_unknown"),
    ],
)
def test_wrong_facts_are_refused_in_words(kind: str, facts: dict[str, str], code: str) -> None:
    with pytest.raises(NoticeRefused) as refusal:
        outbox.queue(kind, to=make_customer(), about="loan_1", facts=facts, at=AT, campaign=make_campaign())
    assert refusal.value.code == code


def test_a_dedupe_key_that_does_not_fit_is_refused() -> None:
    with pytest.raises(NoticeRefused) as refusal:
        queued(dedupe="x" * 161)
    assert refusal.value.code == "dedupe_too_long"


def test_a_campaign_without_published_terms_cannot_write() -> None:
    campaign = make_campaign(campaign_terms=Agreement.objects.create(slug="empty", title="Empty"))
    with pytest.raises(NoticeRefused) as refusal:
        queued(campaign=campaign)
    assert refusal.value.code == "terms_missing"


def test_a_loan_outside_any_campaign_is_told_without_criteria() -> None:
    notice = outbox.queue("loan_returned", to=make_customer(), about="loan_9", facts=facts_for("loan_returned"), at=AT)
    assert "terms" not in notice.body_text
    assert "Aero 7 camera" in notice.body_text


def test_a_hostile_name_becomes_neither_a_header_nor_markup_nor_a_link() -> None:
    friend = 'Ben\r\nBcc: eve@evil.example\r\n\r\n<script src="http://evil.example/x.js">'
    notice = queued("friend_signed_up", facts={"friend_name": friend})
    assert "\n" not in notice.subject
    assert "<script" not in notice.body_html
    assert "evil.example/" not in notice.body_html


def test_erasing_a_customer_empties_their_notices_and_sends_none(at: datetime) -> None:
    customer = make_customer()
    notice = queued(to=customer)
    erase(customer=customer, reason="They asked for it.", at=at, by=SYSTEM)
    notice.refresh_from_db()
    assert (notice.address, notice.subject, notice.body_text, notice.body_html) == ("", "", "", "")
    assert notice.dedupe_key


def test_suppressing_twice_is_suppressing_once_and_can_be_lifted(at: datetime) -> None:
    first = suppressing.suppress(address="asha@example.org", channel=Channel.EMAIL, reason="Bounced.", at=at, by=SYSTEM)
    again = suppressing.suppress(address="asha@example.org", channel=Channel.EMAIL, reason="Again.", at=at, by=SYSTEM)
    assert again == first
    assert "asha" not in first.address_hash
    suppressing.lift(address="asha@example.org", channel=Channel.EMAIL, reason="They asked.", at=at, by=SYSTEM)
    assert not suppressing.is_suppressed("asha@example.org", Channel.EMAIL)
    assert [e.event for e in timeline.of(first.reference)] == ["suppression.added", "suppression.lifted"]
    for act, code in (
        (
            lambda: suppressing.lift(address="asha@example.org", channel=Channel.EMAIL, reason="x", at=at, by=SYSTEM),
            "not_suppressed",
        ),
        (lambda: suppressing.suppress(address=" ", channel=Channel.EMAIL, reason="x", at=at, by=SYSTEM), "address_missing"),
    ):
        with pytest.raises(NoticeRefused) as refusal:
            act()
        assert refusal.value.code == code
