"""The page of all parts, in every look: it is the one place where each part is looked at with its variants."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_part_is_clean_in_every_look_folded_and_unfolded(page: Page, live_server: Any) -> None:
    sign_in(page, "Administrator", base_url=live_server.url)
    page.goto("/admin/desk/parts/")
    expect(page.get_by_role("heading", name="Parts", level=1)).to_be_visible()
    assert_page_is_clean(page)

    for fold in page.locator("#content-main details > summary").all():
        fold.click()
    expect(page.get_by_role("region", name="Referrals per day: the numbers")).to_be_visible()
    assert_page_is_clean(page)


def test_words_in_a_chart_do_not_scale_with_its_place(window: Callable[..., Page], live_server: Any) -> None:
    heights = set()
    for size in ("desk", "phone"):
        page = window(size)
        sign_in(page, "Administrator", base_url=live_server.url)
        page.goto("/admin/desk/parts/")
        heights.add(round(page.locator(".chart-tick").first.bounding_box()["height"]))
    assert len(heights) == 1


def test_the_save_bar_is_in_sight_however_long_the_form(window: Callable[..., Page], live_server: Any) -> None:
    page = window("phone")
    sign_in(page, "Administrator", base_url=live_server.url)
    page.goto("/admin/desk/parts/")
    page.get_by_label("Headline").scroll_into_view_if_needed()
    save, bar = page.get_by_role("button", name="Save changes").bounding_box(), page.locator(".phone-bar").bounding_box()
    assert save["y"] + save["height"] <= bar["y"]
