"""Lists in a browser: clean in every look, and worked with by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import FloatRect, Locator, Page, expect

from referrals.models import Referral
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.browser.world import World, make_world
from tests.stories import sign_up

pytestmark = pytest.mark.django_db(transaction=True)

REFERRALS = "admin:referrals_referral_changelist"


@pytest.fixture
def world() -> World:
    """Three friends of Asha's."""
    made = make_world()
    for name in ("Ben Okoro", "Chloe Lund", "Dara Novak"):
        sign_up(made.code, name, made.at)
    return made


def test_lists_are_clean_in_every_look(page: Page, live_server: Any, world: World) -> None:
    sign_in(page, "Marketing manager", base_url=live_server.url)
    for name, query in (
        (REFERRALS, ""),
        (REFERRALS, "?q=nobody"),
        (REFERRALS, "?progress=nonsense&signed_up_from=2026-11-01"),
        ("admin:campaigns_campaign_changelist", ""),
        ("admin:equipment_loan_changelist", ""),
        ("admin:rewards_reward_changelist", ""),
        ("admin:referrals_story_changelist", ""),
        ("admin:referrals_helprequest_changelist", "?state=open"),
        ("admin:referrals_feedback_changelist", ""),
    ):
        page.goto(reverse(name) + query)
        assert_page_is_clean(page)


def tab_to(page: Page, what: str, *, most: int = 60) -> None:
    """Press Tab until the element with this selector has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"The keyboard does not reach {what} on {page.url}.")


def test_a_list_is_filtered_by_keyboard(window: Callable[..., Page], live_server: Any, world: World) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(reverse(REFERRALS))
    tab_to(page, "[name=q]")
    page.keyboard.type("chloe")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=chloe**")
    assert page.locator("tbody tr").count() == 1
    tab_to(page, ".filter-buttons a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/referral/")
    assert page.locator("tbody tr").count() == 3


def test_many_rows_are_moved_by_keyboard(window: Callable[..., Page], live_server: Any, world: World) -> None:
    page = window("phone", "dark")
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(reverse(REFERRALS))
    page.locator("tbody input[type=checkbox]").nth(0).focus()
    page.keyboard.press("Space")
    tab_to(page, "tbody tr:nth-child(2) input[type=checkbox]")
    page.keyboard.press("Space")
    page.locator("button[value=flag]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 referrals can go on")
    assert_page_is_clean(page)
    tab_to(page, "[name=reason]")
    page.keyboard.type("Same street.")
    tab_to(page, "button[name=move]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 flagged.")
    assert Referral.objects.filter(standing="flagged").count() == 2


def test_on_a_phone_a_long_subject_has_the_line_to_itself_but_for_its_state(
    window: Callable[..., Page], live_server: Any, world: World
) -> None:
    page = window("phone")
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(reverse("admin:notices_notice_changelist"))
    row = page.locator(".list-table tbody tr").first
    whole, subject, state, to, day = (
        box_of(row.locator(what) if what else row) for what in ("", ".on-phone-1", ".on-phone-2", ".on-phone-3", ".on-phone-4")
    )
    assert state["width"] < day["width"] - 20, "the state takes what it needs, not what the day below needs"
    assert subject["x"] + subject["width"] + 20 >= state["x"], "and the subject has all the rest"
    assert subject["y"] + subject["height"] <= to["y"] + 1, "the second line begins under the first"
    assert state["x"] + state["width"] <= whole["x"] + whole["width"]
    assert day["x"] + day["width"] <= whole["x"] + whole["width"], "nothing sticks out"


def test_on_a_phone_the_rows_come_before_what_narrows_them(window: Callable[..., Page], live_server: Any, world: World) -> None:
    page = window("phone")
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(reverse(REFERRALS))
    progress = page.get_by_label("Progress")
    expect(page.get_by_label("Search")).to_be_visible()
    expect(progress).to_be_hidden()
    assert box_of(page.locator("tbody tr").first)["y"] < 844, "the first row is in sight"
    page.get_by_text("More filters").click()
    progress.select_option(label="Signed up")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**progress=**")
    expect(progress, "what narrows the list is never hidden").to_be_visible()
    assert_page_is_clean(page)


def box_of(what: Locator) -> FloatRect:
    """Where something is on the screen."""
    found = what.bounding_box()
    assert found is not None
    return found
