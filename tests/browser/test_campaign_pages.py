"""Dev runs campaigns in a real browser: by keyboard alone, in every look, and what Eve cannot do."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.make import make_campaign, make_customer, make_model, make_pool

pytestmark = pytest.mark.django_db(transaction=True)

_MOST_TABS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; it must be visible where it is."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} cannot be reached by Tab on {page.url}")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", f"the focus cannot be seen on {selector}"


def make_stock() -> None:
    """What the plainest recipe needs: cameras to lend, and a member to ask."""
    make_pool(units=4, model=make_model(sku="aero-7-camera", drawing="img/models/aero-7-camera.svg"))
    make_customer()


def test_dev_builds_a_campaign_from_a_recipe_and_launches_it_with_the_keyboard_alone(
    window: Callable[..., Page], live_server: Any
) -> None:
    make_stock()
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/campaigns/start/")
    tab_to(page, "[name=begin]")
    page.keyboard.press("Space")
    tab_to(page, "[name=name]")
    page.keyboard.type("Spring friends")
    expect(page.locator("[name=slug]")).to_have_value("spring-friends")
    page.keyboard.press("Enter")
    page.wait_for_url("**/campaigns/spring-friends/set-up/")

    tab_to(page, "[name=headline]")
    page.keyboard.press("Control+A")
    with page.expect_response("**/preview/") as shown:
        page.keyboard.type("Both of you borrow a camera")
    assert "Both of you borrow a camera" in shown.value.text()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    assert_page_is_clean(page)

    tab_to(page, ".page-actions a.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/launch/")
    expect(page.locator(".missing")).to_have_count(0)
    tab_to(page, ".ask button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("is live")
    campaign = Campaign.objects.get(slug="spring-friends")
    assert (campaign.state, campaign.headline) == ("live", "Both of you borrow a camera")


def test_every_page_of_a_campaign_is_clean(page: Page, live_server: Any) -> None:
    make_stock()
    campaign = make_campaign(pool=make_pool(units=2), slug="spring", name="Spring")
    tier = campaign.tiers.order_by("pk")[0]
    sign_in(page, "Marketing manager", base_url=live_server.url)
    spring = "/admin/campaigns/spring"
    for path in (
        "/admin/campaigns/start/",
        f"{spring}/set-up/",
        f"{spring}/tiers/tier/{tier.key}/",
        f"{spring}/terms/",
        f"{spring}/terms/campaign/1/",
        f"{spring}/history/",
        f"{spring}/do/end/",
    ):
        page.goto(path)
        assert_page_is_clean(page)
    page.goto(f"{spring}/tiers/")
    page.locator(".more-actions summary").click()
    assert_page_is_clean(page)
    # Last, because on Django's own form styles the checker itself complains to the console once it has answered.
    page.goto(f"/admin/campaigns/campaign/{campaign.pk}/change/")
    assert_page_is_clean(page)


def test_without_scripts_a_campaign_is_shown_on_the_phone_and_saved_all_the_same(
    window: Callable[..., Page], live_server: Any
) -> None:
    make_campaign(pool=make_pool(units=2), slug="spring", name="Spring", state="draft", launched_at=None)
    page = window(java_script_enabled=False)
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/campaigns/spring/set-up/")
    page.fill("[name=headline]", "Without any script")
    with page.expect_response("**/preview/") as shown:
        page.get_by_role("button", name="Show on the phone").click()
    assert "Without any script" in shown.value.text()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/set-up/")
    assert Campaign.objects.get(slug="spring").headline == "Without any script"


def test_eve_opens_every_tab_and_finds_nothing_to_press(window: Callable[..., Page], live_server: Any) -> None:
    make_campaign(pool=make_pool(units=2), slug="spring", name="Spring")
    page = window("phone", "dark")
    sign_in(page, "Auditor", base_url=live_server.url)
    page.goto("/admin/campaigns/spring/set-up/")
    for label in ("Tiers", "Terms", "History", "Set-up"):
        page.get_by_role("navigation", name="This campaign").get_by_role("link", name=label).click()
        expect(page.locator("[aria-current=page]").get_by_text(label)).to_be_visible()
        assert page.locator("#content-main button[type=submit]").count() == 0
    expect(page.locator("#content-main input:not([type=hidden]):enabled")).to_have_count(0)
    assert_page_is_clean(page)
