"""What every public page goes through: limits, forms that come from our own pages, and the finding of a code."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from desk.addresses import client_address
from desk.rate_limits import Limit, TooOften
from referrals import lookup
from referrals.models import Code
from referrals.sharing import spoken_names

SIGN_UP = Limit("sign-up", times=20, seconds=600)
"""Sign-ups sent from one address in ten minutes."""

GUESS = Limit("guess", times=30, seconds=60)
"""Codes nobody has, tried from one address in a minute."""

CONFIRM = Limit("confirm", times=30, seconds=60)
"""Confirming links that are no good, tried from one address in a minute."""

View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """Answer 429 with a sentence, and when to come back, where a limit refuses."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooOften as refusal:
            response = render(request, "public/slow_down.html", {"sentence": refusal.sentence}, status=refusal.status)
            response["Retry-After"] = str(refusal.retry_after)
            return response

    return answer


def from_our_pages(view: View) -> View:
    """For a page that sets no cookie for its form, and so takes no CSRF token: what another site's page sends is refused all the same.

    There is no session that could be ridden on; the form carries a signed word of its own (`tokens.sign_form`).
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method == "POST" and _is_from_elsewhere(request):
            return link_problem(request, _("This came from a page that is not ours, so we did nothing with it."), 403)
        return view(request, *args, **kwargs)

    return answer


def find(request: HttpRequest, text: str, at: datetime, *, by_name: bool = False) -> Code | None:
    """The code meant by `text`. Whoever tries many that do not exist is slowed down."""
    address = client_address(request)
    GUESS.check(address, at=at)
    code = lookup.find_code(text) or (spoken_names.find_by_name(text, at=at) if by_name else None)
    if code is None:
        GUESS.take(address, at=at)
    return code


def unknown(request: HttpRequest) -> HttpResponse:
    """404: nobody has this code."""
    return render(request, "public/unknown_code.html", {"by_name": spoken_names.is_possible()}, status=404)


def link_problem(request: HttpRequest, sentence: str, status: int, *, invitation: Code | None = None) -> HttpResponse:
    """A page that says why a link or a form was not taken; with an invitation, the way to begin anew."""
    return render(request, "public/link_problem.html", {"sentence": sentence, "invitation": invitation}, status=status)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Browsers say from which site a form comes: new ones by `Sec-Fetch-Site`, all by `Origin`, which no page can invent."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin", "")
    ours = {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    return bool(origin) and urlsplit(origin).netloc not in ours
