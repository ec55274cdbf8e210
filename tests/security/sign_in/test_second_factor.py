"""Nobody of staff gets in by a password alone, by whichever door."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.signing_in import ciphers
from tests.make import AT
from tests.security.sign_in.conftest import At
from tests.security.sign_in.door import (
    CODE,
    LOGIN,
    PASSWORD,
    SECRET,
    SET_UP,
    code,
    come_in,
    is_in,
    knock,
    make_staff,
    recovery_codes,
    type_code,
    with_factor,
)


def test_a_right_password_alone_leads_to_the_second_step_and_opens_nothing(asha: User, client: Client) -> None:
    assert knock(client)["Location"] == CODE
    assert not is_in(client)
    for page in (
        "/admin/",
        "/admin/auth/user/",
        "/admin/account/factor/",
        "/admin/account/codes/",
        "/admin/account/codes/download/",
    ):
        assert client.get(page)["Location"].startswith(LOGIN), page
    assert client.get(LOGIN)["Location"] == CODE


def test_password_and_code_open_the_desk(asha: User, client: Client) -> None:
    knock(client)
    assert type_code(client, code())["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("typed", ["000000", "", "12345", "abcdef", "0" * 400, "१२३४५६", "\x00" * 6])
def test_a_wrong_code_opens_nothing(asha: User, client: Client, typed: str) -> None:
    knock(client)
    assert type_code(client, typed).status_code == 422
    assert not is_in(client)


def test_a_code_is_good_once_even_in_another_process_of_the_site(asha: User, clock: At) -> None:
    come_in()
    cache.clear()  # another process remembers nothing
    thief = Client()
    knock(thief)
    assert "used already" in type_code(thief, code()).content.decode()
    assert not is_in(thief)
    clock(AT + timedelta(seconds=30))
    assert "used already" in type_code(thief, code(steps=-1)).content.decode()
    assert type_code(thief, code()).status_code == 302


def test_an_older_code_is_refused_after_a_newer_one(asha: User, client: Client) -> None:
    knock(client)
    type_code(client, code(steps=1))
    late = Client()
    knock(late)
    assert type_code(late, code(steps=0)).status_code == 422


def test_a_code_of_a_minute_ago_or_ahead_is_refused(asha: User, client: Client) -> None:
    knock(client)
    assert [type_code(client, code(steps=steps)).status_code for steps in (-2, 2)] == [422, 422]
    assert type_code(client, code(steps=-1)).status_code == 302


def test_the_code_of_the_set_up_cannot_be_used_again(newcomer: User, client: Client) -> None:
    knock(client, "nadia")
    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": code(secret)})
    cache.clear()
    thief = Client()
    knock(thief, "nadia")
    assert type_code(thief, code(secret)).status_code == 422


def test_a_recovery_code_opens_once(asha: User) -> None:
    first = recovery_codes(asha)[0]
    for opens in (True, False):
        browser = Client()
        knock(browser)
        type_code(browser, first)
        assert is_in(browser) == opens
    assert len(recovery_codes(asha)) == 9


def test_five_wrong_codes_close_the_second_step_for_a_while(asha: User, client: Client, clock: At) -> None:
    knock(client)
    for _ in range(5):
        type_code(client, "000000")
    assert "Wait 15 minutes" in type_code(client, code()).content.decode()
    assert not is_in(client)


def test_who_waits_too_long_at_the_second_step_starts_again(asha: User, client: Client, clock: At) -> None:
    knock(client)
    clock(AT + timedelta(minutes=16))
    assert type_code(client, code())["Location"] == LOGIN
    assert not is_in(client)


def test_without_a_factor_only_its_set_up_is_reached(newcomer: User, client: Client) -> None:
    newcomer.is_superuser = True
    newcomer.save()
    knock(client, "nadia")
    pages = [
        "/admin/",
        "/admin/auth/user/",
        "/admin/mailbox/",
        "/admin/account/factor/",
        "/admin/account/password/",
        "/admin/no/such/",
    ]
    pages += [reverse("admin:auth_user_change", args=[newcomer.pk]), "/admin/account/browsers/", "/admin/account/codes/"]
    for page in pages:
        assert client.get(page)["Location"] == SET_UP, page
        assert client.post(page, {"is_staff": "on"})["Location"] == SET_UP, page
    assert client.get(SET_UP).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(newcomer: User, client: Client) -> None:
    with_factor(newcomer)
    Authenticator.objects.filter(type="totp").delete()
    knock(client, "nadia")
    assert client.get("/admin/")["Location"] == SET_UP


def test_setting_up_takes_a_right_code_and_gives_ten_recovery_codes(newcomer: User, client: Client) -> None:
    knock(client, "nadia")
    secret = client.get(SET_UP).context["form"].secret
    assert client.post(SET_UP, {"code": "000000"}).status_code == 422
    answer = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert len(answer.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200
    assert answer.context["unused_codes"] == client.get("/admin/account/codes/download/").content.decode().split()[-10:]


def test_where_it_is_switched_off_nobody_is_made_to_and_who_has_one_is_still_asked(settings, newcomer: User, asha: User) -> None:
    settings.STAFF_SECOND_FACTOR = False
    plain, guarded = Client(), Client()
    assert knock(plain, "nadia")["Location"] == "/admin/"
    assert plain.get("/admin/").status_code == 200
    assert knock(guarded, "asha")["Location"] == CODE


def test_neither_the_secret_nor_the_codes_lie_in_clear_in_the_database(newcomer: User, client: Client) -> None:
    knock(client, "nadia")
    secret = client.get(SET_UP).context["form"].secret
    while_setting_up = dump()
    codes = client.post(SET_UP, {"code": code(secret)}, follow=True).context["unused_codes"]
    assert secret not in while_setting_up
    assert Session.objects.get(pk=client.session.session_key).get_decoded().get("mfa.totp.secret") is None
    assert not [word for word in (secret, *codes) if word in dump()]


def dump() -> str:
    """Everything in every table, with what sessions hold unpacked."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            texts.append(repr(cursor.fetchall()))
    texts += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(texts)


