"""The check of pages finds what it is there to find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.cleanliness import assert_page_is_clean, complaints

_PAGE = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>{}</main>'

pytestmark = pytest.mark.django_db(transaction=True)


def show(page: Page, body: str, *, until: str = "load") -> None:
    policy = {"Content-Security-Policy": "default-src 'self'"}
    html = _PAGE.format(body)
    page.route("**/made-up/", lambda route: route.fulfill(body=html, headers=policy, content_type="text/html; charset=utf-8"))
    page.goto("/made-up/", wait_until=until)


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("<p style='color: red'>Red.</p>", "Content Security Policy"),
        ("<script>alert(1)</script>", "Content Security Policy"),
        ("<img src='/static/no-such-picture.png' alt='None'>", "404"),
        ("<input>", "not accessible"),
        ("<pre>" + "wide " * 400 + "</pre>", "sideways"),
    ],
)
def test_a_page_that_is_not_clean_is_found_out(window: Callable[..., Page], body: str, finding: str) -> None:
    page = window()
    show(page, body)
    with pytest.raises(AssertionError, match=finding):
        assert_page_is_clean(page)


def test_a_clean_page_is_not(window: Callable[..., Page]) -> None:
    page = window()
    show(page, "<p>Fine.</p>")
    assert_page_is_clean(page)


def test_what_a_page_still_loads_when_it_is_left_is_no_complaint(window: Callable[..., Page]) -> None:
    page = window()
    page.route("**/slow.svg", lambda route: None)  # never answered
    show(page, "<img src='/slow.svg' alt='Slow' hidden>", until="commit")
    page.wait_for_function("document.images.length === 1")
    page.route("**/next/", lambda route: route.fulfill(body=_PAGE.format(""), content_type="text/html"))
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/slow.svg")) as given_up:
        page.goto("/next/")
    assert given_up.value.failure == "net::ERR_ABORTED"
    assert complaints(page) == []


@pytest.mark.parametrize("reason", ["aborted", "failed", "connectionreset"])
def test_what_a_page_does_not_get_while_somebody_reads_it_is_one(window: Callable[..., Page], reason: str) -> None:
    page = window()
    page.route("**/lost.svg", lambda route: route.abort(reason))
    show(page, "<img src='/lost.svg' alt='Lost'>")
    assert [one for one in complaints(page) if one.startswith("not loaded: ") and "/lost.svg" in one]


@pytest.mark.parametrize(("reason", "complaint"), [("aborted", []), ("failed", ["net::ERR_FAILED"])])
def test_an_icon_that_the_browser_gives_up_is_no_complaint_but_one_that_fails_is(
    window: Callable[..., Page], reason: str, complaint: list[str]
) -> None:
    page = window()
    page.route("**/img/favicon.svg", lambda route: route.abort(reason))
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/img/favicon.svg")):
        show(page, "<p>Fine.</p><img src='/img/favicon.svg' alt='Icon' hidden>")
    assert [one.split("(")[-1].rstrip(")") for one in complaints(page) if one.startswith("not loaded: ")] == complaint


def test_every_page_has_an_icon_that_is_there(window: Callable[..., Page]) -> None:
    page = window()
    page.goto("/admin/login/")
    icon = page.request.get(page.locator("link[rel=icon]").get_attribute("href") or "")
    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")
    page.goto("/join/")
    in_the_page = page.locator("link[rel=icon]").get_attribute("href") or ""
    assert in_the_page.startswith("data:image/svg+xml,"), "customers' pages carry it themselves: it costs them no request"
