"""Rules, messages, readiness, performance and referrals of a campaign in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import Campaign, EligibilityRule, Segment
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.browser.world import make_world
from tests.make import make_customer
from tests.stories import sign_up

pytestmark = pytest.mark.django_db(transaction=True)

TABS = ("rules", "messages", "readiness", "performance", "referrals")


@pytest.fixture
def campaign(live_server: object) -> Campaign:
    """A live campaign for members, Chloe among them for ten days, and a friend who signed up."""
    world = make_world()
    EligibilityRule.objects.create(
        campaign=world.campaign, field="membership_days", operator="at_least", value=5, sentence="A member for at least 5 days."
    )
    make_customer("Chloe Lund", member_since=timezone.now().date() - timedelta(days=10))
    sign_up(world.code, at=world.at)
    return world.campaign


def test_every_tab_is_clean_in_every_look(page: Page, campaign: Campaign, live_server: Any) -> None:
    sign_in(page, "Marketing manager", base_url=live_server.url)
    for tab in TABS:
        page.goto(f"/admin/campaigns/{campaign.slug}/{tab}/")
        assert page.locator(".tabs [aria-current]").inner_text().lower() == tab
        if tab == "rules":
            page.get_by_role("button", name="Add a rule to: Who may refer").click()
            page.locator("#id_rules-1-field").select_option(label="Country")
            page.locator("#id_rules-1-operator").select_option(label="is one of")
            expect(page.locator("#id_rules-1-value")).to_have_attribute("multiple", "")
        if tab == "messages":
            expect(page.frame_locator("iframe").get_by_text("Hello Alex")).to_be_visible()
        for folded in page.locator("#content details:not(.more-actions) > summary").all():
            folded.click()
        assert_page_is_clean(page)


def test_a_rule_is_changed_by_keyboard_with_the_count_at_hand_and_chloe_is_tried(
    window: Callable[..., Page], campaign: Campaign, live_server: Any
) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(f"/admin/campaigns/{campaign.slug}/rules/")
    count = page.locator(".rule-count b")
    expect(count).to_have_text("2")

    page.locator("#id_rules-0-value").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("365")
    expect(count).to_have_text("1")
    page.keyboard.press("Tab")
    expect(page.locator("#id_rules-0-sentence")).to_have_value("A member for at least 365 days.")
    assert not EligibilityRule.objects.filter(version=2).exists(), "nothing is saved by looking"

    page.get_by_label("Name, e-mail, reference or customer number").focus()
    page.keyboard.type("chloe")
    page.get_by_role("button", name="Try", exact=True).press("Enter")
    expect(page.get_by_text("Does not qualify")).to_be_visible()
    expect(page.get_by_text("Known: 10 days.")).to_be_visible()
    expect(page.locator("#id_rules-0-value")).to_have_value("365")

    page.get_by_role("button", name="Save as version 2").press("Enter")
    expect(page.get_by_text("Saved: version 2 of the rules is in force.")).to_be_visible()
    assert EligibilityRule.objects.get(version=2).value == 365


def test_rules_are_added_and_saved_without_a_script(window: Callable[..., Page], campaign: Campaign, live_server: Any) -> None:
    page = window(java_script_enabled=False)
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(f"/admin/campaigns/{campaign.slug}/rules/")
    page.get_by_role("button", name="Add a rule to: What the friend must be").click()
    expect(page.locator("#id_rules-1-field")).to_be_focused()
    page.locator("#id_rules-1-field").select_option(label="Country")
    page.get_by_role("button", name="Show what this does").click()
    page.locator("#id_rules-1-value").select_option(label="France")
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.get_by_text("Saved: version 2 of the rules is in force.")).to_be_visible()
    assert page.locator("#id_rules-1-sentence").input_value() == "Living in France."


def test_a_segment_is_written_by_keyboard_with_the_count_at_hand(
    window: Callable[..., Page], campaign: Campaign, live_server: Any
) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/campaigns/segment/")
    page.get_by_role("link", name="Add segment").first.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Long with us")
    page.get_by_role("button", name="Add a rule to: Who is in it").press("Enter")
    expect(page.locator("#id_rules-0-field")).to_be_focused()
    page.keyboard.type("Days as a member", delay=120)
    page.keyboard.press("Tab")
    page.locator("#id_rules-0-value").focus()
    page.keyboard.type("365")
    expect(page.locator(".rule-count b")).to_have_text("1")
    assert not Segment.objects.exists(), "nothing is saved by looking"
    page.keyboard.press("Tab")
    expect(page.locator("#id_rules-0-sentence")).to_have_value("A member for at least 365 days.")
    page.locator("#id_rules-0-value").press("Enter")
    expect(page.get_by_text("Saved: “Long with us”.")).to_be_visible()
    assert Segment.objects.get().rules[0]["value"] == 365


def test_a_rule_added_while_somebody_types_on_is_still_added(
    window: Callable[..., Page], campaign: Campaign, live_server: Any
) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/campaigns/segment/add/")
    expect(page.locator("form[data-live]")).to_be_visible()
    page.wait_for_load_state()
    asked: list[Any] = []
    page.route("**/*part=live*", lambda route: asked.append(route), times=1)
    page.get_by_role("button", name="Add a rule to: Who is in it").click()
    page.get_by_label("Name", exact=True).fill("Typed meanwhile")
    page.wait_for_timeout(50)
    asked.pop().continue_()
    expect(page.locator("#id_rules-0-field")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed meanwhile")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_the_pages_of_a_segment_are_clean_in_every_look(page: Page, campaign: Campaign, live_server: Any) -> None:
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/campaigns/segment/add/")
    page.get_by_label("Name", exact=True).fill("Nearby")
    page.get_by_role("button", name="Add a rule to: Who is in it").click()
    page.locator("#id_rules-0-field").select_option(label="Country")
    page.locator("#id_rules-0-operator").select_option(label="is one of")
    expect(page.locator("#id_rules-0-value")).to_have_attribute("multiple", "")
    assert_page_is_clean(page)
    page.get_by_role("button", name="Save the segment").click()
    expect(page.get_by_text("Give a value.")).to_be_visible()
    assert_page_is_clean(page)
