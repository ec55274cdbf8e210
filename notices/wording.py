"""Facts as the reader of a language writes them."""

from collections.abc import Callable
from datetime import date

from django.utils import formats, translation
from django.utils.translation import pgettext

Fact = str | date | Callable[[], str]
"""What a caller gives for a placeholder: words as they are; a day, or what says words when it is called, for the language of the message."""


def in_words(fact: Fact, language: str) -> str:
    """The fact as text in `language`: a day in its manner, what is called in its words, words as they are."""
    if isinstance(fact, str):
        return fact
    with translation.override(language):
        if callable(fact):
            return fact()
        return day(fact)


def day(on: date) -> str:
    """A day in the manner of the active language, the month as a word: nobody takes it for another one."""
    return formats.date_format(on, pgettext("a day, as Django's date filter writes it", "j F Y"))
