"""What the menu of the desk offers: each app adds its pages, each person sees those they may use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

GROUPS = ("Today", "Grow", "Equipment", "Look back", "Settings")
"""Headings of the menu, in the order of work."""
ON_PHONE = 4
"""Entries in the bar at the bottom of a phone; the rest is behind "More"."""


@dataclass(frozen=True)
class Item:
    """One page in the menu. `icon` names a symbol of `templates/desk/_icons.html`; `order` sorts within the group.

    `permission` may be several, of which one is enough; `reading` opens the page as well, to look only, and leaves it out of the bar of
    a phone, where one's own work stands. `count` answers how much waits there, for a badge. `phone` orders the
    items that stand in the bar of a phone; nought keeps an item out of it. `is_open` answers whether there is such a page here at all.
    """

    name: str
    group: str
    label: str
    url_name: str
    icon: str
    permission: str | tuple[str, ...] = ()
    order: int = 50
    phone: int = 0
    count: Callable[[], int] | None = None
    is_open: Callable[[], bool] = lambda: True
    reading: str = ""

    def may_be_used_by(self, user: Any) -> bool:
        """Whether there is such a page here, and this person may open it."""
        return self.is_open() and (self.is_work_of(user) or bool(self.reading and user.has_perm(self.reading)))

    def is_work_of(self, user: Any) -> bool:
        """Whether this person does something there, or it is for reading alone."""
        wanted = (self.permission,) if isinstance(self.permission, str) else self.permission
        return not wanted or any(user.has_perm(permission) for permission in wanted)


@dataclass(frozen=True)
class Link:
    """An item as this person sees it now."""

    item: Item
    url: str
    is_here: bool
    count: int


@dataclass(frozen=True)
class Group:
    """A heading with its links."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Menu:
    """All groups, and the links of the bar on a phone."""

    groups: tuple[Group, ...]
    bar: tuple[Link, ...]


_registered: dict[str, Item] = {}


def register(item: Item) -> None:
    """Put a page into the menu; the same name replaces."""
    if item.group not in GROUPS:
        raise ValueError(f"The menu has no group {item.group!r}: choose from {', '.join(GROUPS)}.")
    _registered[item.name] = item


def menu_of(user: Any, path: str) -> Menu:
    """The menu for this person on the page at `path`."""
    items = [item for item in _registered.values() if item.may_be_used_by(user)]
    addresses = {item.name: reverse(item.url_name) for item in items}
    here = _here(addresses, path)
    links = [_link(item, addresses[item.name], item.name == here) for item in items]
    groups = (Group(title, _sorted(link for link in links if link.item.group == title)) for title in GROUPS)
    bar = sorted((link for link in links if link.item.phone and link.item.is_work_of(user)), key=lambda link: link.item.phone)
    return Menu(tuple(group for group in groups if group.links), tuple(bar[:ON_PHONE]))


def _link(item: Item, url: str, is_here: bool) -> Link:
    return Link(item, url, is_here, item.count() if item.count else 0)


def _sorted(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.item.order, link.item.label)))


def _here(addresses: dict[str, str], path: str) -> str | None:
    """The item whose address is the longest beginning of the path; the first page of all is only itself."""
    root = reverse("admin:index")
    fitting = [name for name, url in addresses.items() if path == url or (url != root and path.startswith(url))]
    return max(fitting, key=lambda name: len(addresses[name]), default=None)
