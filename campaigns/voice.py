"""How messages begin and end: the brand's own words in the reader's language, or the built-in ones of that language."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.models import Brand
from desk.speaking import rewritten

SAID = ("greeting", "sign_off")
"""What is said in each language."""


def greeting(brand: Brand, language: str) -> str:
    """What stands before the reader's name."""
    with translation.override(language):
        return own(brand, "greeting", language) or pgettext("how a message begins, before the reader's name", "Hello")


def sign_off(brand: Brand, language: str) -> str:
    """What stands below a message."""
    with translation.override(language):
        return own(brand, "sign_off", language) or _("Yours,\nthe %(brand)s team") % {"brand": brand.name}


def own(brand: Brand, part: str, language: str) -> str:
    """What the brand says itself in a language for one of `SAID`; empty where it leaves that to the built-in words."""
    if language == settings.LANGUAGE_CODE:
        return {"greeting": brand.greeting, "sign_off": brand.sign_off}[part]
    return str(brand.voices.get(language, {}).get(part, ""))


def say(brand: Brand, part: str, language: str, words: str) -> None:
    """Have the brand say it so in a language other than the house's own; empty words leave it to the built-in ones. Nothing is saved here."""
    brand.voices = rewritten(brand.voices, language=language, key=part, text=words)
