"""Words that staff wrote, said in the language of whoever reads. Pure: which language that is, is the active one of Django's translation.

A campaign, or the guide of a thing that is lent, is written in one language and may be translated text by text. Where no translation is there, the original is said, and the
page marks that part with its language, so that it is read out as what it is.
"""

import re
from collections.abc import Mapping, Sequence

from django.utils.html import conditional_escape, escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Translations = Mapping[str, Mapping[str, str]]
"""Language -> original text (as `key_of` names it) -> what it reads in that language."""
_WRAPPED = re.compile(r"^([^\r\n]{60,})\r?\n(?=[^\s*•-])", re.MULTILINE)


class Words(str):
    """A text that knows how a page shows it: `html` marks the parts that are in another language than the page.

    `language` is the one the whole text is in, where that is not the page's; empty otherwise.
    """

    html: SafeString
    language: str

    def __new__(cls, text: str, html: SafeString | None = None, language: str = "") -> "Words":
        """The text; without `html` it is shown escaped."""
        made = super().__new__(cls, text)
        made.html = html if html is not None else escape(text)
        made.language = language
        return made


def said(text: str, *, written_in: str, translations: Translations) -> Words:
    """`text` in the active language: its translation, or itself, marked as being in the language it was written in."""
    language = (get_language() or written_in).split("-")[0]
    if not text or language == written_in:
        return Words(text)
    translated = translations.get(language, {}).get(key_of(text))
    if translated:
        return Words(translated)
    return _marked(text, written_in)


def _marked(text: str, language: str) -> Words:
    return Words(text, format_html('<span lang="{}">{}</span>', language, text), language)


def rewritten(translations: Translations, *, language: str, key: str, text: str) -> dict[str, dict[str, str]]:
    """The translations with one text written anew, its line ends and outer spaces tidied; an empty text takes it away."""
    kept = {code: dict(texts) for code, texts in translations.items()}
    kept.setdefault(language, {})[key] = text.replace("\r\n", "\n").strip()
    return {code: {one: said for one, said in texts.items() if said} for code, texts in kept.items()}


def key_of(text: str) -> str:
    """Under what a text is found among translations: line ends and doubled spaces make no difference."""
    return " ".join(text.split())


def phrase(form: str, **parts: object) -> Words:
    """A sentence of ours with words of staff in it: what is marked in them stays marked."""
    return Words(form % parts, mark_safe(str(escape(form)) % {name: shown(part) for name, part in parts.items()}))  # noqa: S308


def joined(separator: str, words: Sequence[str]) -> Words:
    """Several texts in a row."""
    return Words(separator.join(words), mark_safe(str(escape(separator)).join(shown(word) for word in words)))  # noqa: S308


def shown(text: object) -> SafeString:
    """How a page shows a text: escaped, with what is in another language marked."""
    return text.html if isinstance(text, Words) else SafeString(conditional_escape(str(text)))


def in_paragraphs(words: str) -> SafeString:
    """A longer text, escaped, with its paragraphs and lines; marked as a whole where it is in another language."""
    body = linebreaks(str(words), autoescape=True)
    language = words.language if isinstance(words, Words) else ""
    return format_html('<div lang="{}">{}</div>', language, mark_safe(body)) if language else mark_safe(body)  # noqa: S308


def unwrapped(text: str) -> str:
    """A wording without the line ends that only wrap a long line, such as those of a recipe; short lines and paragraphs stay."""
    return _WRAPPED.sub(r"\1 ", text)


def clause(words: Words) -> Words:
    """A sentence as a part of another one: without its full stop, unless only parts of it are marked."""
    if words.language:
        return _marked(words.rstrip(". "), words.language)
    return Words(words.rstrip(". ")) if words.html == escape(words) else words
