"""The pages that belong to no app: the front door, and the colours and the logo of the brand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from campaigns import logos
from campaigns.models import Brand
from config.branding import stylesheet
from referrals.sharing import spoken_names
from referrals.views import cookie


@never_cache
@require_safe
@cookie.gone_when_off
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and where to type a code."""
    kept = cookie.kept_invitation(request, at=timezone.now())
    return render(request, "public/home.html", {"by_name": spoken_names.is_possible(), "kept": kept})


@require_safe
@cache_control(public=True, max_age=86_400)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The brand's colours. Pages ask for it under a name that changes with its content."""
    return HttpResponse(stylesheet(Brand.current()), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_logo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A logo, under the name of what is in it: it never changes, and that of before is still there for mails that are out. Asks no database."""
    body = logos.body_of(sha256)
    if body is None:
        raise Http404("There is no such logo.")
    return HttpResponse(body, content_type="image/png")
