"""The frame of mails: its rules are in every element, nothing typed gets out of its place, and it can be read in the dark too."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from campaigns.models import Brand
from desk.colours import contrast
from notices import framing
from notices.kinds import kind_of
from notices.rendering import render
from tests.notices.test_mails_read_back import Page

pytestmark = pytest.mark.django_db

FRAME = (Path(settings.BASE_DIR) / "templates/notices/frame.html").read_text(encoding="utf-8")
LIGHT, _, DARK = FRAME.partition("<style>")[2].partition("</style>")[0].partition("@media (prefers-color-scheme: dark) {")
EVIL = "</style><script>alert(1)</script><link rel=stylesheet href=//evil.example>"


def rules(sheet: str) -> dict[str, dict[str, str]]:
    """Each selector with what is declared for it."""
    found: dict[str, dict[str, str]] = {}
    for selectors, declared in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        pairs = (one.replace("!important", "").partition(":") for one in declared.split(";"))
        values = {name.strip(): value.strip() for name, _, value in pairs}
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(values)
    return found


def mail(subject: str = "Hello", fact: str = "See http://testserver/x", kind: str = "loan_returned") -> str:
    rendered = render(subject=subject, body="Hello\n\n{{ note }}", facts={"note": fact})
    return framing.framed(rendered, kind_of(kind), language="en")


def asking() -> str:
    """A mail that has all that a frame can have: a button, a link and the way to the reader's page."""
    address = "http://testserver/instead/abc/"
    rendered = render(
        subject="Hello", body="See {{ answer_url }}\n\n{{ answer_url }}", facts={"answer_url": address}, act="answer_url"
    )
    return framing.framed(rendered, kind_of("substitute_offered"), language="en")


def test_what_the_sheet_says_of_a_class_stands_in_the_elements_of_that_class() -> None:
    Brand.objects.create(pk=1, company="Lendwell Ltd", address="Berlin", support_email="help@example.org")
    page = Page(asking())
    seen = set()
    for selector, declared in rules(LIGHT).items():
        if re.fullmatch(r"\.\w+", selector):
            (attrs,) = [attrs for _, attrs in page.tags if attrs.get("class") == selector[1:]]
            seen.add(selector)
            assert set(declared) <= set(re.findall(r"(?:^|;)\s*([a-z-]+):", attrs["style"])), selector
    assert seen == {".sheet", ".name", ".words", ".press", ".sender"}
    (portal,) = [attrs for _, attrs in page.tags if attrs.get("class") == "portal"]
    assert "font-size: 14px" in portal["style"] and "color: #55625f" in portal["style"]
    (spare,) = [attrs for _, attrs in page.tags if attrs.get("class") == "spare"]
    assert "font-size: 13px" in spare["style"] and "color: #55625f" in spare["style"]
    plain, button, *others = [link["style"] for link in page.of("a")]
    assert [plain, *others] == ["color: #0b57d0;", "color: #0b57d0;", "color: #0b57d0;", "color: #55625f;"]
    assert all(f"{name}: {value}" in button for name, value in rules(LIGHT)[".press a"].items())


def test_the_only_sheet_that_stays_is_for_dark_windows_and_names_only_classes_that_are_there() -> None:
    Brand.objects.create(pk=1, company="Lendwell Ltd", support_email="help@example.org")
    page = Page(asking())
    classes = {attrs["class"] for _, attrs in page.tags if "class" in attrs}
    named = {name for selector in rules(DARK) for name in re.findall(r"\.(\w+)", selector)}
    assert len(page.of("style")) == 1 and page.sheet.startswith("@media (prefers-color-scheme: dark)")
    assert page.sheet.count("@media") == 1 and rules(page.sheet.partition("{")[2]) == rules(DARK)
    assert named == classes


def test_a_logo_has_its_rules_in_its_element() -> None:
    Brand.objects.create(pk=1, logo="a" * 64, logo_width=320, logo_height=96)
    (logo,) = Page(mail()).of("img")
    assert logo["style"] == "display: block;border: 0;background: #ffffff;"


def test_words_can_be_read_on_light_and_on_dark() -> None:
    light, dark = rules(LIGHT), rules(DARK)
    for sheet, names in (
        (light, (".words", "a", ".words .spare", ".words .portal", ".sender", ".sender a")),
        (dark, (".name", ".words", ".words a")),
    ):
        for name in names:
            assert contrast(sheet[name]["color"], sheet[".sheet"]["background"]) >= 4.5, name
    assert contrast(dark[".portal"]["color"], dark[".sheet"]["background"]) >= 4.5
    assert contrast(dark[".spare"]["color"], dark[".sheet"]["background"]) >= 4.5


def test_programs_find_the_alphabet_where_they_look_for_it() -> None:
    # HTML Living Standard, section 4.2.5.4: within the first 1024 bytes.
    assert b'<meta charset="utf-8">' in mail().encode()[:1024]


@pytest.mark.parametrize("field", ["subject", "fact", "name", "company", "address"])
def test_what_closes_a_sheet_stays_words_wherever_it_is_typed(field: str) -> None:
    Brand.objects.create(pk=1, **({field: EVIL[:60]} if field in ("name", "company", "address") else {}))
    html = mail(**({field: EVIL} if field in ("subject", "fact") else {}))
    page = Page(html)
    assert not page.of("script") and not page.of("link") and len(page.of("style")) == 1 and page.open == []
    assert "alert" not in page.sheet and "&lt;/style&gt;&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("colour", ['"><b>', "'><b>", ';"x="1', "}*{x:y", "</style", "<script"])
def test_a_brands_colour_that_is_none_does_not_get_out_of_its_attribute(colour: str) -> None:
    usual = Page(mail())
    Brand.objects.create(pk=1, colour=colour)
    page = Page(mail())
    tags, usual_tags = (sorted(tag for tag, _ in one.tags if tag != "tbody") for one in (page, usual))
    assert tags == usual_tags
    assert {name for _, attrs in page.tags for name in attrs} <= {name for _, attrs in usual.tags for name in attrs}
    assert page.open == [] and colour not in page.sheet


@pytest.mark.parametrize("address", ["{path}", "file://{path}", "http://127.0.0.1:9/sheet.css"])
def test_a_frame_loads_no_sheet_from_the_disk_or_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }")
    link = address.format(path=sheet)

    def frame(*_: Any) -> str:
        return f'<html><head><link rel="stylesheet" href="{link}"></head><body><p>Hello</p></body></html>'

    monkeypatch.setattr(framing, "render_to_string", frame)
    assert "<p>Hello</p>" in mail()
