"""The answer to the question whether a browser may remember who invited it."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from desk import cookies
from referrals import remembering, tokens, visits
from referrals.models import Code
from referrals.views import cookie
from referrals.views.door import find, from_our_pages, limited, unknown
from referrals.visits import Visit


@from_our_pages
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def remember(request: HttpRequest, code: str) -> HttpResponse:
    """Yes gives the browser the cookie, no takes it away; then the invitation is shown again. Opened as a page it only leads there."""
    at = timezone.now()
    found = find(request, code, at)
    if found is None:
        return unknown(request)
    if request.method != "POST":
        return redirect(found)
    word = request.POST.get("touch", "")[:300]
    visit = tokens.read_visit(word, at=at)
    answer = "yes" if request.POST.get("answer") == "yes" else "no"
    response = redirect(f"{found.get_absolute_url()}?{urlencode({'touch': word, cookie.ANSWERED: answer} if visit else {})}")
    if answer == "no":
        if cookie.is_there(request):
            cookies.put_out(response, cookie.NAME)
    elif visit is not None and _may(request, found, visit, at):
        _keep(request, response, visit, at)
    return response


def _may(request: HttpRequest, code: Code, visit: Visit, at: datetime) -> bool:
    """A yes counts only from the page of this very code, and where visitors are asked at all."""
    return visit.code_id == code.pk and tokens.is_own_form(request.POST.get("form", ""), code.code, at=at) and remembering.is_on()


def _keep(request: HttpRequest, response: HttpResponse, visit: Visit, at: datetime) -> None:
    # What is remembered has to be a row by the time it is read, also when visits go through the spool.
    visits.touch_of(visit)
    text = remembering.with_one_more(cookie.text_of(request), visit, at=at)
    cookies.put(response, cookie.NAME, text, seconds=remembering.lasting(text, at=at))
