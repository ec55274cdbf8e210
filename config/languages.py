"""Which language a page is in: customers' pages in the one asked for, or the browser's; the desk in English."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config.signing_in.rules import is_desk
from desk import languages

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speaks the visitor's language while a public page is made, and lets redirects carry on the one that was asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the right language."""
        if is_desk(request):
            return self.get_response(request)
        with translation.override(languages.best(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ("Accept-Language",))
        location = response.headers.get("Location", "")
        if location.startswith("/") and not location.startswith("//"):
            response.headers["Location"] = languages.carried(location, languages.asked(request))
        return response


def language(request: HttpRequest) -> dict[str, languages.PageLanguage]:
    """Context processor: `language` in every template."""
    query = {} if is_desk(request) else request.GET.dict()
    return {"language": languages.PageLanguage(languages.asked(request), query, is_switched=not is_desk(request))}
