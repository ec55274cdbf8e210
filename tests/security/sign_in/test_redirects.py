"""After the log-in somebody goes where they wanted to, on this site, and nowhere else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.security.sign_in.door import LOGIN, PASSWORD, code, knock, make_staff, type_code

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\\/evil.example/",
    "https:evil.example",
    "https:///evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://testserver@evil.example/",
    "https://testserver.evil.example/",
    " //evil.example/",
    "\t//evil.example/",
    "/admin/\r\nSet-Cookie: a=b",
    "/%09/evil.example/\x00",
    "http://testserver/admin/",
    "admin/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_by_the_log_in(settings, target: str) -> None:
    settings.STAFF_SECOND_FACTOR = False
    make_staff("nadia")
    by_form, by_address = Client(), Client()
    assert knock(by_form, "nadia", next=target)["Location"] == "/admin/"
    answer = by_address.post(LOGIN, {"login": "nadia", "password": PASSWORD}, query_params={"next": target})
    assert answer["Location"] == "/admin/"
    assert by_address.get(LOGIN, {"next": target})["Location"] == "/admin/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nor_after_the_code_nor_by_the_log_out(asha: User, target: str) -> None:
    browser = Client()
    knock(browser, next=target)
    assert type_code(browser, code())["Location"] == "/admin/"
    assert browser.post("/admin/logout/", {"next": target})["Location"] == LOGIN


@pytest.mark.parametrize("target", ["/admin/auth/user/?q=a&p=2", "/admin/account/browsers/"])
def test_somebody_who_wanted_a_page_gets_it_after_both_steps(asha: User, target: str) -> None:
    browser = Client()
    entrance = browser.get(target)["Location"]
    assert entrance.startswith("/admin/login/?next=/admin/")
    page = browser.get(entrance)
    assert page.context["redirect_field_value"] == target
    knock(browser, next=target)
    assert type_code(browser, code())["Location"] == target


def test_somebody_logged_in_who_may_not_see_a_page_is_told_so_and_not_sent_round(asha: User, client: Client) -> None:
    client.force_login(asha)
    assert client.get("/admin/auth/user/").status_code == 403
