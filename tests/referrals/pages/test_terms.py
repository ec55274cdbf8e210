"""The page of a version of an agreement."""

import pytest
from django.test import Client

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers import agreeing
from customers.models import AgreementVersion
from referrals.models import Code
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


def translated(version: AgreementVersion, text: str) -> None:
    agreeing.translate(version=version, language="de", text=text, at=AT, by=SYSTEM)


def test_a_german_reads_the_translation_first_and_the_wording_that_counts_below_it(browser: Client, db: None) -> None:
    version = make_terms(body="Be fair.").versions.get()
    translated(version, "Sei fair.\n\nBring es <b>zurück</b>.")
    german = browser.get("/terms/campaign-terms/1/?lang=de").content.decode()
    assert german.index("Diese Übersetzung hilft beim Lesen.") < german.index("Sei fair.") < german.index("<p>Be fair.</p>")
    assert "&lt;b&gt;zurück" in german and "Die Fassung, die gilt" in german
    assert "Sei fair." not in browser.get("/terms/campaign-terms/1/?lang=en").content.decode()


def test_the_translation_of_one_wording_is_not_shown_with_another(browser: Client, db: None) -> None:
    terms = make_terms(body="Be fair.")
    translated(terms.versions.get(), "Sei fair.")
    AgreementVersion.objects.create(agreement=terms, number=2, body="Be fairer.", sha256="b" * 64, published_at=AT)
    assert "Sei fair." not in browser.get("/terms/campaign-terms/2/?lang=de").content.decode()


def test_the_invitation_opens_the_terms_in_the_friends_language(browser: Client, code: Code, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    version = campaign.campaign_terms.versions.get()
    before = browser.get(f"/r/{code.code}/?lang=de").content.decode()
    assert '<div class="prose" lang="en">' in before
    translated(version, "Sei fair zu allen.")
    after = browser.get(f"/r/{code.code}/?lang=de").content.decode()
    assert "<p>Sei fair zu allen.</p>" in after and '<div class="prose" lang="en">' not in after
    assert "Sei fair" not in browser.get(f"/r/{code.code}/").content.decode()


def test_what_was_accepted_is_the_wording_itself_whatever_its_translation_says(db: None) -> None:
    version = make_terms(body="Be fair.").versions.get()
    before = (version.body, version.sha256)
    translated(version, "Sei fair.")
    version.refresh_from_db()
    assert (version.body, version.sha256) == before
