"""The first log-in of somebody of staff, by keyboard alone, and every page of the door in all looks."""

from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from django.contrib.auth.models import User
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.cleanliness import assert_page_is_clean
from tests.security.sign_in.door import PASSWORD, code, make_staff, with_factor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False


def type_into(page: Page, label: str, text: str) -> None:
    """Go to a field with the tab key, and type."""
    for _ in range(25):
        if page.get_by_label(label, exact=True).evaluate("field => field === document.activeElement"):
            page.keyboard.type(text)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The tab key does not lead to “{label}”.")


def press(page: Page, text: str) -> None:
    """Go to a link or button with the tab key, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == text:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"The tab key does not lead to “{text}”.")


def scanned(page: Page, tmp_path: Any) -> str:
    """What a phone reads from the picture on the page."""
    page.locator(".set-up-picture").screenshot(path=tmp_path / "picture.png")
    found = zxingcpp.read_barcodes(Image.open(tmp_path / "picture.png"))
    return str(found[0].text)


def test_the_first_log_in_sets_up_a_second_factor_and_the_next_one_asks_for_it(window: Callable[..., Page], tmp_path: Any) -> None:
    make_staff("nadia")
    page = window("desk", "dark")
    page.goto("/admin/account/browsers/")
    page.keyboard.type("nadia")
    expect(page.get_by_label("User name")).to_have_value("nadia")
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    secret = "".join(page.locator(".set-up-key span").all_inner_texts())
    assert scanned(page, tmp_path) == f"otpauth://totp/nadia?secret={secret}&issuer=Lendwell"
    type_into(page, "The six digits your app shows now", code(secret))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    kept = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    assert len(kept) == 10
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    press(page, "I have kept them")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    press(page, "Log out")

    expect(page.get_by_label("User name")).to_be_visible()
    type_into(page, "User name", "nadia")
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.keyboard.type(kept[0])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    assert_page_is_clean(page)


def log_in(page: Page, name: str, secret_code: str = "") -> None:
    page.goto("/admin/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    if secret_code:
        page.get_by_label("Code").fill(secret_code)
        page.keyboard.press("Enter")
        page.wait_for_url("/admin/")


@pytest.fixture
def asha() -> User:
    return with_factor(make_staff("asha"))


def test_the_door_is_clean_in_every_look(page: Page, asha: User) -> None:
    make_staff("nadia")
    for address in (
        "/admin/login/",
        "/admin/account/forgotten/",
        "/admin/account/forgotten/sent/",
        "/admin/account/forgotten/done/",
    ):
        page.goto(address)
        assert_page_is_clean(page)
    page.goto("/admin/account/forgotten/1-nonsense/")
    assert_page_is_clean(page)
    for number in range(5):
        page.goto("/admin/login/")
        page.get_by_label("User name").fill("ghost")
        page.get_by_label("Password").fill(f"wrong {number}")
        page.keyboard.press("Enter")
        page.get_by_text("do not fit together" if number < 4 else "Please wait a little").first.wait_for()
    assert_page_is_clean(page)
    log_in(page, "nadia")
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    assert_page_is_clean(page)
    page.get_by_label("The six digits your app shows now").fill("000000")
    page.keyboard.press("Enter")
    page.get_by_text("That code is not right").wait_for()
    assert_page_is_clean(page)


def test_ones_own_account_is_clean_in_every_look(page: Page, asha: User) -> None:
    log_in(page, "asha", code())
    for address in ("factor/", "factor/remove/", "codes/", "codes/new/", "password/", "browsers/", "confirm/", "confirm/code/"):
        page.goto(f"/admin/account/{address}")
        assert_page_is_clean(page)
    page.goto("/admin/logout/")
    assert_page_is_clean(page)
