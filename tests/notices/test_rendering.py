"""Words with placeholders: what comes out, and what can never come out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.refusals import NoticeRefused
from notices.rendering import as_name, as_subject, linked, placeholders, render


def test_facts_take_the_place_of_their_placeholders() -> None:
    out = render(
        subject="Hi {{ name }}",
        body="Hello {{name}},\n\nsee {{ site_url }}.",
        facts={"name": "Ben", "site_url": "https://x.example"},
    )
    assert out.subject == "Hi Ben"
    assert out.text == "Hello Ben,\n\nsee https://x.example.\n"
    assert out.parts[1].startswith('see <a href="https://x.example"')
    assert out.parts[1].endswith("</a>.")


def test_a_fact_that_looks_like_a_placeholder_stays_as_typed() -> None:
    out = render(subject="s", body="{{ note }}", facts={"note": "{{ name }} {% load x %}", "name": "Asha"})
    assert out.text == "{{ name }} {% load x %}\n"


@pytest.mark.parametrize(
    "body", ["{{ nobody }}", "{{ name|safe }}", "{{ name", "name }}", "{% load x %}", "{{ {{ name }} }}", "{{ a.b }}"]
)
def test_what_is_no_known_placeholder_is_refused(body: str) -> None:
    with pytest.raises(NoticeRefused) as refusal:
        render(subject="s", body=body, facts={"name": "Asha"})
    assert refusal.value.code == "unknown_placeholder"


def test_an_empty_fact_takes_its_space_and_an_empty_line_along() -> None:
    out = render(
        subject="s",
        body="Hello {{ name }},\nExpected: {{ expected }}\nPlace: {{ place }}",
        facts={"name": "", "expected": "", "place": "3"},
    )
    assert out.text == "Hello,\nPlace: 3\n"


def test_a_heading_over_an_empty_fact_is_left_out_with_it() -> None:
    facts = {"setup_guide": "", "item": "Aero 7"}
    assert render(subject="s", body="Set it up:\n{{ setup_guide }}\n\nEnjoy {{ item }}!", facts=facts).text == "Enjoy Aero 7!\n"


def test_a_fact_of_several_paragraphs_becomes_several_paragraphs() -> None:
    out = render(subject="s", body="Guide:\n{{ note }}", facts={"note": "One.\r\n\r\nTwo.\nThree."})
    assert out.parts == ("Guide:<br>\nOne.", "Two.<br>\nThree.")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00"])
def test_no_line_end_gets_into_a_subject(end: str) -> None:
    out = render(subject="For {{ name }}", body="x", facts={"name": f"Ben{end}Bcc: eve@example.org"})
    assert len(out.subject.splitlines()) == 1
    assert "\x00" not in out.subject


def test_hostile_facts_are_escaped_in_html() -> None:
    hostile = "<script>alert(1)</script> <a href='http://evil.example'>x</a> \"&"
    out = render(subject="s", body="{{ note }}", facts={"note": hostile})
    html = "".join(out.parts)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert set(re.findall(r"<\w+", html)) == {"<a"}


@pytest.mark.parametrize("name", ["http://evil.example/x", "Win at www.evil.example", "eve@evil.example", "evil.example/prize"])
def test_a_name_never_reads_as_a_link(name: str) -> None:
    shown = as_name(name)
    assert not re.search(r"\w\.\w{2}|//|@|/", shown)
    assert "<a" not in linked(shown)


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("J. R. Müller-Lüdenscheidt", "Zoë O’Hara", "李小龍", "Ben"):
        assert as_name(name) == name


@given(st.text())
def test_a_subject_is_one_line_of_at_most_200_characters_that_mail_can_carry(value: str) -> None:
    line = as_subject(value)
    assert len(line) <= 200
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")


@given(st.text())
def test_whatever_the_fact_html_holds_only_our_tags(value: str) -> None:
    out = render(subject="{{ note }}", body="A {{ note }}", facts={"note": value})
    assert set(re.findall(r"<(/?\w*)", "".join(out.parts))) <= {"a", "/a", "br"}
    out.text.encode("utf-8")


@given(st.text())
def test_any_text_is_either_understood_or_refused_in_words(body: str) -> None:
    try:
        names = placeholders(body)
    except NoticeRefused as refusal:
        assert refusal.sentence
    else:
        assert bool(names) == ("{{" in body)
