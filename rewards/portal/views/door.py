"""Who is asking: every page of a customer goes through here, and is shown in their language and to them alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit import actors
from audit.actors import Actor
from customers.models import Customer
from desk import languages
from desk.cookies import name_of, put_out
from desk.rate_limits import Limit, TooOften
from desk.refusals import Refused
from notices.choosing import language_of
from rewards.models import PortalSession
from rewards.portal import sessions
from rewards.portal.views.done import sentence_of

SESSION, ASKED, LINK = "portal", "portal-ask", "portal-link"
"""Cookies: the session's key; which sign-in this browser asked for; the key of a link that was opened and not used yet."""

FRESH = timedelta(minutes=15)
LONGEST_NEXT = 500
"""Characters of an address to go on to. A cookie carries it while somebody looks into their mail, and browsers keep only short ones."""
WRITES = Limit("portal-writes", times=60, seconds=600)
"""What one browser sends in ten minutes."""

P = ParamSpec("P")


@dataclass(frozen=True)
class Visit:
    """A customer in their pages at an instant."""

    customer: Customer
    session: PortalSession
    at: datetime

    @property
    def is_fresh(self) -> bool:
        """Whether the customer has just shown who they are: asked before anything that cannot be taken back."""
        return self.at - self.session.created_at < FRESH

    @property
    def by(self) -> Actor:
        """The customer, acting for themselves."""
        return actors.customer(self.customer.reference)


Page = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]
View = Callable[..., HttpResponse]


def inside(*methods: str) -> Callable[[Page[P]], View]:
    """A page for whoever is signed in, answering these methods (GET and HEAD when none is named).

    Everybody else is asked for their address first. Refusals that the page does not show itself get a page of their own.
    """

    def decorate(page: Page[P]) -> View:
        @never_cache
        @require_http_methods([*methods] or ["GET", "HEAD"])
        @wraps(page)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            visit = visit_of(request)
            if visit is None:
                return to_the_door(request)
            language = languages.asked(request) or spoken_to(visit.customer)
            with translation.override(language):
                response = _answered(request, visit, page, *args, **kwargs)
            response.headers["Content-Language"] = language
            return response

        return answer

    return decorate


def _answered(request: HttpRequest, visit: Visit, page: Page[P], *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    try:
        if request.method == "POST":
            WRITES.take(visit.session.reference, at=visit.at)
        return page(request, visit, *args, **kwargs)
    except TooOften as refusal:
        return too_often(request, refusal)
    except Refused as refusal:
        return show(request, visit, "portal/problem.html", {"sentence": refusal.sentence}, status=refusal.status)


def visit_of(request: HttpRequest) -> Visit | None:
    """Who is signed in in this browser, if anybody; notes that the session is used."""
    at = timezone.now()
    session = sessions.find(request.COOKIES.get(name_of(SESSION), ""), at=at)
    if session is None:
        return None
    sessions.touch(session, at=at)
    return Visit(session.customer, session, at)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Ask for the address first, and come back to the page that was wanted, with all that its address said."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = {"next": wanted} if wanted and wanted != reverse("my_home") else {}
    response = redirect(reverse("my_door", query=query))
    if name_of(SESSION) in request.COOKIES:
        put_out(response, SESSION)
    return response


def show(
    request: HttpRequest, visit: Visit, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the portal. What has just been done is said once, named by the address."""
    done = sentence_of(request.GET.get("done", "")) if request.method == "GET" else ""
    return render(request, template, {"visit": visit, "me": visit.customer, "done": done, **(context or {})}, status=status)


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """429 with when to come back."""
    response = render(request, "public/slow_down.html", {"sentence": refusal.sentence}, status=refusal.status)
    response["Retry-After"] = str(refusal.retry_after)
    return response


def spoken_to(customer: Customer) -> str:
    """The language the portal has for this customer."""
    wanted = language_of(customer.language)
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def safe_next(request: HttpRequest, wanted: str) -> str:
    """The page of the portal to go on to: `wanted` when it is one, else the first one. Never another site."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    is_plain = wanted.isprintable() and "\\" not in wanted and ".." not in wanted and len(wanted) <= LONGEST_NEXT
    home = reverse("my_home")
    return wanted if is_ours and is_plain and wanted.startswith(home) else home
