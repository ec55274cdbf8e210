"""What every page must be in a real browser, whatever its size and theme."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without "preload" the checker fetches style sheets anew and puts them into the page, which our own policy rightly refuses.
_OPTIONS = {"runOnly": {"type": "tag", "values": _STANDARDS}, "resultTypes": ["violations"], "preload": False}
_complaints: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Keep what the browser complains about from now on: console errors, policy violations, scripts that fail."""
    _complaints[page] = []
    requests = _Requests(page)
    page.on("console", lambda message: _keep(page, message))
    page.on("pageerror", lambda error: _complaints[page].append(f"script error: {error}"))
    page.on("requestfailed", lambda request: _complaints[page].extend(requests.complaint(request)))
    return page


class _Requests:
    """Which requests the browser gives up by itself, which is no fault of the page: those begun before the page was left, and its icon.

    The icon is asked for by the browser, not by the page: in its own time after a page is there, and given up when the next one comes, so
    that it may be begun and dropped on either side of a departure.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._departures = 0
        self._begun: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        page.on("request", self._begin)

    def _begin(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._departures += 1
        self._begun[request] = self._departures

    def complaint(self, request: Request) -> list[str]:
        """What a request that failed says about its page: nothing when it was given up because the page was left."""
        is_left = self._begun.get(request, 0) < self._departures
        if request.failure == "net::ERR_ABORTED" and (is_left or _is_icon(request)):
            return []
        return [f"not loaded: {request.url} ({request.failure})"]


def _is_icon(request: Request) -> bool:
    return PurePosixPath(urlsplit(request.url).path).name.startswith("favicon.")


def assert_page_is_clean(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can see, nothing in the console, nothing refused by the policy, no sideways scroll."""
    where = f"{page.url} at {page.viewport_size}"
    said = complaints(page)
    assert not said, f"{where} complains: {said}"
    assert not violations(page), f"{where} is not accessible: {violations(page)}"
    assert sideways(page) <= 0, f"{where} scrolls sideways by {sideways(page)} px"


def complaints(page: Page) -> list[str]:
    """What the browser complained about since this was asked the last time."""
    found = _complaints[page].copy()
    _complaints[page].clear()
    return found


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds, by all rules of the standard or by these, each with the elements it is about."""
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")  # colours on their way are nobody's colours
    options = {**_OPTIONS, "runOnly": {"type": "rule", "values": rules}} if rules else _OPTIONS
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def sideways(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def _keep(page: Page, message: ConsoleMessage) -> None:
    # A page that answers 404 or 410 on purpose makes the browser say so about the page itself; that is no complaint.
    is_own_status = "Failed to load resource" in message.text and message.location.get("url") == page.url
    if message.type in ("error", "warning") and not is_own_status:
        _complaints[page].append(f"{message.type}: {message.text}")