def test_a_secret_cannot_be_read_with_another_key_or_when_it_was_altered(settings) -> None:
    stored = ciphers.encrypt(SECRET)
    assert ciphers.decrypt(stored) == SECRET
    assert ciphers.encrypt(SECRET) != stored
    for altered in (SECRET, stored[:-2] + ("AA" if stored[-2:] != "AA" else "BB"), stored[:20], "1.", "2" + stored[1:]):
        with pytest.raises(ciphers.Unreadable):
            ciphers.decrypt(altered)
    settings.MFA_KEY = "another " * 6
    with pytest.raises(ciphers.Unreadable):
        ciphers.decrypt(stored)


def test_a_lost_key_says_what_to_do_and_lets_nobody_in(asha: User, client: Client, settings) -> None:
    settings.MFA_KEY = "another " * 6
    knock(client)
    answer = type_code(client, code())
    assert answer.status_code == 422
    assert "Ask an administrator to reset it" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_request_login_code", "account_set_password", "socialaccount_signup", "mfa_trust"],
)
def test_the_doors_nobody_needs_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["signup", "email", "login/code", "password/reset", "3rdparty", "social/login", "2fa/webauthn"])
def test_their_usual_addresses_are_not_found(path: str, asha: User) -> None:
    for address in (f"/accounts/{path}/", f"/admin/account/{path}/", f"/{path}/"):
        assert come_in_once().get(address).status_code == 404, address


def come_in_once() -> Client:
    """One browser for several questions: a code is good once."""
    browser = Client()
    browser.force_login(User.objects.get(username="asha"))
    return browser


def test_the_log_in_and_the_change_of_a_password_of_djangos_admin_are_these(asha: User) -> None:
    assert reverse("account_login") == reverse("admin:login") == LOGIN
    assert reverse("account_logout") == reverse("admin:logout")
    browser = come_in()
    assert browser.get(reverse("admin:password_change"))["Location"] == "/admin/account/password/"
    page = Client().get(LOGIN)
    assert "account/login.html" in [template.name for template in page.templates]


def test_scripts_get_no_second_way_of_logging_in(asha: User, client: Client) -> None:
    answer = client.post(LOGIN, {"login": "asha", "password": PASSWORD}, headers={"x-requested-with": "XMLHttpRequest"})
    assert answer["Location"] == CODE
    answer = client.post(LOGIN, json.dumps({"login": "asha", "password": PASSWORD}), content_type="application/json")
    assert answer.status_code in (302, 422)
    assert not is_in(client)


def test_customers_and_others_who_are_not_staff_read_the_same_words_as_everybody(client: Client) -> None:
    make_staff("chloe", is_staff=False)
    make_staff("dev", is_active=False)
    answers = [knock(client, name) for name in ("chloe", "dev", "nobody")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.context["form"].errors.as_json() for answer in answers}) == 1


def test_removing_the_app_asks_again_and_leads_back_to_the_set_up(asha: User, clock: At) -> None:
    browser = come_in()
    clock(AT + timedelta(minutes=6))
    remove = "/admin/account/factor/remove/"
    for page in (remove, "/admin/account/codes/", "/admin/account/codes/download/", "/admin/account/codes/new/"):
        assert browser.get(page)["Location"].startswith("/admin/account/confirm/?next="), page
    assert browser.post(remove)["Location"].startswith("/admin/account/confirm/")
    assert Authenticator.objects.filter(user=asha).count() == 2
    assert browser.post("/admin/account/confirm/", {"password": "wrong", "next": remove}).status_code == 422
    assert browser.post("/admin/account/confirm/", {"password": PASSWORD, "next": "/admin/account/factor/"}).status_code == 302
    browser.post(remove)
    assert Authenticator.objects.filter(user=asha).count() == 0
    assert browser.get("/admin/")["Location"] == SET_UP


def test_a_code_can_be_typed_in_place_of_the_password_when_it_is_asked_again(asha: User, clock: At) -> None:
    browser = come_in()
    clock(AT + timedelta(minutes=6))
    assert browser.post("/admin/account/confirm/code/", {"code": code(), "next": "/admin/account/codes/"}).status_code == 302
    assert browser.get("/admin/account/codes/").status_code == 200


def test_a_fresh_database_has_nobody_in_it() -> None:
    assert not User.objects.exists()
    assert not Authenticator.objects.exists()
