"""The tab with a campaign's messages: what speaks, how it reads, a text of its own, a test to oneself."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Customer
from notices import publishing, retrying, sending
from notices.kinds import KINDS
from notices.models import Notice, Template
from notices.previewing import messages_of
from notices.segments import GSM, UCS2, count
from notices.states import Channel
from tests.admin.conftest import As, clock, desk, eve, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer

__all__ = ["clock", "desk", "eve", "manager", "signed_in_as"]

WORDS = "{{ greeting }} {{ name }},\n\nYour {{ item }} is back.\n\n{{ criteria }}\n\n{{ terms_url }}"


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/{campaign.slug}/messages/"


def write(client: Client, campaign: Campaign, **changes: str) -> Any:
    words = {"action": "draft", "kind": "loan_returned", "language": "en", "channel": "email", "subject": "Thanks!", "body": WORDS}
    return client.post(address(campaign), words | changes)


@pytest.fixture
def editor(signed_in_as: As) -> Client:
    return signed_in_as("Campaign editor")


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", GSM, 0, 0),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("€" * 80, GSM, 160, 1),
        ("a" + "€" * 80, GSM, 161, 2),
        ("a" * 152 + "€" * 77, GSM, 306, 3),
        ("ł" * 70, UCS2, 70, 1),
        ("ł" * 71, UCS2, 71, 2),
        ("🎁" * 35, UCS2, 70, 1),
        ("🎁" * 66, UCS2, 132, 2),
        ("🎁" * 67, UCS2, 134, 3),
    ],
)
def test_an_sms_is_counted_in_the_room_its_alphabet_has(text: str, alphabet: str, units: int, parts: int) -> None:
    found = count(text)
    assert (found.alphabet, found.units, found.parts) == (alphabet, units, parts)


@given(text=st.text(max_size=400))
def test_more_text_never_makes_fewer_messages_and_no_message_holds_too_much(text: str) -> None:
    found = count(text)
    each = 153 if found.alphabet == GSM else 67
    assert found.parts * (each if found.parts > 1 else each + 7) >= found.units
    assert count(f"{text} more").parts >= found.parts
    assert (found.alphabet == UCS2) == bool(found.foreign)


@pytest.mark.django_db
def test_the_common_text_speaks_until_the_campaigns_own_is_published(editor: Client, manager: Client) -> None:
    campaign, other = make_campaign(), make_campaign()
    assert write(editor, campaign).status_code == 302
    draft = Template.objects.get(campaign=campaign)
    assert "This is the draft" in editor.get(address(campaign), {"kind": "loan_returned"}).content.decode()
    assert manager.post(address(campaign), {"action": "publish", "template": draft.pk}).status_code == 302
    spoken = {
        (message.kind.name, text.language): text.source
        for message in messages_of(campaign, Channel.EMAIL)
        for text in message.texts
    }
    # The campaign's own words come before the reader's language: the page says so.
    assert {key: source for key, source in spoken.items() if source != "Common"} == {
        ("loan_returned", "en"): "Own", ("loan_returned", "de"): "Own, en",
    }  # fmt: skip
    assert {text.source for message in messages_of(other, Channel.EMAIL) for text in message.texts} == {"Common"}
    page = editor.get(address(campaign), {"kind": "loan_returned"}).content.decode()
    assert "Own text, version 1" in page and "Your Aero 7 camera is back." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Thanks. {{ terms_url }}", "Put {{ criteria }} into the text"),
        ("Thanks. {{ criteria }}", "Put {{ terms_url }} into the text"),
    ],
)
def test_a_text_that_lacks_criteria_or_terms_is_not_published_and_it_is_said_why(manager: Client, body: str, says: str) -> None:
    campaign = make_campaign()
    write(manager, campaign, body=body)
    draft = Template.objects.get(campaign=campaign)
    page = manager.post(address(campaign), {"action": "publish", "template": draft.pk}, follow=True).content.decode()
    draft.refresh_from_db()
    assert says in page.replace("&#x27;", "'") and draft.published_at is None


@pytest.mark.django_db
def test_every_kind_reads_without_a_gap_in_both_languages(manager: Client) -> None:
    campaign = make_campaign()
    for kind in KINDS:
        for language in ("en", "de"):
            page = manager.get(address(campaign), {"kind": kind, "language": language})
            assert page.context["seen"].refusal == "", (kind, language)
            assert "{{" not in page.context["seen"].text and page.context["seen"].text != "example"


@pytest.mark.django_db
def test_a_message_is_shown_as_a_real_customer_would_read_it(manager: Client, eve: Client) -> None:
    campaign = make_campaign()
    mila = make_customer("Mila Wagner")
    page = manager.get(address(campaign), {"kind": "loan_returned", "q": "mila wag"})
    assert "Mila" in page.context["seen"].text and f"customer={mila.reference}" in page.context["letter"]
    letter = manager.get(page.context["letter"])
    assert "Mila" in letter.content.decode() and "sandbox" in letter["Content-Security-Policy"]
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    user = eve.get("/admin/").wsgi_request.user
    user.groups.get().permissions.remove(*user.groups.get().permissions.filter(codename="view_customer"))
    assert "Mila" not in eve.get(page.context["letter"]).content.decode()
    assert Customer.objects.count() == 1 and not Notice.objects.exists()


@pytest.mark.django_db
def test_nobody_is_unsubscribed_by_a_link_in_a_preview(manager: Client) -> None:
    campaign = make_campaign()
    make_customer("Mila Wagner")
    write(manager, campaign, body=WORDS + "\n\n{{ unsubscribe_url }}")
    text = manager.get(address(campaign), {"kind": "loan_returned", "q": "mila"}).context["seen"].text
    assert "Mila" in text and "/unsubscribe/example/" in text


@pytest.mark.django_db
def test_the_letter_of_another_campaigns_text_is_not_found(manager: Client) -> None:
    campaign, other = make_campaign(), make_campaign()
    template = publishing.draft(kind="loan_returned", subject="Hi", body=WORDS, campaign=other, at=AT, by=SYSTEM)
    for wanted in (str(template.pk), "999999", "x", ""):
        assert manager.get(f"{address(campaign)}letter/", {"template": wanted}).status_code == 404
    assert manager.post(address(campaign), {"action": "publish", "template": template.pk}).status_code == 404


@pytest.mark.django_db
def test_an_sms_says_how_many_messages_it_makes(manager: Client) -> None:
    campaign = make_campaign()
    write(manager, campaign, channel="sms", body="Your {{ item }} is back. {{ criteria }} {{ terms_url }} 🎁")
    page = manager.get(address(campaign), {"kind": "loan_returned", "channel": "sms"}).content.decode()
    assert "of UCS-2" in page and "🎁 is not in the SMS alphabet" in page


def opened(client: Client, where: str) -> str:
    return str(client.get(where).context["kind"].name)


def other_way(client: Client, where: str, name: str) -> str:
    """The address behind the link to the other channel on the page at `where`."""
    found = re.search(rf'href="([^"]+)"[^>]*>{name}</a>', client.get(where).content.decode())
    assert found, name
    return where.split("?")[0] + unescape(found[1])


@pytest.mark.django_db
def test_a_channel_opens_on_a_kind_that_has_a_text_in_it(manager: Client) -> None:
    here = address(make_campaign())
    first = next(one.kind.name for one in messages_of(Campaign.objects.get(), Channel.SMS) if one.texts[0].template)
    assert first != next(iter(KINDS))
    assert opened(manager, f"{here}?channel=sms") == first
    assert opened(manager, other_way(manager, here, "SMS")) == first
    assert opened(manager, here) == next(iter(KINDS))


@pytest.mark.django_db
def test_the_other_channel_stays_on_a_kind_that_has_a_text_there_too(manager: Client) -> None:
    here = address(make_campaign())
    there = other_way(manager, f"{here}?kind=loan_overdue&language=de", "SMS")
    shown = manager.get(there).context
    assert (shown["kind"].name, shown["language"], shown["channel"]) == ("loan_overdue", "de", "sms")


@pytest.mark.django_db
def test_a_kind_without_a_text_can_still_be_chosen_to_write_one(manager: Client) -> None:
    assert opened(manager, f"{address(make_campaign())}?channel=sms&kind=loan_returned") == "loan_returned"


@pytest.mark.django_db
def test_a_test_goes_to_whoever_asks_marked_as_one_and_once(manager: Client, mailoutbox: Any) -> None:
    campaign = make_campaign()
    user = manager.get("/admin/").wsgi_request.user
    user.email = "mina@example.org"
    user.save()
    common = Template.objects.get(kind="loan_returned", language="en", campaign=None)
    for _ in range(2):
        page = manager.post(address(campaign), {"action": "test", "template": common.pk, "kind": "loan_returned"}, follow=True)
        assert "A test is on its way to mina@example.org." in page.content.decode()
    notice = Notice.objects.get()
    assert notice.is_test and notice.customer is None and notice.subject.startswith("[Test] ")
    assert notice.body_text.startswith("This is a test.") and "Alex" in notice.body_text
    assert Entry.objects.get(event="notice.tested").actor == "staff:marketing"
    assert sending.send(reference=notice.reference, at=AT.replace(hour=13)) == "sent"
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["mina@example.org"], notice.subject)]
    assert manager.get("/admin/notices/notice/").status_code == 200
    assert manager.get(f"/admin/notices/notice/{notice.pk}/change/").status_code == 200


@pytest.mark.django_db
def test_a_test_that_failed_can_be_sent_again_to_the_same_address(manager: Client) -> None:
    user = manager.get("/admin/").wsgi_request.user
    notice = Notice.objects.create(
        dedupe_key="test:1", kind="loan_returned", channel="email", is_test=True, address="mina@example.org", language="en",
        body_text="x", message_id="<x@y>", state="dead", created_at=AT, next_attempt_at=AT,
    )  # fmt: skip
    retrying.retry(notice=notice, at=AT, by=SYSTEM)
    assert (notice.state, notice.address) == ("queued", "mina@example.org") and user.is_staff


@pytest.mark.django_db
def test_without_an_address_of_ones_own_a_test_is_refused_in_words(editor: Client) -> None:
    campaign = make_campaign()
    common = Template.objects.get(kind="loan_returned", language="en", campaign=None)
    page = editor.post(address(campaign), {"action": "test", "template": common.pk}, follow=True).content.decode()
    assert "Your account has no e-mail address" in page and not Notice.objects.exists()


@pytest.mark.django_db
def test_an_empty_text_is_said_and_what_was_typed_stays(editor: Client) -> None:
    answer = write(editor, make_campaign(), subject="Kept", body="")
    assert (
        answer.status_code == 422
        and 'value="Kept"' in answer.content.decode()
        and "This field is required." in answer.content.decode()
    )


@pytest.mark.django_db
def test_who_may_not_write_or_publish_is_refused(eve: Client, editor: Client, desk: Client) -> None:
    campaign = make_campaign()
    draft = publishing.draft(kind="loan_returned", subject="Hi", body=WORDS, campaign=campaign, at=AT, by=SYSTEM)
    text = eve.get(address(campaign), {"kind": "loan_returned"}).content.decode()
    assert "Save as a draft" not in text and "Publish version" not in text and "Send me a test" not in text
    assert write(eve, campaign).status_code == 403
    for client in (eve, editor):
        assert client.post(address(campaign), {"action": "publish", "template": draft.pk}).status_code == 403
    assert eve.post(address(campaign), {"action": "test", "kind": "loan_returned", "template": draft.pk}).status_code == 403
    assert desk.get(address(campaign)).status_code == 403
    assert Template.objects.filter(campaign=campaign).count() == 1 and not Notice.objects.exists()


@pytest.mark.django_db
def test_a_campaign_without_terms_says_why_its_messages_cannot_be_read(manager: Client) -> None:
    campaign = make_campaign(state="draft", launched_at=None, campaign_terms=None)
    assert "has no published terms" in manager.get(address(campaign)).content.decode()


@pytest.mark.django_db
def test_the_tab_asks_as_often_for_many_texts_as_for_few(manager: Client) -> None:
    campaign = make_campaign()
    counts = []
    for _ in range(2):
        manager.get(address(campaign))
        with CaptureQueriesContext(connection) as queries:
            manager.get(address(campaign))
        counts.append(len(queries))
        for kind in ("loan_returned", "code_issued", "hold_expired"):
            publishing.draft(kind=kind, subject="Hi", body=WORDS, campaign=campaign, at=AT, by=SYSTEM)
    assert counts[0] >= counts[1]
