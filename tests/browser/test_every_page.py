"""Every page of the desk, found in its routes and not named here: clean in all four looks with everything unfolded, and light to load.

A page that an app adds is walked without being told; `tests/security/walking.py` says of which rows.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from equipment import photos
from equipment.models import ConditionPhoto
from tests.admin import hostile, world
from tests.browser.cleanliness import complaints, sideways, violations
from tests.browser.conftest import SIZES
from tests.browser.staff import member_of_staff, sign_in
from tests.equipment.pictures import picture
from tests.security.walking import addresses

BUDGET_BYTES = 200_000
"""What a page of the desk may weigh for a browser that has nothing of it yet."""
PARTS = 6
"""Tests among which the pages are shared out."""
_UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
_WAY_ENDS_WHERE_IT_WAS = """() => {
  const steps = (document.querySelector('.breadcrumbs')?.textContent ?? '').split(' › ').map((step) => step.trim())
  return steps.length > 1 && steps.at(-1) === steps.at(-2) ? steps.join(' > ') : ''
}"""
_COLOURS = ["color-contrast"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_clean_unfolded_in_every_look_and_light(
    window: Callable[..., Page], live_server: Any, settings: Any, tmp_path: Path, part: int
) -> None:
    fill(settings, tmp_path)
    page = window()
    page.on("dialog", lambda dialog: pytest.fail(f"{page.url} opened a dialog: {dialog.message}"))
    sign_in(page, "Administrator", base_url=live_server.url)
    weights = watch_weight(page)
    found = [problem for url in pages_of_the_desk()[part::PARTS] for problem in problems_of(page, url, weights)]
    assert found == []


def fill(settings: Any, tmp_path: Path) -> None:
    """Something of everything, and the file of each photo; and wherever people may write, what strangers write."""
    world.fill()
    assert hostile.spoil() > 60
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ConditionPhoto.objects.values_list("name", flat=True):
        photos.path_of(name).parent.mkdir(parents=True, exist_ok=True)
        photos.path_of(name).write_bytes(picture(size=(400, 300)))


def problems_of(page: Page, url: str, weights: list[int]) -> Iterator[str]:
    """What is wrong with a page, in each look; what the theme cannot change is looked for once per size."""
    weights.clear()
    page.set_viewport_size(SIZES["desk"])
    page.emulate_media(color_scheme="light")
    page.goto(url, wait_until="load")
    page.evaluate(_UNFOLD)
    yield from (f"{url}: {one}" for one in complaints(page))
    if page.evaluate(_WAY_ENDS_WHERE_IT_WAS):
        yield f"{url} names the same place twice in its way here: {page.evaluate(_WAY_ENDS_WHERE_IT_WAS)}"
    if sum(weights) > BUDGET_BYTES:
        yield f"{url} weighs {sum(weights)} bytes: {weights}"
    for size, theme, rules in (
        ("desk", "light", None),
        ("desk", "dark", _COLOURS),
        ("phone", "dark", _COLOURS),
        ("phone", "light", None),
    ):
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=theme)
        yield from (f"{url} on the {size}, {theme}: {one}" for one in violations(page, rules))
        if sideways(page) > 0:
            yield f"{url} on the {size} scrolls sideways by {sideways(page)} px"


def pages_of_the_desk() -> list[str]:
    """Addresses that answer with a page of the shell, as the administrator sees them."""
    client = Client()
    client.force_login(member_of_staff("Administrator"))
    found = []
    for address in addresses():
        answer = client.get(address.url)
        if answer.status_code == 200 and not answer.streaming and b'id="content"' in answer.content:
            found.append(address.url)
    assert len(found) > 100
    return sorted(found, key=lambda url: re.sub(r"\d", "", url))


def watch_weight(page: Page) -> list[int]:
    """What arrives over the wire from now on, with an empty cache before each page."""
    weights: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda told: weights.append(int(told["encodedDataLength"])))
    return weights
