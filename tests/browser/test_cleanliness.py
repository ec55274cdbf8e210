"""The check of pages finds what it is there to find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.cleanliness import assert_page_is_clean

_PAGE = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>{}</main>'

pytestmark = pytest.mark.django_db(transaction=True)


def show(page: Page, body: str) -> None:
    policy = {"Content-Security-Policy": "default-src 'self'"}
    html = _PAGE.format(body)
    page.route("**/made-up/", lambda route: route.fulfill(body=html, headers=policy, content_type="text/html; charset=utf-8"))
    page.goto("/made-up/")


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
