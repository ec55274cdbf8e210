"""The way in: typing an address, opening the link of the mail, pressing its button or typing the code; and the way out."""

from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from desk.addresses import client_address
from desk.browsers import spoken
from desk.cookies import name_of, put, put_out
from desk.rate_limits import Limit, TooOften
from desk.refusals import Refused
from rewards.portal import sessions, signing_in
from rewards.portal.views import door
from rewards.portal.views.door import ASKED, LINK, SESSION

ASK = Limit("portal-ask", times=10, seconds=600)
"""Links asked for from one network address in ten minutes."""

ASK_FOR = Limit("portal-ask-for", times=5, seconds=3600)
"""Links asked for to one mail address in an hour, known or not."""

TRY = Limit("portal-try", times=30, seconds=600)
"""Codes and links tried from one network address in ten minutes."""

_SALT = "rewards.portal.asked"
_GOOD_FOR = int(signing_in.GOOD_FOR.total_seconds())
_ASKED_FOR = 3600
"""Seconds for which a browser remembers what it asked for."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type your address. The answer is the same whoever it belongs to."""
    wanted = door.safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if door.visit_of(request) is not None:
        return redirect(wanted)
    if request.method != "POST":
        return render(request, "portal/ask.html", {"next": wanted})
    email = request.POST.get("email", "").strip()
    at = timezone.now()
    try:
        ASK.take(client_address(request), at=at)
        validate_email(email)
        ASK_FOR.take(email.casefold()[:254], at=at)
    except ValidationError:
        return _ask_again(request, email, wanted, _("Write an e-mail address like ben@example.org."), 422)
    except TooOften as refusal:
        return door.too_often(request, refusal)
    asked = signing_in.ask(email=email, at=at, wanted=wanted)
    return _look_into_your_mail(asked.reference, email[:254], wanted)


def _look_into_your_mail(reference: str, email: str, wanted: str) -> HttpResponse:
    response = redirect("my_code")
    put(response, ASKED, signing.dumps([reference, email, wanted], salt=_SALT), seconds=_ASKED_FOR)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Look into your mail: there is a link, and a code to be typed here."""
    asked = _asked(request)
    if asked is None:
        return redirect("my_door")
    reference, email, wanted = asked
    if request.method != "POST":
        return render(request, "portal/code.html", {"email": email})
    at = timezone.now()
    try:
        TRY.take(client_address(request), at=at)
        begun = signing_in.enter_by_code(reference=reference, code=request.POST.get("code", ""), device=_device(request), at=at)
    except TooOften as refusal:
        return door.too_often(request, refusal)
    except Refused as refusal:
        context = {"email": email, "refusal": refusal.sentence}
        return render(request, "portal/code.html", context, status=refusal.status)
    return _let_in(request, begun[1], wanted)


@csrf_exempt  # answers nothing but GET and HEAD; a refusal of the check would write the key into the log
@never_cache
@require_safe
def link(request: HttpRequest, key: str) -> HttpResponse:
    """What the mail links to. The key leaves the address at once; nothing is used up, however often and by whomever it is opened."""
    response = redirect("my_enter")
    if len(key) <= 64 and key.isascii():
        put(response, LINK, key, seconds=_GOOD_FOR)
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """One button. Pressing it uses the link up and lets in; looking does nothing."""
    at = timezone.now()
    key = request.COOKIES.get(name_of(LINK), "")
    opened = signing_in.opened_by(key, at=at)
    if request.method == "POST":
        return _press(request, key, opened.wanted if opened else "", at)
    if opened is None:
        return render(request, "portal/link_over.html", status=410)
    asked = _asked(request)
    is_same = asked is not None and asked[0] == opened.reference
    return render(request, "portal/enter.html", {"is_same": is_same})


def _press(request: HttpRequest, key: str, wanted: str, at: datetime) -> HttpResponse:
    try:
        TRY.take(client_address(request), at=at)
        begun = signing_in.enter_by_link(key=key, device=_device(request), at=at)
    except TooOften as refusal:
        return door.too_often(request, refusal)
    except Refused as refusal:
        response = render(request, "portal/link_over.html", status=refusal.status)
        put_out(response, LINK)
        return response
    return _let_in(request, begun[1], wanted)


def plain(request: HttpRequest, template: str) -> HttpResponse:
    """A page for somebody who is not in, or not any more."""
    return render(request, template)


def once_more(request: HttpRequest, visit: door.Visit) -> HttpResponse:
    """Ask somebody who came in some time ago to show again who they are, by a code to their own address."""
    return door.show(request, visit, "portal/again.html", {"next": request.path})


@door.inside("POST")
def again(request: HttpRequest, visit: door.Visit) -> HttpResponse:
    """Mail a code to the address of whoever is in."""
    ASK_FOR.take(visit.customer.email.casefold(), at=visit.at)
    wanted = door.safe_next(request, request.POST.get("next", ""))
    asked = signing_in.ask(email=visit.customer.email, at=visit.at, wanted=wanted)
    return _look_into_your_mail(asked.reference, visit.customer.email, wanted)


@door.inside("POST")
def leave(request: HttpRequest, visit: door.Visit) -> HttpResponse:
    """Sign out of this browser; it forgets what it kept of these pages."""
    sessions.end(session=visit.session, at=visit.at, by=visit.by)
    response = render(request, "portal/left.html")
    put_out(response, SESSION)
    response["Clear-Site-Data"] = '"cache"'
    return response


def _let_in(request: HttpRequest, key: str, wanted: str) -> HttpResponse:
    response = redirect(door.safe_next(request, wanted))
    put(response, SESSION, key, seconds=int(sessions.LONGEST.total_seconds()))
    for over in (LINK, ASKED):
        put_out(response, over)
    return response


def _asked(request: HttpRequest) -> tuple[str, str, str] | None:
    """The sign-in this browser asked for: its name, the address that was typed, the page that was wanted."""
    try:
        word = request.COOKIES.get(name_of(ASKED), "")
        reference, email, wanted = signing.loads(word, salt=_SALT, max_age=_ASKED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return reference, email, wanted


def _device(request: HttpRequest) -> str:
    return spoken(request.headers.get("User-Agent", "")[:500])


def _ask_again(request: HttpRequest, typed: str, wanted: str, refusal: str, status: int) -> HttpResponse:
    context = {"typed": typed[:254], "next": wanted, "refusal": refusal}
    return render(request, "portal/ask.html", context, status=status)
