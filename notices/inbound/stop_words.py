"""What an answer by SMS means: stop, start again, help, or something for a person. Pure.

The words are those carriers and providers know, and their local ones. People also write “please stop texting me”: whatever holds one of the
plain words for stopping counts as well, because it is the reader's wish that counts and not their spelling.
"""

import re
import unicodedata
from enum import StrEnum

from notices.rendering import as_text


class Meaning(StrEnum):
    """What somebody wants who answers."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


_STOP = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "remove",
        "arret",
        "arrete",
        "td",
        "stopp",
        "abmelden",
        "abbestellen",
        "beenden",
        "kündigen",
    ]
) | {"stop all", "opt out"}
_START = frozenset({"start", "unstop", "yes", "ja", "weiter"})
_HELP = frozenset({"help", "info", "hilfe", "aide"})
_PLAIN = re.compile(
    r"\b(stop|stopp|unsubscribe|abmelden|abbestellen|opt ?out|no more (texts|messages)|keine (sms|nachrichten) mehr)\b"
)
_NOT_WANTED = re.compile(r"\b(do not|don t|dont|never|nicht|not) (stop|unsubscribe|abbestellen)\b")


def meaning_of(text: str) -> Meaning:
    """What these words ask for."""
    words = _bare(text)
    if words in _STOP:
        return Meaning.STOP
    if words in _START:
        return Meaning.START
    if words in _HELP:
        return Meaning.HELP
    return Meaning.STOP if _PLAIN.search(words) and not _NOT_WANTED.search(words) else Meaning.OTHER


def _bare(text: str) -> str:
    """In small letters, without accents on “arrêt”, without punctuation, with single spaces."""
    folded = unicodedata.normalize("NFKC", as_text(text)).casefold().replace("ê", "e")
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())
