"""A forgotten password, and a lost factor."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ

from audit.actors import staff
from config import jobs
from config.signing_in import factors
from tests.make import AT
from tests.security.sign_in.conftest import At
from tests.security.sign_in.door import (
    CODE,
    SET_UP,
    code,
    come_in,
    events,
    is_in,
    knock,
    make_staff,
    type_code,
    with_factor,
    words,
)

FORGOTTEN = "/admin/account/forgotten/"
NEW = "an entirely new sentence"


def link_for(user: User) -> str:
    """The path in the mail."""
    jobs.mail_password_reset(user.pk)
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def set_new(browser: Client, link: str) -> str:
    """Follow the link and type a new password; where it leads."""
    page = browser.get(link, follow=True)
    answer = browser.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    return answer.get("Location", "")


def test_a_reset_lets_nobody_in_and_takes_no_factor_away(asha: User, client: Client) -> None:
    assert set_new(client, link_for(asha)).endswith("/forgotten/done/")
    assert not is_in(client)
    assert knock(client, "asha", NEW)["Location"] == CODE
    assert Authenticator.objects.filter(user=asha).count() == 2


def test_known_and_unknown_addresses_read_and_cost_the_same(asha: User) -> None:
    answers, costs = [], []
    for address in ("asha@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(words(Client().post(FORGOTTEN, {"email": address}, follow=True)))
        costs.append([query["sql"].split()[0] for query in queries])
    assert answers[0] == answers[1]
    assert costs[0] == costs[1]
    assert OrmQ.objects.count() == 2
    assert mail.outbox == []


def test_only_who_works_here_gets_a_mail(asha: User) -> None:
    off, other = make_staff("dev", is_active=False), make_staff("chloe", is_staff=False)
    assert [jobs.mail_password_reset(pk) for pk in (asha.pk, off.pk, other.pk, 0, 9_999)] == [1, 0, 0, 0, 0]
    assert mail.outbox[0].to == ["asha@example.com"]


def test_the_link_leads_to_our_own_address_whatever_the_request_says(asha: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client().post(FORGOTTEN, {"email": "asha@example.com"}, headers={"host": "evil.example"})
    jobs.mail_password_reset(asha.pk)
    assert "evil.example" not in mail.outbox[0].body


def test_looking_at_the_link_uses_nothing_up_and_the_key_leaves_the_address_bar(asha: User) -> None:
    link = link_for(asha)
    for _ in range(3):
        scanner = Client()
        assert scanner.head(link).status_code == 302
        page = scanner.get(link, follow=True)
        assert page.request["PATH_INFO"].endswith("-set-password/")
    assert set_new(Client(), link)


def test_the_link_works_once_and_for_an_hour(asha: User, clock: At) -> None:
    link, second = link_for(asha), link_for(asha)
    assert set_new(Client(), link)
    for used in (link, second):
        assert "used already, or is older than an hour" in Client().get(used, follow=True).content.decode()
    late = link_for(asha)
    clock(AT + timedelta(minutes=61))
    assert "used already, or is older than an hour" in Client().get(late, follow=True).content.decode()


def test_a_new_password_by_link_ends_all_sessions(asha: User) -> None:
    browser = come_in()
    set_new(Client(), link_for(asha))
    assert browser.get("/admin/").status_code == 302


def test_an_account_without_a_password_gets_its_first_one_by_link() -> None:
    invited = make_staff("ivo", password="")
    invited.set_unusable_password()
    invited.save()
    set_new(Client(), link_for(invited))
    browser = Client()
    knock(browser, "ivo", NEW)
    assert browser.get("/admin/")["Location"] == SET_UP


def test_an_administrator_resets_the_factor_of_a_colleague(asha: User, clock: At) -> None:
    hers = come_in()
    make_admin()
    clock(AT + timedelta(minutes=1))
    admin = come_in("root")
    page = reverse("admin:auth_user_change", args=[asha.pk])
    assert "Reset the second factor" in admin.get(page).content.decode()
    assert admin.post(f"/admin/auth/user/{asha.pk}/moves/reset-factor/", {"reason": "Her phone is lost."}).status_code == 302
    assert not Authenticator.objects.filter(user=asha).exists()
    assert hers.get("/admin/").status_code == 302
    assert events()[-1] == "staff.factor_reset"
    again = Client()
    knock(again)
    assert again.get("/admin/")["Location"] == SET_UP


def test_nobody_resets_their_own_factor_by_it() -> None:
    root = make_admin()
    browser = come_in("root")
    answer = browser.post(f"/admin/auth/user/{root.pk}/moves/reset-factor/", {"reason": "I am in a hurry."})
    assert answer.status_code == 409
    assert "Nobody resets their own second factor" in answer.content.decode()
    assert Authenticator.objects.filter(user=root).count() == 2


def test_a_reset_takes_a_reason_and_the_permission(asha: User) -> None:
    make_admin()
    browser = come_in("root")
    assert browser.post(f"/admin/auth/user/{asha.pk}/moves/reset-factor/", {"reason": ""}).status_code == 422
    eve = make_staff("eve")
    for verb in (factors.reset_second_factor, factors.end_sessions):
        with pytest.raises(PermissionDenied):
            verb(colleague=asha, at=AT, by=staff(eve), **({"reason": "x"} if verb is factors.reset_second_factor else {}))
    assert Authenticator.objects.filter(user=asha).count() == 2


def test_who_has_no_factor_has_none_to_reset(newcomer: User) -> None:
    with pytest.raises(factors.FactorRefused, match="no_factor"):
        factors.reset_second_factor(colleague=newcomer, reason="Lost.", at=AT, by=staff(make_admin()))


def test_an_administrator_logs_somebody_out_everywhere(asha: User, clock: At) -> None:
    hers = come_in()
    make_admin()
    clock(AT + timedelta(minutes=1))
    come_in("root").post(f"/admin/auth/user/{asha.pk}/moves/end-sessions/")
    assert hers.get("/admin/").status_code == 302
    assert events()[-1] == "staff.sessions_ended"


def test_the_tables_of_the_door_have_no_pages() -> None:
    make_admin()
    browser = come_in("root")
    for table in ("mfa/authenticator", "account/emailaddress", "usersessions/usersession", "axes/accessattempt", "axes/accesslog"):
        assert browser.get(f"/admin/{table}/").status_code == 404, table


def test_five_wrong_codes_do_not_keep_a_reset_factor_from_being_set_up(asha: User, client: Client) -> None:
    knock(client)
    type_code(client, "000000")
    factors.reset_second_factor(colleague=asha, reason="Lost.", at=AT, by=staff(make_admin()))
    browser = Client()
    knock(browser)
    secret = browser.get(SET_UP).context["form"].secret
    assert browser.post(SET_UP, {"code": code(secret)}).status_code == 302


def make_admin() -> User:
    return with_factor(make_staff("root", is_superuser=True))
