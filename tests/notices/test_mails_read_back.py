"""A mail of each kind as a mail program gets it: both parts, a look of its own without any sheet, and a way to stop news."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMultiAlternatives

from notices.channels.email import message_of
from notices.kinds import KINDS
from notices.models import Notice
from tests.occasions import happen

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
SEEN = frozenset({"body", "table", "td", "p", "a", "img"})
_VOID = frozenset({"meta", "br", "img", "hr", "link"})


class Page(HTMLParser):
    """What stands in the HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.sheet = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.sheet += data.strip()

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def read_back(notice: Notice, at: datetime = AT) -> EmailMessage:
    made: EmailMultiAlternatives = message_of(notice, at)
    read = message_from_bytes(made.message().as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_whole_in_text_and_in_html_and_needs_no_style_sheet(kind: str) -> None:
    notice = happen(kind, "de")
    mail = read_back(notice)
    assert mail.get_content_type() == "multipart/alternative"
    assert not mail.defects
    assert mail["Subject"] and "\n" not in mail["Subject"]
    text, page = part(mail, "plain"), Page(part(mail, "html"))
    assert len(text) > 100 and not re.search(r"<(p|a|br|td)\b", text)
    assert page.open == []
    assert not page.of("link") and not page.of("script")
    assert all(attrs.get("style") for tag, attrs in page.tags if tag in SEEN)
    assert all(page.sheet.startswith("@media (prefers-color-scheme: dark)") for _ in page.of("style"))
    assert page.of("html")[0]["lang"] == "de"
    assert all(attrs.get("alt") is not None for attrs in page.of("img"))


@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_a_narrow_window_and_says_the_same_in_both_parts(kind: str) -> None:
    mail = read_back(happen(kind, "en"))
    html = part(mail, "html")
    assert "max-width: 560px" in html
    widths = [attrs["width"] for attrs in Page(html).of("table")]
    assert widths and set(widths) == {"100%"}
    addresses = set(re.findall(r"https?://[^\s<>\"]+", part(mail, "plain")))
    linked = {attrs["href"] for attrs in Page(html).of("a") if attrs["href"].startswith("http")}
    assert {address.rstrip(".,") for address in addresses} == linked


@pytest.mark.parametrize("kind", KINDS)
def test_news_can_be_stopped_with_one_click_and_service_messages_say_nothing_of_it(kind: str) -> None:
    notice = happen(kind, "en")
    mail = read_back(notice)
    if not KINDS[kind].is_marketing:
        assert mail["List-Unsubscribe"] is None and mail["List-Unsubscribe-Post"] is None
        return
    address = re.fullmatch(r"<(https?://[^>]+/unsubscribe/[^>]+)>", mail["List-Unsubscribe"].strip())
    assert address and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.group(1) in part(mail, "plain")


def test_sent_again_it_has_the_same_name_and_another_time() -> None:
    notice = happen("loan_returned", "en")
    first, second = read_back(notice), read_back(notice, AT.replace(hour=15))
    assert first["Message-ID"] == second["Message-ID"] == notice.message_id
    assert first["Date"] != second["Date"]
