"""Where providers tell what became of messages. The only addresses without a CSRF token besides the one-click unsubscribe: a provider has
no session to ride on, and its signature is the authority.
"""

from collections.abc import Callable
from typing import Any

from anymail.urls import urlpatterns as anymail_addresses
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from desk.addresses import client_address
from desk.rate_limits import Limit, TooOften
from notices.inbound import guarding, receiving
from notices.inbound.answers import answer_to
from notices.inbound.signatures import is_from_twilio

LIMIT = 256 * 1024
"""Bytes of what a provider tells at once."""
FORGED = Limit("forged_events", times=30, seconds=60)
"""Wrong signatures from one address; what is signed is never limited."""

_TWIML = "text/xml; charset=utf-8"


@csrf_exempt
@never_cache
def email_events(request: HttpRequest, provider: str) -> HttpResponseBase:
    """What became of mails. Only the chosen provider's address is there; django-anymail checks who says it."""
    if not settings.EMAIL_PROVIDER or provider != settings.EMAIL_PROVIDER or not guarding.email_is_guarded():
        raise Http404("No such provider is set up here.")
    return _too_large(request) or _hook_of(provider)(request)


@csrf_exempt
@never_cache
@require_POST
def sms_status(request: HttpRequest) -> HttpResponse:
    """What became of a text."""
    return _signed(request, receiving.sms_status)


@csrf_exempt
@never_cache
@require_POST
def sms_replies(request: HttpRequest) -> HttpResponse:
    """What somebody answered. The answer to it travels back in the same breath, once."""
    return _signed(request, receiving.sms_reply)


def _signed(request: HttpRequest, read: Callable[[dict[str, str]], receiving.Told | None]) -> HttpResponse:
    if settings.SMS_PROVIDER != "twilio":
        raise Http404("No such provider is set up here.")
    at, address = timezone.now(), client_address(request)
    try:
        FORGED.check(address, at=at)
        refused = _too_large(request) or _refused(request, address)
    except TooOften as refusal:
        return HttpResponse(
            refusal.sentence, status=429, headers={"Retry-After": str(refusal.retry_after)}, content_type="text/plain"
        )
    if refused:
        return refused
    told = read({name: str(value) for name, value in request.POST.items()})
    event = receiving.receive(told, at=at) if told else None
    return HttpResponse(answer_to(event), content_type=_TWIML)


def _refused(request: HttpRequest, address: str) -> HttpResponse | None:
    form = [(name, str(value)) for name in request.POST for value in request.POST.getlist(name)]
    # The public address comes from the settings: the Host of a request is whatever its sender writes.
    public = f"{settings.SITE_URL}{request.get_full_path()}"
    signature = request.headers.get("X-Twilio-Signature", "")
    if is_from_twilio(signature, token=settings.SMS_TOKEN, address=public, form=form):
        return None
    FORGED.take(address, at=timezone.now())
    return HttpResponse("The signature is wrong.", status=403, content_type="text/plain")


def _too_large(request: HttpRequest) -> HttpResponse | None:
    length = request.headers.get("Content-Length", "")
    said = int(length) if length.isascii() and length.isdigit() and len(length) < 12 else LIMIT + 1
    if request.method == "POST" and (said > LIMIT or len(request.body) > LIMIT):
        return HttpResponse(f"At most {LIMIT:,} bytes are taken at once.", status=413, content_type="text/plain")
    return None


def _hook_of(provider: str) -> Any:
    wanted = f"{provider}_tracking_webhook"
    found = next((address.callback for address in anymail_addresses if address.name == wanted), None)
    if found is None:
        raise Http404("This provider tells nothing about mails.")
    return found
