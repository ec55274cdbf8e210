"""Errors in house style that tell nothing about the inside."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import path
from django.views import defaults

from config.urls import urlpatterns as house

_SECRET = "the inside story"


def _break(request: object) -> None:
    raise RuntimeError(_SECRET)


urlpatterns = [*house, path("break/", _break)]


@pytest.mark.urls(__name__)
def test_a_failure_is_said_kindly_and_tells_nothing(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/break/")
    words = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in words
    assert _SECRET not in words
    assert "Traceback" not in words


def test_a_failure_page_needs_no_database() -> None:
    assert defaults.server_error(RequestFactory().get("/")).status_code == 500


def test_a_page_that_is_not_there_offers_a_place_for_a_code(db: None) -> None:
    answer = Client().get("/no/such/page/<script>/")
    assert answer.status_code == 404
    assert 'action="/join/"' in answer.content.decode()
    assert "no/such" not in answer.content.decode()


def test_a_page_for_others_says_so(db: None) -> None:
    answer = defaults.permission_denied(RequestFactory().get("/"), PermissionError(_SECRET))
    assert "This page is not for you" in answer.content.decode()
    assert _SECRET not in answer.content.decode()


def test_a_request_for_a_strange_host_is_refused_without_a_word_about_it(db: None) -> None:
    answer = Client().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_the_start_page_says_what_this_is_and_where_staff_sign_in(db: None) -> None:
    answer = Client().get("/")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert 'action="/join/"' in words
    assert 'href="/admin/"' in words
    assert Client().post("/").status_code == 405


@pytest.mark.parametrize("header", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"])
def test_every_answer_carries_the_safety_headers(db: None, header: str) -> None:
    for where in ("/", "/join/", "/brand.css", "/no/such/page/", "/admin/login/"):
        assert header in Client().get(where), where


def test_no_public_template_has_inline_style_or_script() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    templates = [*folder.glob("*.html"), *folder.glob("public/*.html")]
    assert len(templates) > 15
    for template in templates:
        assert not re.search(r"<style|<script| style=| on[a-z]+=", template.read_text()), template
