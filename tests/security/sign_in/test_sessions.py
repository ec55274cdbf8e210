"""How a session begins, is used, and ends."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client

from config import jobs
from config.settings import base
from tests.make import AT
from tests.security.sign_in.conftest import At
from tests.security.sign_in.door import LOGIN, PASSWORD, code, come_in, is_in, knock, make_staff, type_code

BROWSERS = "/admin/account/browsers/"


def is_let_in(browser: Client) -> bool:
    return browser.get("/admin/").status_code == 200


def test_the_limits_are_half_an_hour_and_twelve_hours() -> None:
    assert (base.SESSION_COOKIE_AGE, base.SESSION_ABSOLUTE_AGE) == (30 * 60, 12 * 3600)


def test_after_half_an_hour_without_a_click_it_is_over(asha: User, clock: At) -> None:
    browser = come_in()
    clock(AT + timedelta(minutes=28))
    assert is_let_in(browser)
    clock(AT + timedelta(minutes=28 + 31))
    assert browser.get("/admin/")["Location"].startswith(LOGIN)


def test_after_twelve_hours_it_is_over_however_busy(asha: User, clock: At) -> None:
    browser = come_in()
    for minutes in range(20, 12 * 60, 20):
        clock(AT + timedelta(minutes=minutes))
        assert is_let_in(browser), minutes
    clock(AT + timedelta(hours=12))
    assert browser.get("/admin/")["Location"].startswith(LOGIN)
    assert not is_in(browser)


def test_a_session_whose_begin_is_not_known_begins_now_and_ends_too(asha: User, client: Client, clock: At, settings) -> None:
    settings.SESSION_COOKIE_AGE = 100 * 3600
    client.force_login(asha)
    assert is_let_in(client)
    clock(AT + timedelta(hours=12))
    assert not is_let_in(client)


def test_a_page_looked_at_again_within_a_minute_writes_nothing(asha: User, django_assert_num_queries) -> None:
    browser = come_in()
    is_let_in(browser)
    before = UserSession.objects.get().last_seen_at, browser.session["seen_at"]
    is_let_in(browser)
    assert before == (UserSession.objects.get().last_seen_at, browser.session["seen_at"])


def test_the_session_has_a_new_name_after_each_step(asha: User) -> None:
    browser = Client()
    browser.get("/admin/account/forgotten/")
    knock(browser)
    before = browser.session.session_key
    type_code(browser, code())
    assert browser.session.session_key != before


def test_the_log_out_is_by_post_ends_the_session_and_clears_what_the_browser_keeps(asha: User) -> None:
    browser = come_in()
    key = browser.session.session_key
    assert browser.get("/admin/logout/").status_code == 200
    assert is_in(browser)
    answer = browser.post("/admin/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    old = Client()
    old.cookies["sessionid"] = key
    assert not is_let_in(old)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/admin/logout/").status_code == 403


def test_every_page_has_a_log_out(asha: User) -> None:
    browser = come_in()
    for page in ("/admin/", "/admin/account/factor/", "/admin/account/password/", BROWSERS):
        assert 'action="/admin/logout/"' in browser.get(page).content.decode(), page


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_somebody_switched_off_is_out_with_the_next_click(asha: User, change: dict[str, bool]) -> None:
    browser = come_in()
    User.objects.filter(pk=asha.pk).update(**change)
    assert browser.get("/admin/")["Location"].startswith(LOGIN)
    assert browser.get("/admin/account/factor/")["Location"].startswith(LOGIN)


def test_somebody_switched_off_between_password_and_code_does_not_get_in(asha: User, client: Client) -> None:
    knock(client)
    User.objects.filter(pk=asha.pk).update(is_active=False)
    type_code(client, code())
    assert not is_let_in(client)


def test_the_other_browsers_are_listed_and_can_be_logged_out(asha: User, clock: At) -> None:
    here = come_in()
    clock(AT + timedelta(minutes=1))
    there = come_in(address="198.51.100.99")
    text = here.get(BROWSERS).content.decode()
    assert "198.51.100.99" in text and "This one" in text
    here.post(BROWSERS)
    assert is_let_in(here)
    assert not is_let_in(there)
    assert "198.51.100.99" not in here.get(BROWSERS).content.decode()


def test_nobody_sees_or_ends_the_sessions_of_somebody_else(asha: User, settings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    make_staff("hana")
    hers, mine = come_in("hana", address="192.0.2.55"), come_in()
    assert "192.0.2.55" not in mine.get(BROWSERS).content.decode()
    mine.post(BROWSERS)
    assert is_let_in(hers)


def test_a_changed_password_ends_all_other_sessions(asha: User, clock: At) -> None:
    here = come_in()
    clock(AT + timedelta(minutes=1))
    there = come_in()
    new = {"oldpassword": PASSWORD, "password1": "a new and long sentence", "password2": "a new and long sentence"}
    assert here.post("/admin/account/password/", {**new, "oldpassword": "wrong"}).status_code == 422
    assert here.post("/admin/account/password/", new).status_code == 302
    assert is_let_in(here)
    assert not is_let_in(there)


@pytest.mark.parametrize(
    "password", ["short", "password1234", "asha@example.com", "qwerty123456", "Asha-Asha-Asha", "Lendwell 2026!", "123456789012"]
)
def test_a_poor_password_is_refused_in_words(asha: User, password: str) -> None:
    body = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    answer = come_in().post("/admin/account/password/", body)
    assert answer.status_code == 422
    assert answer.context["form"].errors["password1"]


@pytest.mark.parametrize(
    "password",
    ["a good long sentence", "пароль из нескольких слов", "x9!" * 40, "  spaces at both ends  ", "Lendwell is where I work"],
)
def test_a_good_password_is_taken_as_it_was_typed(asha: User, password: str, settings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    body = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert come_in().post("/admin/account/password/", body).status_code == 302
    assert knock(Client(), "asha", password).status_code == 302


def test_ended_sessions_are_forgotten_with_their_addresses(asha: User) -> None:
    come_in()
    jobs.forget_sign_ins(AT + timedelta(minutes=29))
    assert UserSession.objects.count() == 1
    jobs.forget_sign_ins(AT + timedelta(minutes=31))
    assert not UserSession.objects.exists()
