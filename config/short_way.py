"""The way to an open invitation past what it has no use for: sessions, log-ins, messages. Hundreds may open one in a second.

What every page has is put on before: headers, language, the policy of contents, the id of the request. All that is no plainly open
invitation goes the long way through everything.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from referrals.views.pages import quick_landing

_INVITATION = re.compile(r"/r/([^/]{1,64})/")


class ShortWayMiddleware:
    """Answers `GET /r/<code>/` itself while the invitation is open. Stands behind what every page needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page of an open invitation, or whatever the long way leads to."""
        found = _INVITATION.fullmatch(request.path_info) if request.method == "GET" else None
        response = self._quickly(request, found[1]) if found else None
        return self.get_response(request) if response is None else response

    def _quickly(self, request: HttpRequest, code: str) -> HttpResponse | None:
        # Refuses names of hosts that are not ours, as CommonMiddleware does further in.
        request.get_host()
        response = quick_landing(request, code, at=timezone.now())
        if response is not None:
            response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        return response
