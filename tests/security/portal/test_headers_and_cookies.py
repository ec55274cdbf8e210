"""Test 23 and requests across sites: cookies and headers on every address of the portal."""

import pytest
from django.test import Client

from customers.models import Customer
from tests.portal.walking import letter_to
from tests.referrals.pages.rows import counts
from tests.security.portal.conftest import Person
from tests.security.portal.walking import addresses

pytestmark = pytest.mark.django_db


def test_every_page_is_kept_nowhere_framed_by_nobody_and_runs_only_ours(people: tuple[Person, Person]) -> None:
    asha, _ = people
    for address in addresses(asha.values()):
        for client in (asha.client, Client()):
            answer = client.get(address.url)
            assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"], address
            assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY", address
            assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), address
            assert "camera=()" in answer["Permissions-Policy"], address
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, address


def test_in_production_every_cookie_is_bound_to_this_host_and_hidden_from_scripts(
    browser: Client, asha: Customer, settings
) -> None:
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_COOKIE_NAME = "__Host-csrf"
    letter = letter_to(browser, asha.email)
    answers = [browser.get("/my/sign-in/"), browser.get(letter.path), browser.get("/my/in/"), browser.post("/my/in/")]
    cookies = [cookie for answer in answers for cookie in answer.cookies.values()]
    assert {"__Host-portal", "__Host-portal-link", "__Host-csrf"} <= {cookie.key for cookie in cookies}
    for cookie in cookies:
        assert cookie.key.startswith("__Host-"), cookie.key
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/" and not cookie["domain"], cookie.key
    assert browser.get("/my/").status_code == 200


def test_no_django_session_and_no_django_user_is_made(browser: Client, asha: Customer, django_user_model) -> None:
    letter = letter_to(browser, asha.email)
    browser.get(letter.path)
    browser.post("/my/in/")
    browser.get("/my/")
    assert "sessionid" not in browser.cookies
    assert not django_user_model.objects.exists()


def test_a_new_key_is_given_at_each_sign_in(browser: Client, asha: Customer) -> None:
    keys = set()
    for _ in range(2):
        letter = letter_to(Client(), asha.email)
        browser.cookies["portal"] = "k" * 43
        browser.get(letter.path)
        browser.post("/my/in/")
        keys.add(browser.cookies["portal"].value)
    assert len(keys) == 2 and "k" * 43 not in keys


def test_nothing_is_done_without_the_forms_own_mark(people: tuple[Person, Person]) -> None:
    asha, _ = people
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["portal"] = asha.client.cookies["portal"].value
    before = counts()
    for address in addresses(asha.values()):
        assert strict.post(address.url, {"email": asha.customer.email, "others": "yes"}).status_code in (403, 405), address
    assert counts() == before
