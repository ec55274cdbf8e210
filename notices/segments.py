"""How many messages a text costs as SMS. Pure: characters in, parts out.

A text in the GSM alphabet (3GPP TS 23.038, basic table and extension) takes 7 bits a character, those of the extension two
characters' room; any other character makes the whole text UCS-2 with 16 bits each, 32 for those beyond the basic plane. A message holds
160 or 70; parts of a longer text hold 153 or 67, because each says which part it is, and no character is cut in two.
"""

from dataclasses import dataclass

GSM = "GSM-7"
UCS2 = "UCS-2"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ROOM = {GSM: (160, 153), UCS2: (70, 67)}


_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "−": "-",
    "…": "...", "•": "-", "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "ç": "Ç", "\t": " ",
})  # fmt: skip
"""Letters that would turn a whole text into UCS-2 and say no more than these do."""
MOST = 3
"""So many messages one text may make. A longer one is no text but a mail."""


def plain(text: str) -> str:
    """`text` with curly quotes, long dashes and the like as the SMS alphabet has them, so that one of them does not make it cost double."""
    return text.translate(_PLAIN)


@dataclass(frozen=True)
class Sms:
    """A text as SMS: its alphabet, the room it takes in units of the alphabet, and how many messages it makes."""

    alphabet: str
    units: int
    parts: int
    foreign: tuple[str, ...]

    @property
    def words(self) -> str:
        """As staff read it."""
        messages = "1 message" if self.parts == 1 else f"{self.parts} messages"
        return f"{messages}, {self.units} characters of {self.alphabet}"


def count(text: str) -> Sms:
    """The room a text takes. `foreign` are the characters, each once, that keep it from being GSM. An empty text makes no message."""
    foreign = tuple(dict.fromkeys(letter for letter in text if letter not in _BASIC and letter not in _EXTENSION))
    alphabet = UCS2 if foreign else GSM
    widths = [_width(letter, alphabet) for letter in text]
    return Sms(alphabet, sum(widths), _parts(widths, *_ROOM[alphabet]), foreign)


def _width(letter: str, alphabet: str) -> int:
    if alphabet == GSM:
        return 2 if letter in _EXTENSION else 1
    return 2 if ord(letter) > 0xFFFF else 1


def _parts(widths: list[int], alone: int, each: int) -> int:
    if sum(widths) <= alone:
        return 1 if widths else 0
    parts, room = 1, each
    for width in widths:
        if width > room:
            parts, room = parts + 1, each
        room -= width
    return parts
