"""The auditor in a real browser: from her menu to the pages on which others act, where there is nothing to press that does anything."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from equipment.models import Loan
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.security.test_eve_changes_nothing import let_work_wait

pytestmark = pytest.mark.django_db(transaction=True)
ACTS = "#content-main form[method=post], #content-main input[type=checkbox], #content-main input[type=file], #content-main [formaction]"
"""What sends something."""


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_eve_reads_what_others_do_from_her_menu_and_finds_no_button_that_acts(
    window: Callable[..., Page], live_server: Any, size: str
) -> None:
    let_work_wait()
    page = window(size)
    sign_in(page, "Administrator", base_url=live_server.url)
    assert [label for label in ("Approvals", "Payouts", "Import") if not acts(page, size, label)] == ["Import"], (
        "others do act here"
    )
    sign_in(page, "Auditor", base_url=live_server.url)
    for label in ("Approvals", "Handover", "Payouts", "Import"):
        assert acts(page, size, label) == 0, label
        assert page.get_by_text("You read here.").count() == 1, label
        assert_page_is_clean(page)
    page.locator("#content-main table a").first.click()
    read_on(page, "Counted over the whole file")
    page.goto("/admin/payouts/")
    page.locator("#content-main table a").first.click()
    read_on(page, "Payments")
    open_from_menu(page, size, "Handover")
    page.get_by_label("Code on a receipt").fill(Loan.objects.filter(state="unlocked").order_by("pk")[0].reference)
    page.keyboard.press("Enter")
    read_on(page, "What comes next")


def acts(page: Page, size: str, label: str) -> int:
    """How much there is to send on the page of this name in the menu."""
    open_from_menu(page, size, label)
    return page.locator(ACTS).count()


def open_from_menu(page: Page, size: str, label: str) -> None:
    """Choose a page as people do: beside it, or behind “More” on a phone."""
    page.goto("/admin/")
    menu = page.locator("#nav-sidebar")
    if size == "phone":
        page.locator(".phone-more > summary").click()
        menu = page.locator(".phone-sheet")
    menu.get_by_role("link", name=label).click()
    page.get_by_role("heading", level=1).wait_for()


def read_on(page: Page, heading: str) -> None:
    """The page with this heading is there, clean, with nothing to send."""
    page.get_by_text(heading).first.wait_for()
    assert page.get_by_text("You read here.").count() == 1
    assert page.locator(ACTS).count() == 0
    assert_page_is_clean(page)
