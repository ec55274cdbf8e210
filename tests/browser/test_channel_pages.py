"""Dev writes a sequence, looks at who would get it, and sends news to many: in every look, by keyboard, without scripts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from customers.consenting import record_consent
from notices.sequences import editing
from notices.sequences.editing import USUAL, USUAL_NAME
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.browser.world import World, make_world
from tests.make import make_customer
from tests.stories import issue_to

pytestmark = pytest.mark.django_db(transaction=True)


def filled() -> World:
    """Holders of a code who want news and who do not, and the usual reminders."""
    world = make_world()
    for number, name in enumerate(("Ben Berg", "Chloe Stone", "Dev Patel")):
        person = make_customer(name)
        issue_to(person, world.campaign, world.at - timedelta(days=number + 2))
        if number:
            record_consent(
                customer=person, channel="email", purpose="marketing", is_given=True, how="a box", at=timezone.now(), by=SYSTEM
            )
    editing.save(campaign=world.campaign, name=USUAL_NAME, trigger="code_issued", steps=USUAL, at=world.at, by=SYSTEM)
    return world


def test_every_page_of_the_channel_is_clean_in_every_look(page: Page, live_server: Any) -> None:
    world = filled()
    sequence = world.campaign.sequences.get()
    base = f"/admin/campaigns/{world.campaign.slug}/messages/"
    sign_in(page, "Marketing manager", base_url=live_server.url)
    for address in (
        base,
        f"{base}sequences/",
        f"{base}sequences/new/",
        f"{base}sequences/{sequence.reference}/plan/",
        f"/admin/mailings/?campaign={world.campaign.pk}&segment=&kind=season_offer",
        "/admin/notices/providerevent/",
    ):
        page.goto(address)
        assert_page_is_clean(page)


def test_without_scripts_a_sequence_is_written_tried_and_switched_on(window: Callable[..., Page], live_server: Any) -> None:
    world = make_world()
    page = window(java_script_enabled=False)
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(f"/admin/campaigns/{world.campaign.slug}/messages/sequences/")
    page.get_by_role("button", name="Begin with the usual reminders").click()
    page.get_by_role("link", name="Who would get what when").click()
    expect(page.get_by_role("heading", name="Who would get what in the next 14 days")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".sequence .badge")).to_have_text("On")


def test_news_to_many_is_looked_at_sent_and_watched(window: Callable[..., Page], live_server: Any) -> None:
    world = filled()
    page = window("phone")
    sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto("/admin/mailings/")
    page.get_by_label("Message").select_option("season_offer")
    page.get_by_role("button", name="Show whom it reaches").click()
    page.get_by_role("button", name="Send to 2 customers").click()
    expect(page.locator(".progress")).to_contain_text("0 of 4")
    assert_page_is_clean(page)
    assert world.campaign.mailings.count() == 1
