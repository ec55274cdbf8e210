"""Finding English in what a reader of another language is shown."""

import re
from html import unescape
from pathlib import Path

import polib
from django.conf import settings

_WORDS = frozenset(
    [
        "the",
        "you",
        "your",
        "yours",
        "is",
        "are",
        "of",
        "and",
        "for",
        "with",
        "we",
        "our",
        "it",
        "its",
        "to",
        "by",
        "until",
        "not",
        "has",
        "have",
        "as",
        "from",
        "this",
        "that",
        "be",
        "can",
        "will",
        "them",
        "they",
        "their",
        "on",
        "at",
        "a",
        "an",
        "or",
        "if",
        "when",
        "there",
        "here",
        "what",
        "which",
        "who",
        "how",
        "no",
        "yes",
        "day",
        "days",
        "loan",
        "reward",
        "friend",
        "code",
        "expires",
        "expected",
        "held",
        "waiting",
        "queue",
        "January",
        "February",
        "March",
        "May",
        "June",
        "July",
        "October",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
)
"""Words of English that no German sentence has."""
_GERMAN_TOO = frozenset({"an", "code", "on", "at", "a"})
_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|\([a-z_]+-only-in-the-mail\)|\b[a-z]{2,4}_[A-Z0-9]{16}\b")
_UNSEEN = re.compile(r"<(script|style|svg|textarea)\b.*?</\1>|<[^>]+>", re.DOTALL)
_OTHER_LANGUAGE = re.compile(r'<(\w+)[^>]*\slang="en"[^>]*>.*?</\1>', re.DOTALL)
_SHOWN = re.compile(r'\b(?:alt|title|placeholder|aria-label|content)="([^"]*)"')


def seen(page: str) -> str:
    """The words of a page: text, and attributes that are read out; without what is marked as being in English."""
    body = _OTHER_LANGUAGE.sub(" ", page)
    return unescape(_UNSEEN.sub(" ", body) + " " + " · ".join(_SHOWN.findall(body)))


def english_in(text: str) -> list[str]:
    """Words of English in `text`, and sources of the German catalogue that stand there untranslated."""
    plain = _ADDRESS.sub(" ", text)
    words = {word for word in re.findall(r"[A-Za-z]+", plain) if word in _WORDS - _GERMAN_TOO}
    return sorted(words) + [source for source in sources() if re.search(rf"(?<!\w){re.escape(source)}(?!\w)", plain)]


def sources() -> list[str]:
    """Sources of the German catalogue without placeholders that read otherwise in German."""
    path = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"
    entries = polib.pofile(str(path))
    return [
        entry.msgid
        for entry in entries
        if len(entry.msgid) > 4 and "%" not in entry.msgid and entry.msgid not in entry.msgstr and not entry.msgctxt
    ]
