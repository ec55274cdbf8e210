"""Words that strangers will read: plain, of a length, without links and without ways round the desk."""

import re
import unicodedata

_A_LINK = re.compile(
    r"https?:|www\.|[\w.+-]+@[\w-]+\.|\b[a-z0-9-]+\.(com|org|net|info|biz|io|de|at|ch|ru|cn|link|shop|xyz)\b", re.IGNORECASE
)
_CONTROLS = "C"


def plain(text: str, *, limit: int) -> str:
    """Words and line breaks: no control characters, no blanks at the ends, never two empty lines. Cut far beyond `limit` only."""
    lines = unicodedata.normalize("NFC", text[: limit * 4]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = ("".join(letter for letter in line if unicodedata.category(letter)[0] != _CONTROLS).strip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean)).strip()


def has_a_link(text: str) -> bool:
    """Whether a text holds an address of a page or of a person."""
    return _A_LINK.search(text) is not None
