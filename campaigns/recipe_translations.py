"""Reading what a recipe says in other languages: `[translations.de]`, each key a text of the campaign, each value its translation."""

import re

from django.conf import settings

from campaigns.hints import shown
from campaigns.recipe_format import Table
from campaigns.recipe_parts import Translation
from desk.speaking import key_of

_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


def read_language(table: Table) -> str:
    """The language the campaign is written in; that of the house where the recipe names none."""
    language = table.text("language") or settings.LANGUAGE_CODE
    if not _LANGUAGE.match(language):
        table.problem("language", f"“{shown(language)}” is not a language; write two or three small letters such as de")
    return language


def read_wordings(table: Table | None) -> tuple[tuple[str, str], ...]:
    """What a document reads in each language, in the order of the languages."""
    if table is None:
        return ()
    for language in table.data:
        if not _LANGUAGE.match(language):
            table.problem(language[:60], "is not a language; write two or three small letters such as de")
    return tuple((language, text) for language in sorted(table.data) if (text := table.text(language)))


def read_translations(table: Table | None) -> tuple[Translation, ...]:
    """Every translation. One of a text the campaign does not have any more is kept: the text may come back."""
    found: list[Translation] = []
    for language in table.data if table else ():
        assert table is not None
        part = table.part(language)
        if not _LANGUAGE.match(language):
            table.problem(language[:60], "is not a language; write two or three small letters such as de")
        elif part is not None:
            found += [(language, key_of(text), translated) for text in part.data if (translated := part.text(text))]
    return tuple(found)
