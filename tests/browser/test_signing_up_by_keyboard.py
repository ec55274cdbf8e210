"""Ben signs up without touching a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from referrals.models import Code, Referral
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.world import make_world, verification_path

pytestmark = pytest.mark.django_db(transaction=True)

_MOST_TABS = 30


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as someone would; it must be visible where it is."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} cannot be reached by Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", f"the focus cannot be seen on {selector}"


def test_ben_signs_up_and_confirms_with_the_keyboard_alone(window: Callable[..., Page]) -> None:
    world = make_world()
    page = window()
    page.goto("/")
    tab_to(page, "#code")
    page.keyboard.type(world.code.code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/r/{world.code.code}/**")

    tab_to(page, "[name=name]")
    page.keyboard.type("Ben Okoro")
    tab_to(page, "[name=email]")
    page.keyboard.type("ben@example")
    tab_to(page, "[name=accept]")
    page.keyboard.press("Space")
    tab_to(page, "button")
    page.keyboard.press("Enter")

    page.get_by_text("Write an e-mail address like ben@example.org.").wait_for()
    assert page.evaluate("document.activeElement.name") == "email", "the cursor should be where something is wrong"
    page.keyboard.press("End")
    page.keyboard.type(".net")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-your-mail/**")
    assert_page_is_clean(page)

    referral = Referral.objects.get()
    assert referral.referee.email == "ben@example.net"
    page.goto(verification_path(referral))
    tab_to(page, "button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Welcome! You are in").wait_for()
    own = Code.objects.get(customer=referral.referee)
    expect(page.get_by_text(own.code, exact=True)).to_be_visible()
    tab_to(page, f"a[href$='{own.code}/']")
