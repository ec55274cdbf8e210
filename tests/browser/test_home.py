"""The first page in a browser: for a manager in every look, and for the handover desk on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from referrals import visits
from rewards.models import Budget
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.browser.world import make_world
from tests.stories import give, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(live_server: Any) -> None:
    """A week of a campaign that aims at ten friends and is near its budget."""
    world = make_world()
    for number, name in enumerate(("Ben Okoro", "Chloe Lund", "Dora Maar")):
        at = world.at - timedelta(days=6 - 2 * number)
        visits.record_visit(code_id=world.code.pk, at=at, address=f"192.0.2.{number}", user_agent="Mozilla/5.0")
        give(verify(sign_up(world.code, name, at), at), at)
    world.campaign.goals, world.campaign.budget = {"total_referrals": 10}, 100
    world.campaign.save()
    Budget.objects.update_or_create(campaign=world.campaign, defaults={"spent": 95, "limit": 100})


def test_a_managers_first_page_is_clean_in_every_look(page: Page, busy: None, live_server: Any) -> None:
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/")
    expect(page.get_by_text("3 of the goal of 10 in live campaigns")).to_be_visible()
    expect(page.get_by_text("Near its limit: Bring a friend")).to_be_visible()
    assert_page_is_clean(page)

    page.get_by_text("Show the numbers").click()
    page.get_by_text("How this works").click()
    assert_page_is_clean(page)


def test_a_period_is_chosen_in_the_page_and_stands_in_the_address(
    window: Callable[..., Page], busy: None, live_server: Any
) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/")
    assert page.get_by_label("From").is_hidden(), "days of one's own are asked for once they are chosen"
    page.get_by_label("Period").select_option("From … to …")
    day = f"{timezone.now():%Y-%m-%d}"
    page.get_by_label("From").fill(day)
    page.get_by_label("To, included").fill(day)
    page.get_by_label("Campaign").select_option("Bring a friend")
    page.get_by_role("button", name="Show").click()
    assert f"first={day}&last={day}" in page.url and "span=own" in page.url
    shown = page.get_by_text("Nobody has signed up in these days").or_(page.get_by_role("img", name="Referrals per day"))
    expect(shown.first).to_be_visible()
    assert_page_is_clean(page)

    page.goto("/admin/?span=nonsense")
    expect(page.get_by_text("is no period")).to_be_visible()
    assert_page_is_clean(page)


def test_the_handover_desk_finds_its_work_on_a_phone(window: Callable[..., Page], busy: None, live_server: Any) -> None:
    page = window("phone", "dark")
    sign_in(page, "Handover desk", base_url=live_server.url)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="To prepare")).to_be_visible()
    assert page.get_by_text("Referrals per day").count() == 0
    assert_page_is_clean(page)
    page.get_by_role("link", name="Ben Okoro").first.click()
    assert "/handover/" in page.url
