"""The brand on every page: its colours, in which everything can be read whatever is stored, and its logo."""

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from campaigns import logos
from campaigns.models import Brand
from config.branding import palette, stylesheet
from desk import paper
from desk.colours import contrast, mix
from tests.campaigns.logos import logo
from tests.make import make_campaign, make_customer
from tests.notices.samples import queued
from tests.stories import issue_to

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
CSS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()


def tokens_after(start: str) -> dict[str, str]:
    """The tokens of the first block after `start`."""
    block = CSS.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"(--[a-z0-9-]+): ([^;]+);", block))


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_mixing_goes_from_one_to_the_other() -> None:
    assert (mix("#102030", "#ffffff", 0), mix("#102030", "#ffffff", 1)) == ("#102030", "#ffffff")


@given(COLOURS)
def test_every_colour_can_be_read_on_light_and_on_dark(colour: str) -> None:
    for ground, towards in (("#f3f5f4", "#06231d"), ("#171f1c", "#ffffff")):
        made = palette(colour, ground, towards)
        assert contrast(made["--brand"], ground) >= 4.5
        assert contrast(made["--brand"], made["--brand-soft"]) >= 4.5
        assert contrast(made["--on-brand"], made["--brand"]) >= 4.5


def test_the_built_in_colours_need_no_stylesheet(db: None) -> None:
    assert stylesheet(Brand()) == ""
    assert "brand.css" not in Client().get("/").content.decode()


def test_a_page_asks_for_the_colours_under_a_name_that_changes_with_them(db: None) -> None:
    brand = Brand.objects.create(pk=1, name="Borrowdale", colour="#224488")
    first = re.findall(r"/brand\.css\?[0-9a-f]{12}", Client().get("/").content.decode())
    brand.colour = "#442288"
    brand.save()
    second = re.findall(r"/brand\.css\?[0-9a-f]{12}", Client().get("/").content.decode())
    assert len(first) == len(second) == 1
    assert first != second
    answer = Client().get(second[0])
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    assert "--brand: #442288;" in answer.content.decode()
    assert not answer.cookies


def test_the_brand_is_named_on_every_page(db: None) -> None:
    Brand.objects.create(pk=1, name="Borrowdale", company="Borrowdale Ltd", support_email="help@borrowdale.example")
    for path in ("/", "/join/", "/no/such/page/"):
        words = Client().get(path).content.decode()
        assert "· Borrowdale</title>" in words
        assert "help@borrowdale.example" in words
        assert "Lendwell" not in words


def test_both_lists_of_dark_tokens_are_the_same() -> None:
    follows_system = tokens_after(':root:not([data-theme="light"])')
    assert follows_system == tokens_after(':root[data-theme="dark"]')
    assert set(follows_system) < set(tokens_after("}\n\n:root"))


@pytest.fixture
def with_logo(db: None, settings: Any, tmp_path: Path) -> Brand:
    """Borrowdale, with a logo."""
    settings.MEDIA_ROOT = tmp_path
    brand = Brand(pk=1, name="Borrowdale & Sons")
    logos.put_on(brand, logos.read(io.BytesIO(logo()), size=1))
    brand.save()
    return brand


def test_every_public_page_has_the_logo_at_its_head_with_the_name_for_who_cannot_see_it(with_logo: Brand) -> None:
    code = issue_to(make_customer("Asha Rao"), make_campaign())
    shown = f'<img src="/brand/{with_logo.logo}.png" alt="Borrowdale &amp; Sons" width="160" height="48">'
    for path in ("/", "/join/", "/no/such/page/", "/my/sign-in/", f"/r/{code.code}/", "/terms/campaign-terms/1/"):
        assert shown in Client().get(path).content.decode(), path


def test_the_logo_costs_a_page_no_question_to_the_database(with_logo: Brand, django_assert_num_queries: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        Client().get("/")
    Brand.objects.update(logo="", logo_width=0, logo_height=0)
    with django_assert_num_queries(len(asked)):
        Client().get("/")


def test_a_mail_shows_the_logo_by_its_full_address_and_the_name_where_pictures_are_blocked(with_logo: Brand) -> None:
    html = queued().body_html
    assert f'<img src="http://testserver/brand/{with_logo.logo}.png" alt="Borrowdale &amp; Sons" width="160" height="48"' in html
    Brand.objects.update(logo="", logo_width=0, logo_height=0)
    assert "<img" not in queued(about="loan_2").body_html


def test_a_mail_is_readable_in_a_colour_that_was_stored_before_it_was_judged(db: None) -> None:
    Brand.objects.create(pk=1, colour="#ffcc00")
    assert f";color: {Brand.current().colour_on_white}" in queued().body_html
    assert contrast(Brand.current().colour_on_white, "#ffffff") >= 4.5


def pictures_on(paper_template: str, **context: Any) -> int:
    """How many pictures of dots are on the first page of this paper; QR codes are drawn as lines."""
    html = render_to_string(paper_template, context, request=RequestFactory().get("/"))
    return len(pypdf.PdfReader(io.BytesIO(paper.pdf(html))).pages[0].images)


def test_paper_has_the_logo_and_without_its_file_the_name(with_logo: Brand) -> None:
    assert pictures_on("print/base.html") >= 1
    logos.path_of(with_logo.logo).unlink()
    assert pictures_on("print/base.html") == 0


def test_paper_reads_no_other_address_that_holds_something(with_logo: Brand) -> None:
    for address in ("data:image/svg+xml,%3Csvg/%3E", "data:text/css,body%7B%7D", "file:///etc/passwd"):
        html = f'<html lang="en"><title>x</title><img src="{address}" alt="x"></html>'
        assert pypdf.PdfReader(io.BytesIO(paper.pdf(html))).pages[0].images.keys() == []
