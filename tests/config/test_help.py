"""The help: every page opens for everyone, every link leads somewhere, and every screen that names a page has one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from campaigns.admin import tabs
from config import help_pages
from desk import screens
from tests.admin import world
from tests.admin.conftest import administrator, clock, eve, signed_in_as  # noqa: F401
from tests.security.walking import addresses

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "docs" / "help"
FILES = sorted(FOLDER.glob("*.md"))
ROLES = ("Marketing manager", "Campaign editor", "Approver", "Handover desk", "Auditor", "Administrator")


def subclasses(of: type) -> set[type]:
    return {below for direct in of.__subclasses__() for below in {direct, *subclasses(direct)}}


def help_slugs() -> dict[str, str]:
    """The page of the help of each screen that names one."""
    return {screen.__name__: screen.help for screen in subclasses(screens.Screen) if screen.help}


def test_every_page_a_screen_names_is_there():
    assert help_slugs()
    assert {name: slug for name, slug in help_slugs().items() if slug not in help_pages.slugs()} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_link_leads_somewhere(file):
    links = re.findall(r"\]\(([^)\s]+)\)", file.read_text(encoding="utf-8"))
    broken = []
    for link in links:
        path, _, fragment = link.partition("#")
        if link.startswith("https://"):
            continue
        target = FOLDER / path if path else file
        if (
            not target.exists()
            or target.suffix != ".md"
            or target.parent != FOLDER
            or fragment
            and fragment not in {heading.id for heading in help_pages.page_called(target.stem).headings}
        ):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_page_has_one_title_and_no_html(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ") and len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert not re.search(r"<(script|style|img|div|a)\b", text)


def test_every_tab_of_a_campaign_is_explained():
    rows = re.findall(r"^\| ([\w-]+) \|", (FOLDER / "campaigns.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted({tab.label for tab in tabs.registered()} - set(rows)) == []


def test_the_first_page_leads_to_every_other():
    links = {
        link.removesuffix(".md") for link in re.findall(r"\]\((\w[\w-]*\.md)", (FOLDER / "index.md").read_text(encoding="utf-8"))
    }
    assert sorted(set(help_pages.slugs()) - links) == []


@pytest.mark.parametrize("role", ROLES)
def test_everyone_at_the_desk_may_read_all_of_it(signed_in_as, role):  # noqa: F811
    client = signed_in_as(role)
    assert "/admin/help/" in client.get("/admin/").content.decode()
    for slug in help_pages.slugs():
        answer = client.get(f"/admin/help/{slug}/")
        assert answer.status_code == 200, slug
        assert f"<h1>{help_pages.page_called(slug).title}</h1>" in answer.content.decode().replace("&amp;", "&"), slug


def test_a_stranger_is_sent_to_the_door(client):
    assert client.get("/admin/help/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/help/import/")["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("slug", ["nothing", "index", "..", "%2e%2e", "..%2f..%2fREADME", "import.md", "%2fetc%2fpasswd"])
def test_only_files_of_the_help_are_pages(eve: Client, slug):  # noqa: F811
    answer = eve.get(f"/admin/help/{slug}/")
    assert answer.status_code == 404 or (slug == "index" and answer.status_code == 200)


@pytest.mark.parametrize("slug", ["../architecture", "/etc/passwd", "import.md", ""])
def test_a_name_is_no_path(slug):
    with pytest.raises(KeyError):
        help_pages.page_called(slug)


def test_links_between_files_are_links_between_pages(eve: Client):  # noqa: F811
    text = eve.get("/admin/help/").content.decode()
    assert f'href="{reverse("admin:help_page", args=["import"])}"' in text
    assert '.md"' not in text


def test_links_out_of_the_help_stay_words_and_html_stays_text(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text(
        '# A\n\n[out](../secret.md) [on](#b) [far](https://example.org/) [x](javascript:alert) <b onclick="x">bold</b>\n\n## B\n'
    )
    monkeypatch.setattr(help_pages, "folder", lambda: tmp_path)
    page = help_pages.page_called("a")
    assert "<a>out</a>" in page.html and 'href="#b"' in page.html and 'href="https://example.org/"' in page.html
    assert "javascript" not in page.html and "<b " not in page.html
    assert [heading.id for heading in page.headings] == ["b"]


def test_what_is_searched_is_found_with_the_words_around_it(eve: Client):  # noqa: F811
    text = eve.get("/admin/help/", {"q": "Excel WORKBOOKS"}).content.decode()
    assert "/admin/help/import/" in text and "<mark>Excel</mark>" in text
    assert "Nothing matches" in eve.get("/admin/help/", {"q": "zeppelin"}).content.decode()
    assert "<script>" not in eve.get("/admin/help/", {"q": "<script>"}).content.decode()
    assert help_pages.search("   ") == []


def test_pages_with_a_word_in_the_title_come_first():
    assert help_pages.search("lists")[0].page.slug == "lists"


def test_every_page_of_the_desk_says_how_it_works(administrator):  # noqa: F811
    world.fill()
    silent = []
    for address in addresses():
        answer = administrator.get(address.url)
        is_page = answer.status_code == 200 and not answer.streaming and b'id="content-main"' in answer.content
        is_help = address.name.startswith("screen help")
        if is_page and not is_help and b"How this works</summary>" not in answer.content:
            silent.append(address.url)
    assert silent == []
