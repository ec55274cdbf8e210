"""Cookies of customers' and friends' pages: for this host alone, out of reach of scripts, and not sent along by other sites' forms."""

from django.conf import settings
from django.http import HttpResponse


def name_of(cookie: str) -> str:
    """A cookie's full name here."""
    return f"{settings.COOKIE_PREFIX}{cookie}"


def put(response: HttpResponse, cookie: str, value: str, *, seconds: int) -> None:
    """Give the browser a cookie."""
    response.set_cookie(
        name_of(cookie), value, max_age=seconds, path="/", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def put_out(response: HttpResponse, cookie: str) -> None:
    """Take a cookie away, under the flags it was given with: browsers leave a guarded one alone otherwise."""
    put(response, cookie, "", seconds=0)
