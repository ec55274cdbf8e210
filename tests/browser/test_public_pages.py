"""Every public page in every look: accessible, quiet, no wider than its window, and light."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from campaigns.models import Brand, Campaign
from equipment.models import Unit
from notices import unsubscribing
from referrals.models import Referral
from referrals.voices import stories
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.world import World, make_world, verification_path
from tests.make import make_campaign, make_customer
from tests.stories import issue_to, sign_up

BUDGET_BYTES = 40_000
BUDGET_REQUESTS = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: object) -> World:
    return make_world()


def fill_in(page: Page, email: str = "ben@example.net") -> None:
    page.get_by_label("Your name").fill("Ben Okoro")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("checkbox").check()


def test_the_way_of_a_friend_is_clean_in_every_look(page: Page, world: World) -> None:
    page.goto(f"/r/{world.code.code}/")
    expect(page.get_by_text("3 free now")).to_be_visible()
    assert_page_is_clean(page)

    page.get_by_role("button", name="Join and reserve mine").click()
    expect(page.get_by_text("Write your name.")).to_be_visible()
    assert_page_is_clean(page)

    fill_in(page)
    page.get_by_role("button", name="Join and reserve mine").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert_page_is_clean(page)

    page.goto(verification_path(Referral.objects.get()))
    assert_page_is_clean(page)
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", name="Welcome! You are in")).to_be_visible()
    assert_page_is_clean(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_friend_joins_and_confirms_without_scripts(window: Callable[..., Page], world: World, size: str) -> None:
    page = window(size, java_script_enabled=False)
    page.goto("/join/")
    page.get_by_label("Your friend’s code").fill(f" {world.code.code.lower()} ")
    page.get_by_role("button", name="Open the invitation").click()
    fill_in(page, email="no address")
    page.get_by_role("button", name="Join and reserve mine").click()
    assert page.get_by_label("Your name").input_value() == "Ben Okoro"
    page.get_by_label("Your e-mail address").fill("ben@example.net")
    page.get_by_role("button", name="Join and reserve mine").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.goto(verification_path(Referral.objects.get()))
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", name="Welcome! You are in")).to_be_visible()


def test_every_other_page_is_clean_in_every_look(page: Page, world: World) -> None:
    for path, heading in (
        ("/", "Good equipment, shared between friends"),
        ("/join/", "Type your code"),
        ("/terms/campaign-terms/1/", "Campaign terms"),
        ("/r/NOSUCHCODE/", "We know no such invitation"),
        ("/no/such/page/", "There is no such page"),
        ("/verify/forged/", "This link does not work"),
        (f"/r/{world.code.code}/check-your-mail/", "Check your mail"),
        (urlsplit(unsubscribing.address_for(world.asha, "email")).path, "You get no news and offers from us"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, level=1), path).to_be_visible()
        assert_page_is_clean(page)
    page.goto("/join/")
    page.get_by_label("Your friend’s code").fill("NOSUCHCODE")
    page.get_by_role("button", name="Open the invitation").click()
    assert_page_is_clean(page)


def test_refusals_queues_and_closed_offers_are_clean_in_every_look(page: Page, world: World) -> None:
    page.goto(f"/r/{world.code.code}/")
    fill_in(page, email=world.asha.email)
    page.get_by_role("button", name="Join and reserve mine").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert_page_is_clean(page)

    Unit.objects.update(service="repair")
    page.goto(f"/r/{world.code.code}/")
    expect(page.get_by_role("button", name="Join the queue")).to_be_visible()
    assert_page_is_clean(page)

    Campaign.objects.update(name_sharing=True)
    page.goto("/join/")
    expect(page.get_by_label("Your friend’s code or full name")).to_be_visible()
    assert_page_is_clean(page)

    other = issue_to(world.asha, make_campaign(headline="Bring a friend, borrow a tent"))
    Campaign.objects.exclude(pk=other.campaign_id).update(state="paused")
    page.goto(f"/r/{world.code.code}/")
    expect(page.get_by_role("heading", name="We are taking a short break")).to_be_visible()
    expect(page.get_by_role("link", name="Bring a friend, borrow a tent")).to_be_visible()
    assert_page_is_clean(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_what_customers_say_is_shown_clean_and_sharing_needs_no_script(
    window: Callable[..., Page], world: World, size: str
) -> None:
    page = window(size, "dark", java_script_enabled=False)
    for number in range(3):
        teller = make_customer(f"Teller{number} Lund")
        code = issue_to(teller, world.campaign)
        story = stories.submit_story(
            customer=teller,
            campaign=code.campaign,
            text="We took it to the sea. " * (8 * number + 1),
            consents=True,
            at=world.at,
            by=SYSTEM,
        )
        stories.publish_story(story=story, at=world.at, by=SYSTEM)
    page.goto(f"/r/{world.code.code}/")
    expect(page.get_by_text("We took it to the sea.").first).to_be_visible()
    assert sideways_without_scripts(page) == []
    page.goto(verification_path(sign_up(world.code, at=world.at)))
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("link", name="WhatsApp")).to_be_visible()
    expect(page.get_by_role("img", name="QR code of your link")).to_be_visible()
    assert sideways_without_scripts(page) == []


def sideways_without_scripts(page: Page) -> list[str]:
    """What reaches beyond the window; asked of the browser's own boxes, for the page runs no script."""
    width = (page.viewport_size or {"width": 0})["width"]
    found = []
    for element in page.locator("main *").all():
        box = element.bounding_box()
        if box and box["x"] + box["width"] > width + 1:
            found.append(element.inner_html()[:80])
    return found


def test_any_colours_of_the_brand_stay_readable(page: Page, world: World) -> None:
    for colour in ("#ffee00", "#0000ff", "#ffffff", "#000000", "#7a7a7a"):
        Brand(pk=1, name="Borrowdale", colour=colour, colour_dark=colour, company="Borrowdale Ltd").save()
        page.goto(f"/r/{world.code.code}/")
        expect(page.get_by_role("link", name="Borrowdale")).to_be_visible()
        assert_page_is_clean(page)


def test_the_invitation_is_light_to_load(window: Callable[..., Page], world: World) -> None:
    page = window("phone")
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda told: sizes.setdefault(told["response"]["url"], 0))
    addresses: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({addresses[told["requestId"]]: int(told["encodedDataLength"])}))
    Brand.objects.create(pk=1, colour="#224488")
    page.goto(f"/r/{world.code.code}/", wait_until="networkidle")
    without_the_picture = {address: size for address, size in sizes.items() if "/img/models/" not in address}
    assert len(sizes) > len(without_the_picture), "the drawing was not loaded"
    assert sum(without_the_picture.values()) <= BUDGET_BYTES, without_the_picture
    assert len(without_the_picture) <= BUDGET_REQUESTS, without_the_picture


def test_no_page_loads_anything_from_elsewhere(window: Callable[..., Page], world: World, live_server: object) -> None:
    page = window()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", f"/r/{world.code.code}/", "/terms/campaign-terms/1/"):
        page.goto(path, wait_until="networkidle")
    assert asked
    assert all(address.startswith(str(live_server)) for address in asked)


def test_the_pages_work_on_a_very_narrow_phone_with_large_text(window: Callable[..., Page], world: World) -> None:
    page = window("phone")
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/", f"/r/{world.code.code}/", "/terms/campaign-terms/1/", "/join/"):
        page.goto(path)
        assert_page_is_clean(page)
