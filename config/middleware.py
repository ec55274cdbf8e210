"""What holds for every page: what HEAD answers, headers, how long a session lasts, the clock and the second factor of staff."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from config.signing_in import clocks
from config.signing_in.rules import OPEN_BEFORE_SET_UP, SET_UP, is_desk, must_set_up

Handler = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_BETWEEN_WRITES = 60
"""Seconds: a session that is used is not written more often than this."""


class NoBodyForHeadMiddleware:
    """An answer to HEAD is the headers of the page alone: a web server has to drop the body, and warns of each that it dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Take the body off; the length stays that of the page."""
        response = self.get_response(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = []
        elif isinstance(response, HttpResponse) and response.content:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class PageHeadersMiddleware:
    """No page may use the camera and its like unless its view says so, and nothing of the desk is kept anywhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the headers on the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if is_desk(request) and "no-store" not in response.headers.get("Cache-Control", ""):
            add_never_cache_headers(response)
        return response


class BodySizeMiddleware:
    """Refuses in words what is larger than any form of customers and friends, by the length it announces, before a byte of it is read.

    The desk takes files, and has limits of its own for them.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413, or let the request go on."""
        if is_desk(request) or _announced(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        response = render(request, "413.html", status=413)
        # What usually puts it on stands further in.
        response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        return response


def _announced(request: HttpRequest) -> int:
    """How many bytes of a body are said to come. Without a length nothing of it is read at all."""
    length: str = request.META.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else 0


class SessionLimitsMiddleware:
    """Ends a session 12 hours after the log-in, however busy it was; Django ends it when it was idle for 30 minutes.

    To be idle means that nothing was asked for: each use moves the end, but is written down only once a minute.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session, or note that it is used."""
        if request.user.is_authenticated:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        began = request.session.setdefault("began_at", now)
        if now - began >= settings.SESSION_ABSOLUTE_AGE:
            logout(request)
        elif now - request.session.get("seen_at", 0) >= _BETWEEN_WRITES:
            request.session["seen_at"] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


class StaffClockMiddleware:
    """Pages of the desk go by the clock of whoever looks; every other page, and every file, by UTC."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the clock for this request only."""
        if not (is_desk(request) and request.user.is_authenticated):
            return self.get_response(request)
        with timezone.override(clocks.of_session(request.session)):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Staff who are in by password alone reach the page on which they set up a second factor, and nothing else of the desk."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request go on; `process_view` stops it."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """Send whoever has to set up a factor there."""
        match = request.resolver_match
        is_open = match is not None and match.namespace == "" and match.url_name in OPEN_BEFORE_SET_UP
        return redirect(SET_UP) if is_desk(request) and not is_open and must_set_up(request) else None
