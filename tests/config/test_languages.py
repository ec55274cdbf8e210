"""Which language customers read, and that every language is complete."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from config.languages import LanguageMiddleware
from config.settings import languages as chosen
from desk import languages

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def texts(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Each source text with its translation."""
    if not entry.msgid_plural:
        yield entry.msgid, entry.msgstr
        return
    for number, translated in entry.msgstr_plural.items():
        yield entry.msgid if number == 0 else entry.msgid_plural, translated


def test_there_is_a_catalogue() -> None:
    assert [path.parent.parent.name for path in CATALOGUES] == [
        translation.to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE
    ]


def test_nothing_is_left_untranslated_or_doubtful(catalogue: Path) -> None:
    entries = polib.pofile(str(catalogue))
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []
    assert [source for entry in entries for source, translated in texts(entry) if not translated.strip()] == []


def test_every_placeholder_is_kept(catalogue: Path) -> None:
    for entry in polib.pofile(str(catalogue)):
        for source, translated in texts(entry):
            assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(source)), source


def test_the_compiled_catalogue_says_what_the_readable_one_says(catalogue: Path) -> None:
    def said(entries: polib.POFile | polib.MOFile) -> set[tuple[str, ...]]:
        return {(entry.msgctxt or "", *pair) for entry in entries for pair in texts(entry)}

    assert said(polib.mofile(str(catalogue.with_suffix(".mo")))) == said(polib.pofile(str(catalogue)))


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-FR,fr;q=0.9,de;q=0.8,en;q=0.7", "de"),
        ("en-GB,de;q=0.5", "en"),
        ("xx", "en"),
        ("*", "en"),
        ("de;q=0,en", "en"),
        ("%$§,,;;q=,", "en"),
        ("a" * 5000, "en"),
    ],
)
def test_the_browser_says_which_language(accepted: str, spoken: str) -> None:
    assert languages.preferred(accepted) == spoken


@pytest.mark.parametrize("wish", ["xx", "", "../../etc", "de\n", "d" * 500])
def test_a_language_nobody_speaks_is_as_if_none_was_asked_for(wish: str) -> None:
    request = RequestFactory().get("/", {"lang": wish}, headers={"accept-language": "de"})
    assert languages.best(request) == "de"


@pytest.mark.parametrize(
    ("address", "carried"),
    [("/join/", "/join/?lang=de"), ("/r/X/?touch=1", "/r/X/?touch=1&lang=de"), ("/?lang=en", "/?lang=en"), ("", "?lang=de")],
)
def test_an_address_carries_the_language_that_was_asked_for(address: str, carried: str) -> None:
    assert languages.carried(address, "de") == carried


def test_redirects_carry_it_but_never_to_another_site() -> None:
    def answered(location: str) -> str:
        response = HttpResponse(status=302, headers={"Location": location})
        return LanguageMiddleware(lambda request: response)(RequestFactory().get("/join/?lang=de")).headers["Location"]

    assert answered("/r/X/") == "/r/X/?lang=de"
    assert answered("//evil.example/") == "//evil.example/"
    assert answered("https://evil.example/") == "https://evil.example/"


def test_the_page_says_its_language_and_offers_the_others(db: None) -> None:
    answer = Client().get("/?lang=de&via=qr")
    words = answer.content.decode()
    assert '<html lang="de">' in words
    assert "Hast du eine Einladung?" in words
    assert 'href="?lang=en&amp;via=qr" lang="en"' in words
    assert 'action="/join/?lang=de"' in words
    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" in answer.headers["Vary"]
    assert not answer.cookies


def test_the_desk_speaks_english_whatever_the_browser_says(db: None) -> None:
    words = Client().get("/admin/login/?lang=de", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="en">' in words or 'lang="en' in words
    assert 'class="languages"' not in words


def test_nothing_stays_of_a_language_after_the_page(db: None) -> None:
    Client().get("/?lang=de")
    assert translation.get_language() == "en"


def test_a_third_language_needs_only_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").touch()
    monkeypatch.setattr(chosen, "_CATALOGUES", tmp_path)
    assert chosen._spoken() == [("en", "English"), ("fr", "Français")]
