"""Every address of the site, generated from its patterns: what its answers say to browsers and to caches on the way."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from referrals.models import Code
from tests.admin import world
from tests.security import walking
from tests.security.sign_in.door import come_in, make_staff, with_factor

SAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "1"}
REGEXES = {
    r"^account/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$": "account/forgotten/1-set-password/",
    r"^brand/(?P<sha256>[0-9a-f]{64})\.png$": f"brand/{'a' * 64}.png",
    r"(?P<url>.*)$": "no/such/page/",
}
"""Patterns that are no routes, each with an address that fits."""

FRAMED_BY_US = {"'none'", "'self'"}
ACTS_ON_SIGHT = {"/admin/logout/"}
"""Not asked while logged in, so that the next addresses are."""


def addresses() -> list[str]:
    """One address for each pattern there is."""
    return sorted({"/" + address for address in walk(get_resolver().url_patterns, "")})


def with_rows() -> list[str]:
    """The same, and every page of the desk and of customers for rows that are there."""
    world.fill()
    code = Code.objects.order_by("pk")[0].code
    theirs = [f"/r/{code}/{file}" for file in ("", "qr.svg", "qr.png", "card.pdf")]
    return sorted({*addresses(), *(address.url for address in walking.addresses()), *theirs})


def walk(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + sample(pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


def sample(pattern: URLPattern | URLResolver) -> str:
    """A piece of an address that fits a pattern."""
    if not isinstance(pattern.pattern, RoutePattern):
        text = str(pattern.pattern)
        apps = re.fullmatch(r"\^\(\?P<app_label>(\w+)[|\w]*\)/\$", text)
        return f"{apps[1]}/" if apps else REGEXES.get(text) or fitting(text)
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "1"), pattern.pattern._route)


def fitting(regex: str) -> str:
    """An address that fits a pattern of named pieces: the first word of those that are listed, “x” for any other."""
    listed = re.sub(r"\(\?P<\w+>(\w+)\|[^)]*\)", r"\1", regex)
    address = re.sub(r"\(\?P<\w+>[^)]*\)", "x", listed).strip("^$").replace("\\", "")
    assert re.fullmatch(regex, address), f"Name an address for {regex} in REGEXES."
    return address


@pytest.fixture
def administrator() -> Client:
    with_factor(make_staff("root", is_superuser=True))
    browser = come_in("root")
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def stranger() -> Client:
    return Client(raise_request_exception=False)


def wrong_with(answer: HttpResponse, is_desk: bool) -> list[str]:
    """What an answer lacks."""
    policy = dict(
        part.strip().split(" ", 1) for part in answer.get("Content-Security-Policy", "").split(";") if " " in part.strip()
    )
    found = {
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.get("Referrer-Policy") in {"same-origin", "no-referrer"},
        "opener": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
        "frames": answer.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"},
        "permissions": "geolocation=()" in answer.get("Permissions-Policy", ""),
        "policy": policy.get("default-src") == "'none'" and policy.get("frame-ancestors") in FRAMED_BY_US,
        "scripts": not re.search(r"unsafe|\*|https?:|data:", policy.get("script-src", "")),
        "forms and bases": policy.get("form-action", "'none'") in {"'self'", "'none'"}
        and policy.get("base-uri", "'none'") == "'none'",
        "no-store": not is_desk or "no-store" in answer.get("Cache-Control", ""),
        "no origin from elsewhere": "Access-Control-Allow-Origin" not in answer,
        "cookies": all(is_safe(cookie) for cookie in answer.cookies.values()),
    }
    return [name for name, is_right in found.items() if not is_right]


def is_safe(cookie: Any) -> bool:
    """Whether a cookie stays with this site, and away from scripts."""
    return bool(cookie["httponly"]) and cookie["samesite"] == "Lax" and not cookie["domain"] and cookie["path"] == "/"


def test_there_are_addresses_of_every_part_of_the_site() -> None:
    found = addresses()
    assert len(found) > 120
    assert {"/", "/brand.css", "/admin/", "/admin/login/", "/admin/auth/user/1/change/", "/admin/account/codes/"} <= set(found)


def test_every_answer_has_the_headers_for_strangers_and_for_staff(stranger: Client, administrator: Client) -> None:
    wrong = {}
    walked = with_rows()
    assert len(walked) > 300
    for address in walked:
        for who, browser in (("stranger", stranger), ("administrator", administrator)):
            if who == "administrator" and address in ACTS_ON_SIGHT:
                continue
            problems = wrong_with(browser.get(address), address.startswith("/admin/"))
            if problems:
                wrong[f"{address} for {who}"] = problems
    assert wrong == {}


def test_refusals_have_them_too(asha: User, stranger: Client) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    asked = [
        strict.post("/admin/login/"),
        stranger.get("/admin/", headers={"host": "evil.example"}),
        stranger.post("/"),
        stranger.trace("/admin/"),
    ]
    asked += [stranger.post("/admin/login/", {"login": "asha", "password": str(number)}) for number in range(5)]
    assert [answer.status_code for answer in asked][-1] == 429
    assert [
        wrong_with(answer, is_desk=True) for answer in asked if answer.status_code != 405 and "Content-Security-Policy" in answer
    ][1:] != []
    for answer in (asked[0], asked[-1]):
        assert wrong_with(answer, is_desk=True) == []


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/account/password/", "/admin/account/factor/set-up/"])
def test_a_post_without_the_token_of_its_page_is_refused(asha: User, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = come_in().cookies
    assert strict.post(address, {"password": "x"}).status_code == 403
