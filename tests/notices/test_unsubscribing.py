"""Stopping news and offers from the message itself."""

from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from django.test import Client

from audit.actors import SYSTEM
from customers import consenting, erasing
from customers.models import Consent, Customer
from notices import publishing, unsubscribing
from notices.channels.email import message_of
from notices.refusals import NoticeRefused
from notices.states import NoticeState
from tests.make import AT, make_customer
from tests.notices.samples import queued


@pytest.fixture
def asha(db: None) -> Customer:
    """Asha, who wants news by e-mail."""
    asha = make_customer()
    consenting.record_consent(customer=asha, channel="email", purpose="marketing", is_given=True, how="form", at=AT, by=SYSTEM)
    return asha


def path_for(customer: Customer) -> str:
    return urlsplit(unsubscribing.address_for(customer, "email")).path


def wants_news(customer: Customer) -> bool:
    return consenting.has_consent(customer, "email", "marketing")


def test_a_message_with_news_carries_the_headers_of_the_mail_programs_own_button(asha: Customer) -> None:
    sent = message_from_bytes(message_of(queued("invitation", to=asha), AT).message().as_bytes(), policy=policy.default)
    assert sent["List-Unsubscribe"].strip() == f"<{unsubscribing.address_for(asha, 'email')}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    service = message_from_bytes(message_of(queued("loan_returned", to=asha), AT).message().as_bytes(), policy=policy.default)
    assert service["List-Unsubscribe"] is None


def test_the_mail_programs_button_stops_news_at_once_without_cookie_or_token(asha: Customer) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path_for(asha), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    assert not wants_news(asha)
    assert queued("invitation", to=asha).state == NoticeState.SUPPRESSED
    assert queued("loan_returned", to=asha).state == NoticeState.QUEUED


def test_looking_changes_nothing_however_often_scanners_look(asha: Customer, client: Client) -> None:
    for _ in range(3):
        assert client.head(path_for(asha)).status_code == 200
        assert "Stop news and offers?" in client.get(path_for(asha)).content.decode()
    assert wants_news(asha)


def test_a_second_press_is_harmless_and_there_is_a_way_back(asha: Customer, client: Client) -> None:
    for _ in range(2):
        assert "You get no news" in client.post(path_for(asha)).content.decode()
    assert Consent.objects.filter(customer=asha).count() == 2
    assert "You get our news again" in client.post(path_for(asha), {"again": "yes"}).content.decode()
    assert wants_news(asha)


@pytest.mark.parametrize("word", ["x", "a:b:c", "%00", "x" * 4000])
def test_a_forged_link_says_nothing_about_anybody(db: None, client: Client, word: str) -> None:
    answer = client.post(f"/unsubscribe/{word}/")
    assert answer.status_code == 404 and "not complete" in answer.content.decode()


def test_the_link_of_somebody_erased_is_like_a_forged_one(asha: Customer, client: Client) -> None:
    path = path_for(asha)
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    assert client.get(path).status_code == 404


def test_the_page_shows_neither_name_nor_address(asha: Customer, client: Client) -> None:
    text = client.get(path_for(asha)).content.decode()
    assert "Asha" not in text and asha.email not in text


def test_a_text_with_news_cannot_be_published_without_the_way_out(db: None) -> None:
    body = "Hello. {{ criteria }} {{ terms_url }}"
    draft = publishing.draft(kind="invitation", subject="Come", body=body, at=AT, by=SYSTEM)
    with pytest.raises(NoticeRefused, match="unsubscribe_missing"):
        publishing.publish(template=draft, at=AT, by=SYSTEM)
