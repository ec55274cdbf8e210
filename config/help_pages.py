"""The help for staff: the Markdown files of `docs/help`, as pages of the desk. They read as well on a code host."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

INDEX = "index"
_AROUND = 90
"""Letters shown on each side of what was found."""


@dataclass(frozen=True)
class Heading:
    """A part of a page, with its place on it."""

    id: str
    title: str


@dataclass(frozen=True)
class HelpPage:
    """A page of the help, ready to be shown. `text` is what can be searched."""

    slug: str
    title: str
    html: SafeString
    headings: tuple[Heading, ...]
    text: str

    @property
    def url(self) -> str:
        """Where it is at the desk."""
        return address_of(self.slug)


@dataclass(frozen=True)
class Found:
    """A page in which all words were found, and the words around the first of them."""

    page: HelpPage
    before: str
    word: str
    after: str


def folder() -> Path:
    """Where the files are."""
    return Path(settings.BASE_DIR) / "docs" / "help"


def slugs() -> list[str]:
    """Names of all pages but the first one."""
    return sorted(path.stem for path in folder().glob("*.md") if path.stem != INDEX)


def address_of(slug: str) -> str:
    """Where a page is at the desk."""
    return reverse("admin:help") if slug == INDEX else reverse("admin:help_page", args=[slug])


def page_called(slug: str) -> HelpPage:
    """The page of this name. Raises `KeyError` for a name that no file has; a name is never made into a path before that."""
    if slug not in {INDEX, *slugs()}:
        raise KeyError(slug)
    path = folder() / f"{slug}.md"
    return _page(path, path.stat().st_mtime_ns)


def pages() -> list[HelpPage]:
    """All pages by title, without the first one."""
    return sorted((page_called(slug) for slug in slugs()), key=lambda page: page.title.casefold())


def search(words: str) -> list[Found]:
    """Pages that hold every one of these words, those with one in the title first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    hits = [page for page in pages() if all(word in f"{page.title} {page.text}".casefold() for word in wanted)]
    hits.sort(key=lambda page: not any(word in page.title.casefold() for word in wanted))
    return [_found(page, wanted) for page in hits]


def _found(page: HelpPage, wanted: Sequence[str]) -> Found:
    place = next((match for word in wanted if (match := re.search(re.escape(word), page.text, re.IGNORECASE))), None)
    if place is None:
        return Found(page, "", "", f"{page.text[: 2 * _AROUND]}…")
    start, end = max(0, place.start() - _AROUND), min(len(page.text), place.end() + _AROUND)
    before = f"{'…' if start else ''}{page.text[start : place.start()]}"
    return Found(page, before, place[0], f"{page.text[place.end() : end]}{'…' if end < len(page.text) else ''}")


@cache
def _page(path: Path, changed_at: int) -> HelpPage:
    """The page of a file as it was at `changed_at`."""
    markdown = Markdown(extensions=["tables", "sane_lists", "fenced_code", TocExtension(toc_depth="2-3")])
    # Our own files need no HTML, and a page that cannot hold any needs no cleaning.
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    markdown.treeprocessors.register(_Links(markdown), "desk_links", 1)
    html = markdown.convert(path.read_text(encoding="utf-8"))
    title, _, body = html.partition("</h1>")
    headings = tuple(Heading(token["id"], unescape(token["name"])) for token in markdown.toc_tokens)  # type: ignore[attr-defined]
    text = " ".join(unescape(strip_tags(body)).split())
    return HelpPage(path.stem, unescape(strip_tags(title)).strip(), mark_safe(body), headings, text)


class _Links(Treeprocessor):
    """Links between files become links between pages; one that leads out of the help stays words."""

    def run(self, root: Element) -> None:
        """Go over all links."""
        for link in root.iter("a"):
            target = urlsplit(link.get("href", ""))
            if target.scheme in ("http", "https") or (not target.path and target.fragment):
                continue
            slug = target.path.removesuffix(".md")
            if target.path.endswith(".md") and slug in {INDEX, *slugs()}:
                link.set("href", address_of(slug) + (f"#{target.fragment}" if target.fragment else ""))
            else:
                link.attrib.pop("href", None)
