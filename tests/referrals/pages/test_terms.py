"""The page of a version of an agreement."""

import pytest
from django.test import Client

from customers.models import AgreementVersion
from tests.make import AT, make_terms


def test_it_shows_exactly_the_published_wording_as_text(browser: Client, db: None) -> None:
    make_terms(body="Be fair.\n\nBring it <b>back</b>.<script>alert(1)</script>")
    answer = browser.get("/terms/campaign-terms/1/")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "<p>Be fair.</p>" in words
    assert "&lt;b&gt;back&lt;/b&gt;" in words
    assert "<script" not in words
    assert "a" * 64 in words


def test_an_earlier_version_says_so(browser: Client, db: None) -> None:
    terms = make_terms()
    AgreementVersion.objects.create(agreement=terms, number=2, body="Be fairer.", sha256="b" * 64, published_at=AT)
    assert "/terms/campaign-terms/2/" in browser.get("/terms/campaign-terms/1/").content.decode()
    assert "earlier version" not in browser.get("/terms/campaign-terms/2/").content.decode()


def test_a_draft_is_not_shown(browser: Client, db: None) -> None:
    AgreementVersion.objects.create(agreement=make_terms(), number=2, body="Not yet.")
    assert browser.get("/terms/campaign-terms/2/").status_code == 404


@pytest.mark.parametrize("path", ["no-such-terms/1", "campaign-terms/0", "campaign-terms/99999999999999999999999", "a%00b/1"])
def test_what_is_not_there_is_not_found(browser: Client, db: None, path: str) -> None:
    make_terms()
    assert browser.get(f"/terms/{path}/").status_code == 404


def test_it_holds_nothing_personal_and_may_be_cached(browser: Client, db: None) -> None:
    make_terms()
    answer = browser.get("/terms/campaign-terms/1/")
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    assert not answer.cookies
    assert browser.post("/terms/campaign-terms/1/").status_code == 405
