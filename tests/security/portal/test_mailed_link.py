"""Test 1 and 2: a link survives scanners, is good once and for ten minutes; looking at a page changes nothing."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from customers.models import Customer
from rewards.models import PortalSession, PortalSignIn
from rewards.portal import signing_in
from rewards.portal.refusals import LinkUsedUp
from tests.make import AT, make_customer
from tests.portal.walking import letter_to
from tests.referrals.pages.rows import counts
from tests.security.portal.conftest import Person
from tests.security.portal.walking import addresses


@pytest.mark.django_db
def test_a_link_survives_head_get_get_and_a_bare_post_and_lets_the_reader_in_once(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    scanner = Client(enforce_csrf_checks=True)
    before = counts()
    assert scanner.head(letter.path).status_code == 302
    for _ in range(2):
        assert scanner.get(letter.path).status_code == 302
        page = scanner.get("/my/in/")
        assert page.status_code == 200
        assert "<script" not in page.content.decode()
    assert scanner.post("/my/in/").status_code == 403
    assert scanner.post(letter.path).status_code == 405
    assert counts() == before
    browser.get(letter.path)
    assert browser.post("/my/in/").status_code == 302
    assert browser.get("/my/").status_code == 200
    again = Client()
    for client in (browser, again):
        client.get(letter.path)
        assert client.post("/my/in/").status_code == 410
    assert PortalSession.objects.count() == 1


@pytest.mark.django_db
def test_the_key_leaves_the_address_at_once_and_goes_nowhere_else(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    answer = browser.get(letter.path)
    assert answer["Location"] == "/my/in/"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies["portal-link"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert letter.path.split("/")[3] not in browser.get("/my/in/").content.decode()


@pytest.mark.django_db
def test_no_log_holds_the_key_the_code_or_the_address(browser: Client, asha: Customer, caplog: pytest.LogCaptureFixture) -> None:
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level("DEBUG", logger="django"):
        letter = letter_to(browser, asha.email)
        for client in (browser, strict):
            client.get(letter.path)
            client.post(letter.path)
            client.post("/my/code/", {"code": letter.code, "email": asha.email})
            client.post("/my/in/")
            client.post("/my/in/")
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    for secret in (letter.path.split("/")[3], letter.code, asha.email):
        assert [line for line in lines if secret in line] == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x", "k" * 43, "k" * 44, "k" * 5000, "%00" * 3, "ä" * 43, "../../admin", "a b"])
def test_links_nobody_made_open_nothing(browser: Client, key: str) -> None:
    assert browser.get(f"/my/in/{key}/").status_code in (302, 404)
    assert browser.get("/my/in/").status_code == 410
    assert browser.post("/my/in/").status_code == 410
    assert not PortalSession.objects.exists()


@pytest.mark.django_db
def test_a_link_asked_for_by_asha_does_not_open_chloe(browser: Client, asha: Customer) -> None:
    chloe = make_customer("Chloe Lund")
    first = letter_to(browser, asha.email)
    letter_to(Client(), chloe.email)
    browser.get(first.path)
    browser.post("/my/in/")
    assert PortalSession.objects.get().customer == asha


@pytest.mark.django_db
def test_the_code_of_one_browser_opens_nothing_in_another(asha: Customer) -> None:
    one, other = Client(), Client()
    letter = letter_to(one, asha.email)
    newer = letter_to(other, asha.email)
    if letter.code != newer.code:
        assert other.post("/my/code/", {"code": letter.code}).status_code == 422
    stranger = Client()
    assert stranger.post("/my/code/", {"code": letter.code})["Location"] == "/my/sign-in/"
    one.cookies["portal-ask"] = one.cookies["portal-ask"].value.replace("W", "V", 1) + "x"
    assert one.post("/my/code/", {"code": letter.code})["Location"] == "/my/sign-in/"


@pytest.mark.django_db
def test_looking_at_every_page_by_get_and_head_changes_nothing(people: tuple[Person, Person]) -> None:
    asha, _ = people
    pages = [address for address in addresses(asha.values()) if not address.url.endswith((".pdf", ".json", ".html"))]
    before = counts()
    for address in pages:
        for method in ("get", "head", "get"):
            assert getattr(asha.client, method)(address.url).status_code in (200, 302, 405, 410), address
    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_press_at_once_one_gets_in() -> None:
    asha = make_customer("Asha Rao")
    key = "k" * 43
    values = {"customer": asha, "asked_at": AT, "looked_up_at": AT, "expires_at": AT + signing_in.GOOD_FOR}
    PortalSignIn.objects.create(token_hash=signing_in.hash_of(key), code_hash="c" * 64, **values)
    start, inside, outside = Barrier(8), [], []

    def press() -> None:
        try:
            start.wait()
            inside.append(signing_in.enter_by_link(key=key, device="Firefox", at=AT))
        except LinkUsedUp:
            outside.append(1)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(inside), len(outside), PortalSession.objects.count()) == (1, 7, 1)
