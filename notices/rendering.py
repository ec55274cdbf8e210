"""Words with placeholders into a subject, plain text and parts of HTML. Pure: no template language, nothing to inject into.

`{{ name }}` is replaced by the fact of that name, once: a fact that itself reads `{{ offer }}` stays as typed. A line or
a paragraph whose placeholders are all empty is left out, unless they are only people's names; an empty fact takes the space before it along
(“Hello {{ name }},” → “Hello,”). The address of the one thing that a message asks for (`acts`) is a part of its own in HTML where it stands alone
on its line, so that the frame can make a button of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from notices.kinds import PERSON_NAMES
from notices.refusals import NoticeRefused

SUBJECT_LENGTH = 200
NAME_LENGTH = 60

_PLACEHOLDER = re.compile(r"( ?)\{\{([^{}\n]*)\}\}")
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_HOST = re.compile(r"(?<=\w)\.(?=\w{2})")
_PRESS = "\0"
"""Stands for a button while the parts are made. No text can hold it: `as_text` takes it out of words and facts alike."""


@dataclass(frozen=True)
class Press:
    """Where the address of what a message asks for stands alone on its line: the place of a button."""

    address: str


@dataclass(frozen=True)
class Rendered:
    """What is sent: a one-line subject, plain text, and the same text as escaped paragraphs of HTML with a button at most."""

    subject: str
    text: str
    parts: tuple[str | Press, ...]


def placeholders(text: str) -> set[str]:
    """Names used in `text`. Refuses with `unknown_placeholder` braces that are not a plain `{{ name }}`."""
    names = {match.group(2).strip() for match in _PLACEHOLDER.finditer(text)}
    if _MARK.search(_PLACEHOLDER.sub("", text)):
        raise NoticeRefused("unknown_placeholder", "Write placeholders as {{ name }}: there are braces that are no placeholder.")
    return names


def without_placeholders(text: str) -> str:
    """What is left of `text` when every fact is empty, as it stands."""
    return _PLACEHOLDER.sub("", text)


def check_placeholders(texts: Iterable[str], allowed: Iterable[str]) -> set[str]:
    """Names used in `texts`. Refuses with `unknown_placeholder` when one is not in `allowed`."""
    used = set().union(*(placeholders(text) for text in texts))
    unknown = sorted(used - set(allowed))
    if unknown:
        raise NoticeRefused(
            "unknown_placeholder",
            f"There is no placeholder {', '.join(f'“{name}”' for name in unknown)}. You can use: {', '.join(sorted(allowed))}.",
        )
    return used


def render(*, subject: str, body: str, facts: Mapping[str, str], act: str = "") -> Rendered:
    """Fill `subject` and `body` with `facts`; `act` names the one whose address may be a button.

    Refuses with `unknown_placeholder` a name that is not among them.
    """
    check_placeholders([subject, body], facts)
    tidy = {name: as_name(value) if name in PERSON_NAMES else as_text(value) for name, value in facts.items()}
    words = as_text(body)
    return Rendered(as_subject(_fill(subject, tidy)), _fill_lines(words, tidy), tuple(_parts(words, tidy, act)))


def _parts(words: str, facts: Mapping[str, str], act: str) -> Iterator[str | Press]:
    """The paragraphs of HTML; the first line that is nothing but the placeholder of the act gives way to a button."""
    if not act or not _LINK.fullmatch(facts.get(act, "")):
        yield from paragraphs(_fill_lines(words, facts))
        return
    alone = re.compile(rf"^[ \t]*\{{\{{[ \t]*{re.escape(act)}[ \t]*\}}\}}[ \t]*$", re.MULTILINE)
    marked = alone.sub(f"{{{{ {_PRESS} }}}}", words, count=1)
    before, *after = _fill_lines(marked, {**facts, _PRESS: _PRESS}).split(_PRESS)
    yield from paragraphs(before)
    for rest in after:
        yield Press(facts[act])
        yield from paragraphs(rest)


def _fill_lines(body: str, facts: Mapping[str, str]) -> str:
    parts = (part for part in _BREAK.split(body) if not _says_nothing(part, facts))
    lines = (line for line in "\n\n".join(parts).split("\n") if not _says_nothing(line, facts))
    return _BREAK.sub("\n\n", "\n".join(_fill(line, facts) for line in lines)).strip() + "\n"


def _says_nothing(part: str, facts: Mapping[str, str]) -> bool:
    names = placeholders(part)
    return bool(names - PERSON_NAMES) and not any(facts[name] for name in names)


def _fill(text: str, facts: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        found = facts[match.group(2).strip()]
        return f"{match.group(1)}{found}" if found else ""

    return _PLACEHOLDER.sub(value, text)


def as_text(value: str) -> str:
    """`value` without control characters and lone surrogates (no database or mail takes them), line ends as `\\n`, trimmed."""
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", value)
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def as_subject(value: str) -> str:
    """`value` on one line: a line end in a header would start a second header. At most 200 characters."""
    line = " ".join(as_text(value).split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def as_name(value: str) -> str:
    """A person's name as plain words, at most 60 characters.

    Whoever signs up chooses their name and we mail it to someone else: a name such as “Win at www.evil.example” must not
    become a link there, neither by us nor by a mail program that guesses links.
    """
    words = " ".join(re.sub(r"[/\\:@<>]", " ", as_text(value)).split())
    return _HOST.sub(". ", words)[:NAME_LENGTH].strip()


def paragraphs(text: str) -> list[str]:
    """HTML of each paragraph of plain `text`, escaped, with its http(s) addresses made links."""
    return [linked(part).replace("\n", "<br>\n") for part in text.strip().split("\n\n") if part.strip()]


def linked(text: str) -> str:
    """`text` escaped for HTML, with its http(s) addresses made links."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        address = escape(match.group())
        pieces.append(escape(text[end : match.start()]))
        pieces.append(f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>')
        end = match.end()
    return "".join([*pieces, escape(text[end:])])
