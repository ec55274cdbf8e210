"""The language of what customers read: the one their page was asked for in, or their browser's. Nothing is stored for it.

Who picks a language has it in the address from then on (`?lang=de`): links, forms and redirects carry it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

PARAMETER = "lang"


@dataclass(frozen=True)
class Choice:
    """A language one may change to: its code, its own name, and the address of this page in it."""

    code: str
    name: str
    href: str
    is_chosen: bool


@lru_cache(maxsize=1000)
def supported(wish: str) -> str:
    """The language we speak for a code such as “de”, “de-AT” or “de_at”; empty when we do not."""
    code = wish.replace("_", "-").strip().lower()
    spoken = {known for known, _ in settings.LANGUAGES}
    return next((found for found in (code, code.split("-")[0]) if found in spoken), "")


def name_of(code: str) -> str:
    """What a language calls itself; one that we do not speak, by its code."""
    return dict(settings.LANGUAGES).get(code, code)


def of_customer(wish: str) -> str:
    """The language in which we write to somebody whose language is `wish`: theirs, or the house's own."""
    return supported(wish) or settings.LANGUAGE_CODE


def asked(request: HttpRequest) -> str:
    """The language this address asks for, or empty."""
    return supported(request.GET.get(PARAMETER, "")[:16]) if request.META.get("QUERY_STRING") else ""


def best(request: HttpRequest) -> str:
    """The language to answer in: the one asked for, or the browser's first that we speak, or the house's own."""
    return asked(request) or preferred(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=1000)
def preferred(accepted: str) -> str:
    """The first language of an `Accept-Language` header that we speak, or the house's own."""
    wishes = parse_accept_lang_header(accepted[:500].lower())
    return next(filter(None, (supported(wish) for wish, _ in wishes)), settings.LANGUAGE_CODE)


def greet(request: HttpRequest, wish: str) -> None:
    """Answer a known customer in their own language from here on, unless the address asks for another."""
    if not asked(request):
        translation.activate(supported(wish) or best(request))


def carried(address: str, language: str) -> str:
    """`address`, one of our own, asking for `language`; as it is when that is empty or the address names one already."""
    path, mark, query = address.partition("?")
    if not language or f"{PARAMETER}=" in query:
        return address
    return f"{path}?{query}{'&' if mark and query else ''}{PARAMETER}={language}"


@dataclass(frozen=True)
class PageLanguage:
    """What a template says of its language. `asked` is the one its address names, `query` all that the address says.

    A page that is not `is_switched` offers no other language.
    """

    asked: str
    query: Mapping[str, str]
    is_switched: bool = True

    @property
    def carried(self) -> str:
        """What goes behind the address of a link: “?lang=de” where a language was asked for, or nothing."""
        return carried("", self.asked)

    @property
    def choices(self) -> list[Choice]:
        """Every language with this page in it; none where there is nothing to choose."""
        if not self.is_switched or len(settings.LANGUAGES) < 2:
            return []
        kept = {name: value for name, value in self.query.items() if name != PARAMETER}
        chosen = translation.get_language()
        spoken = settings.LANGUAGES
        return [Choice(code, str(name), f"?{urlencode({PARAMETER: code, **kept})}", code == chosen) for code, name in spoken]
