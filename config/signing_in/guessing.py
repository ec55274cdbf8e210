"""Making guesses slow without letting a stranger lock anybody out.

Two counters, both over the failures that axes keeps in the database, so that every process of the site sees the same:

- a name tried from one address is locked for a while after a few failures (axes does this);
- a name that failed too often from many addresses is slowed down: one try in each half minute, wherever it comes from. It is
  never locked, and browsers in which this person finished a log-in before do not wait for strangers at all.
"""

import ipaddress
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.userkit import get_user_by_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.addresses import client_address
from desk.rate_limits import Limit, TooOften

MANY = 20
"""Failures for one name within the time that axes remembers them, after which everybody tries it slowly."""

SLOW = Limit("sign-in-slow", 1, 30)
KNOWN = Limit("sign-in-known-browser", 20, 3600)
NOWHERE = "0.0.0.0"
"""Stands for an address that is none: a socket file, or what a proxy made up."""

_KNOWN_DAYS = 90
_KNOWN_PEOPLE = 8
_SALT = "config.signing_in.known_browser"


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, always one that the database takes."""
    try:
        return str(ipaddress.ip_address(client_address(request)))
    except ValueError:
        return NOWHERE


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which failures are counted: the account's own spelling, however it was typed ("MINA", " mina")."""
    typed = str((credentials or {}).get("username") or request.POST.get("login", ""))[:255]
    user = account_of(typed)
    return user.get_username() if user else unicodedata.normalize("NFKC", typed.strip()).upper().casefold()[:255]


def account_of(typed: str) -> User | None:
    """The account that a typed name means, as the log-in itself looks for it."""
    return get_user_by_username(typed.strip()) if typed.strip() and "\0" not in typed else None


def slow_down(request: HttpRequest, name: str, at: datetime) -> None:
    """Raise `TooOften` when many addresses guess at this name and it is not this one's turn."""
    since = at - settings.AXES_COOLOFF_TIME
    failures = AccessAttempt.objects.filter(username=name, attempt_time__gte=since).aggregate(all=Sum("failures_since_start"))
    if (failures["all"] or 0) < MANY:
        return
    if _is_known(request, name):
        KNOWN.take(request.COOKIES[settings.KNOWN_BROWSER_COOKIE], at=at)
    else:
        SLOW.take(name, at=at)


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser be known again as one in which `user` finished a log-in. It says nothing else and opens nothing."""
    known = [user.pk, *(pk for pk in _known_people(request) if pk != user.pk)][:_KNOWN_PEOPLE]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE, signing.dumps(known, salt=_SALT), max_age=timedelta(days=_KNOWN_DAYS),
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def _is_known(request: HttpRequest, name: str) -> bool:
    return User.objects.filter(username=name, pk__in=_known_people(request)).exists()


def _known_people(request: HttpRequest) -> list[int]:
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, "")
    try:
        people: list[int] = signing.loads(cookie, salt=_SALT, max_age=timedelta(days=_KNOWN_DAYS))
    except signing.BadSignature:
        return []
    return people


def locked_page(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """What somebody reads whose name is locked at their address: until when, and what to do meanwhile."""
    at = timezone.now()
    attempts = AccessAttempt.objects.filter(username=name_tried(request, credentials), ip_address=address_of(request))
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or at
    return wait_page(request, until=last + settings.AXES_COOLOFF_TIME, at=at, is_locked=True)


def slow_page(request: HttpRequest, refusal: TooOften, at: datetime) -> HttpResponse:
    """What somebody reads who has to wait for their turn."""
    return wait_page(request, until=at + timedelta(seconds=refusal.retry_after), at=at, is_locked=False)


def wait_page(request: HttpRequest, *, until: datetime, at: datetime, is_locked: bool) -> HttpResponse:
    """429, with the time from which it may be tried again."""
    seconds = max(1, int((until - at).total_seconds()))
    context = {"until": until, "minutes": -(-seconds // 60), "seconds": seconds, "is_locked": is_locked}
    response = render(request, "account/wait.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
