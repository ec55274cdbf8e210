"""Facts as the reader of a language writes them."""

from datetime import date

from django.utils import formats, translation

DAY_FORMATS = {"en": "j F Y", "de": "j. F Y"}
"""Days with the month as a word: nobody takes them for another day."""

Fact = str | date
"""What a caller gives for a placeholder: words, or a day, which is written in the language of the message."""


def in_words(fact: Fact, language: str) -> str:
    """The fact as text: a day in the manner of `language`, words as they are."""
    if isinstance(fact, str):
        return fact
    with translation.override(language):
        return formats.date_format(fact, DAY_FORMATS.get(language, "DATE_FORMAT"))
