"""What a promo code may be. Pure: it knows words, and nothing of who has which.

A promo code is memorable and so can be guessed; that is why a code by itself shows nothing personal and gives nothing.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from referrals import codes
from referrals.refusals import BadInput

SHORTEST, LONGEST = 4, 20

_ALLOWED = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_FOLDED = str.maketrans("OILEASTBG", "011345786")
"""Letters and the figures that people write for them, as one."""

_ANYWHERE = [
    "ARSCHLOCH",
    "ASSHOLE",
    "BASTARD",
    "BITCH",
    "BULLSHIT",
    "CUNT",
    "DICKHEAD",
    "FAGGOT",
    "FICKEN",
    "FOTZE",
    "FUCK",
    "HITLER",
    "HURENSOHN",
    "MISSGEBURT",
    "MOTHERF",
    "NAZI",
    "NIGGA",
    "NIGGER",
    "PENIS",
    "PISSOFF",
    "PORN",
    "PUSSY",
    "RAPIST",
    "SCHEISS",
    "SHITTY",
    "SIEGHEIL",
    "SLUT",
    "TWAT",
    "VAGINA",
    "WANKER",
    "WHORE",
    "WICHSER",
]
"""Refused wherever they stand in a code, with figures for letters too."""

_AS_A_WORD = [
    "ANAL",
    "ANUS",
    "ARSCH",
    "ARSE",
    "ASS",
    "COCK",
    "COON",
    "CUM",
    "DICK",
    "FAG",
    "GEIL",
    "GOOK",
    "HURE",
    "KIKE",
    "PIMMEL",
    "PISS",
    "RAPE",
    "SAU",
    "SEX",
    "SHIT",
    "SPIC",
    "SS",
    "TITS",
]
"""Refused as a word between dashes or as the whole code: inside other words they are harmless (CLASS, ESSEX, DICKENS)."""

_OURS = ["ADMIN", "HELPDESK", "LENDWELL", "OFFICIAL", "STAFF", "SUPPORT"]
"""Words that would make a friend believe the company speaks."""


def spelt(text: str) -> str:
    """A promo code as we write it: upper case, with one dash where something else stood between the words."""
    upper = unicodedata.normalize("NFKC", text[:200]).strip().upper()
    return re.sub(r"[\s._\-–—/]+", "-", upper).strip("-")


def check(spelling: str, *, brand: str) -> None:
    """Raise `BadInput` unless a promo code spelt so may be had: `promo_code_letters`, `promo_code_length`, `promo_code_figures`,
    `promo_code_rude`, `promo_code_ours`, `promo_code_like_a_code`. `brand` is the name nobody may borrow.
    """
    if not _ALLOWED.fullmatch(spelling):
        raise BadInput("promo_code_letters", _("Use the letters A to Z, figures and dashes only, such as ASHA-CAMERA."))
    key = codes.normalise(spelling)
    if len(key) < SHORTEST or len(spelling) > LONGEST:
        sentence = _("Use %(shortest)d to %(longest)d characters.") % {"shortest": SHORTEST, "longest": LONGEST}
        raise BadInput("promo_code_length", sentence)
    if not any(character.isalpha() for character in spelling):
        raise BadInput("promo_code_figures", _("Figures alone are hard to remember. Use at least one letter."))
    if _is_rude(spelling):
        raise BadInput("promo_code_rude", _("Somebody could take this amiss. Choose another word."))
    if _folded("".join(re.findall("[A-Z0-9]", brand.upper())) or "LENDWELL") in _folded(key) or _speaks_for_us(spelling):
        raise BadInput("promo_code_ours", _("This sounds as if the company itself were inviting. Choose a word of your own."))
    if codes.is_well_formed(key):
        raise like_a_code()


def one_slip_away(spelling: str) -> list[str]:
    """All proper codes that differ from this promo code in one character: whoever mistypes one of them must not end up here."""
    key = codes.normalise(spelling)
    if len(key) != codes.RANDOM_LENGTH + 1:
        return []
    slips = (key[:place] + other + key[place + 1 :] for place in range(len(key)) for other in codes.ALPHABET)
    return [slip for slip in slips if codes.is_well_formed(slip)]


def like_a_code() -> BadInput:
    """The refusal of a promo code that could be mistaken for somebody's code."""
    return BadInput("promo_code_like_a_code", _("This looks like somebody’s code. Make it longer or shorter by a letter."))


def _is_rude(spelling: str) -> bool:
    whole = _folded(spelling.replace("-", ""))
    words = {_folded(word) for word in spelling.split("-")}
    return any(_folded(word) in whole for word in _ANYWHERE) or any(_folded(word) in words | {whole} for word in _AS_A_WORD)


def _speaks_for_us(spelling: str) -> bool:
    return any(_folded(word) in {_folded(part) for part in spelling.split("-")} for word in _OURS)


def _folded(text: str) -> str:
    return text.translate(_FOLDED)
