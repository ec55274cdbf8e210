"""A real browser for tests: one Chromium for the run, a fresh window per test.

`page` is given in four looks (1440 and 390 px wide, light and dark); `window` opens one of your choice. Import
`assert_page_is_clean` from `tests.browser.cleanliness`. A missing browser fails the tests; it never skips them.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.cleanliness import watch

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
LOOKS = [(size, theme) for size in SIZES for theme in THEMES]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser named by CHROMIUM, or the one that is installed."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None or not os.access(path, os.X_OK):
        pytest.fail(
            f"No browser at {path or 'any usual place'}. Install Chromium (apt-get install chromium), or set CHROMIUM to its path.",
            pytrace=False,
        )
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread until the end of the run; Django would take every query of every
        # later test for one from a coroutine.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens a window of a size and theme whose paths are those of the live server."""
    opened = []

    def open_window(size: str = "desk", theme: str = "light", **options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport=SIZES[size], color_scheme=theme, **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return watch(context.new_page())

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture(params=LOOKS, ids=["-".join(look) for look in LOOKS])
def page(request: pytest.FixtureRequest, window: Callable[..., Page]) -> Page:
    """A window in each of the four looks."""
    return window(*request.param)
