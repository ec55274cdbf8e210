"""The page of the brand in a browser: a logo is put on, hostile files and unreadable colours are refused in words, and customers see it."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect

from campaigns.models import Brand
from tests.browser import staff
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.world import World, make_world
from tests.campaigns.logos import logo, noise

ADDRESS = "/admin/campaigns/brand/1/change/"
BUDGET_BYTES, BUDGET_REQUESTS = 40_000, 6


@pytest.fixture
def world(live_server: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    Brand.objects.create(pk=1, name="Borrowdale", colour="#224488")
    return make_world()


def choose(page: Page, body: bytes, name: str = "logo.png") -> None:
    page.get_by_label("New logo").set_input_files({"name": name, "mimeType": "image/png", "buffer": body})
    page.get_by_role("button", name="Save and continue editing").click()


def test_a_logo_is_put_on_and_taken_off_and_every_step_is_clean(page: Page, world: World, live_server: Any) -> None:
    staff.sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(ADDRESS)
    assert_page_is_clean(page)

    choose(page, b"no picture at all")
    expect(page.get_by_text("This file is no logo that can be read. A logo is a PNG, JPEG or WebP")).to_be_visible()
    assert_page_is_clean(page)

    choose(page, logo())
    expect(page.get_by_role("img", name="Borrowdale, on a dark page")).to_be_visible()
    assert page.get_by_role("img", name="Borrowdale, on a light page").evaluate("image => image.naturalWidth") == 319
    assert_page_is_clean(page)

    page.goto("/")
    expect(page.get_by_role("img", name="Borrowdale")).to_be_visible()
    assert_page_is_clean(page)

    page.goto(ADDRESS)
    page.get_by_label("Show the name instead of the logo").check()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("img", name="Borrowdale, on a dark page")).to_have_count(0)


def as_sent(address: str, size: int) -> int:
    """What an answer of the test's server weighs on its way: a site in production sends its style sheets compressed (config/settings/prod.py)."""
    path = urlsplit(address).path.removeprefix("/static/")
    if not path.endswith(".css") or path == urlsplit(address).path:
        return size
    plain = Path(str(finders.find(path))).read_bytes()
    return size - len(plain) + len(gzip.compress(plain))


def test_production_compresses_what_is_counted_as_compressed() -> None:
    source = (Path(settings.BASE_DIR) / "config/settings/prod.py").read_text()
    assert "whitenoise.storage.CompressedManifestStaticFilesStorage" in source


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_colour_nobody_can_read_is_refused_and_the_one_proposed_is_taken(
    window: Callable[..., Page], world: World, live_server: Any, size: str
) -> None:
    page = window(size)
    staff.sign_in(page, "Marketing manager", base_url=live_server.url)
    page.goto(ADDRESS)
    page.locator("#id_colour").fill("#ffcc00")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("The nearest shade that has it is #7b6200.")).to_be_visible()
    assert_page_is_clean(page)
    page.locator("#id_colour").fill("#7b6200")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("The nearest shade")).to_have_count(0)
    assert Brand.current().colour == "#7b6200"


def test_an_invitation_with_the_heaviest_logo_there_can_be_is_as_light_as_promised(
    window: Callable[..., Page], world: World, live_server: Any
) -> None:
    desk = window()
    staff.sign_in(desk, "Marketing manager", base_url=live_server.url)
    desk.goto(ADDRESS)
    choose(desk, noise())
    expect(desk.get_by_role("img", name="Borrowdale, on a light page")).to_be_visible()

    page = window("phone")
    sizes: dict[str, int] = {}
    addresses: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({addresses[told["requestId"]]: int(told["encodedDataLength"])}))
    page.goto(f"/r/{world.code.code}/", wait_until="networkidle")
    without_the_thing = {address: as_sent(address, size) for address, size in sizes.items() if "/img/models/" not in address}
    assert any("/brand/" in address for address in without_the_thing), without_the_thing
    assert sum(without_the_thing.values()) <= BUDGET_BYTES, without_the_thing
    assert len(without_the_thing) <= BUDGET_REQUESTS, without_the_thing


def test_on_a_dark_page_the_logo_has_a_light_plate_and_on_a_light_one_none(
    window: Callable[..., Page], world: World, live_server: Any
) -> None:
    desk = window()
    staff.sign_in(desk, "Marketing manager", base_url=live_server.url)
    desk.goto(ADDRESS)
    choose(desk, logo())
    expect(desk.get_by_role("img", name="Borrowdale, on a light page")).to_be_visible()
    grounds = {}
    for theme in ("light", "dark"):
        page = window("phone", theme)
        page.goto("/")
        grounds[theme] = page.get_by_role("img", name="Borrowdale").evaluate("image => getComputedStyle(image).backgroundColor")
    assert grounds == {"light": "rgba(0, 0, 0, 0)", "dark": "rgb(255, 255, 255)"}
