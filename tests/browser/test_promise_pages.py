"""The promise book, the board of promises at risk and its fixes in a browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from referrals.models import Promise
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.browser.world import World, make_world
from tests.make import make_model, make_pool
from tests.stories import sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_risk(live_server: Any) -> World:
    """Two promises of both sides, of which two break because two cameras went to repair."""
    world = make_world()
    verify(sign_up(world.code, "Ben Okoro", world.at - timedelta(days=2)), world.at - timedelta(days=1))
    sign_up(world.code, "Chloe Lund", world.at - timedelta(hours=3))
    sign_up(world.code, "Dora Maar", world.at - timedelta(hours=2))
    make_pool(units=2, model=world.pool.model, place="Bonn")
    make_pool(units=3, model=make_model("Field spectrometer S2"))
    for unit in world.pool.units.order_by("pk")[:2]:
        unit.service = "repair"
        unit.save()
    return world


def test_the_promise_book_and_the_board_are_clean_in_every_look(page: Page, at_risk: World, live_server: Any) -> None:
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(f"/admin/campaigns/{at_risk.campaign.slug}/promises/")
    expect(page.get_by_role("heading", name="Where they stand")).to_be_visible()
    page.get_by_text("What these words mean").click()
    assert_page_is_clean(page)
    page.goto("/admin/promises-at-risk/")
    expect(page.get_by_role("link", name="Serve it from Bonn").first).to_be_visible()
    assert_page_is_clean(page)
    page.get_by_role("link", name="Offer the Field spectrometer").first.click()
    expect(page.get_by_role("heading", name="The customer is asked, and may say no")).to_be_visible()
    assert_page_is_clean(page)
    page.goto("/admin/availability/")
    expect(page.get_by_role("heading", name="What runs short, and what would fix it")).to_be_visible()
    assert_page_is_clean(page)
    page.goto(f"/admin/equipment/pool/{at_risk.pool.pk}/change/")
    expect(page.get_by_role("heading", name="Promise book")).to_be_visible()
    assert_page_is_clean(page)


def test_a_promise_is_mended_by_hand_with_three_clicks(window: Callable[..., Page], at_risk: World, live_server: Any) -> None:
    page = window()
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/promises-at-risk/")
    before = page.locator("article.risk").count()
    page.get_by_role("link", name="Serve it from Bonn").first.click()
    page.get_by_label("Reason").fill("Bonn has one.")
    page.get_by_role("button", name="Serve it from Bonn").click()
    expect(page.get_by_text("The promise is served from Bonn now.")).to_be_visible()
    assert page.locator("article.risk").count() < before
    assert Promise.objects.filter(loan__pool__place="Bonn").count() == 1
