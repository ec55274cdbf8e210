"""Pictures of a code: for screens, for chats and for paper. Looking at them is no visit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.http import require_safe

from campaigns.models import Brand
from desk.addresses import client_address
from desk.rate_limits import Limit
from referrals import lookup
from referrals.models import Code
from referrals.sharing import chat_pictures, pictures
from referrals.views.door import GUESS, limited

CARD = Limit("card", times=10, seconds=600)
"""Cards drawn for one address in ten minutes: each takes a second of a processor."""

_FOR_EVER = "public, max-age=31536000, immutable"
_A_WHILE = "private, max-age=300"
"""A card carries the name and the offer, which may change."""


@require_safe
@limited
def qr_svg(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of a link, to be drawn at any size."""
    found = _find(request, code)
    tag = pictures.tag_of(found)
    known = get_conditional_response(request, etag=tag)
    return known or _file(pictures.svg(found), "image/svg+xml", f"{found.code}.svg", tag, _FOR_EVER)


@require_safe
@limited
def qr_png(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of a link, for programs that take pictures only."""
    found = _find(request, code)
    tag = pictures.tag_of(found)
    known = get_conditional_response(request, etag=tag)
    return known or _file(pictures.png(found), "image/png", f"{found.code}.png", tag, _FOR_EVER)


@require_safe
def chat_picture(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The picture a chat shows beside a link to this campaign. Whoever asks for an old one is sent to the new one."""
    campaign = chat_pictures.public_campaign(slug)
    if campaign is None:
        raise Http404("There is no such campaign.")
    brand = Brand.current()
    with override(chat_pictures.language_of(version, campaign)):
        current = chat_pictures.version_of(campaign, brand)
        if version != current:
            return redirect("chat_picture", slug, current)
        tag = f'"{current}"'
        known = get_conditional_response(request, etag=tag)
        return known or _file(chat_pictures.draw(campaign, brand), "image/png", f"{slug}.png", tag, _FOR_EVER)


@require_safe
@limited
def card(request: HttpRequest, code: str) -> HttpResponse:
    """A card of the size A6 with the QR code, with what a print shop needs."""
    at = timezone.now()
    found = _find(request, code)
    shown = pictures.card_of(found, at=at)
    html = render_to_string("print/card.html", {"card": shown}, request=request)
    tag = pictures.tag_of(found, html)
    known = get_conditional_response(request, etag=tag)
    if known:
        return known
    CARD.take(client_address(request), at=at)
    return _file(pictures.draw(html, shown), "application/pdf", f"{found.code}.pdf", tag, _A_WHILE)


def _find(request: HttpRequest, text: str) -> Code:
    """The code meant by `text`. Whoever tries many that do not exist is slowed down."""
    address, at = client_address(request), timezone.now()
    GUESS.check(address, at=at)
    found = lookup.find_code(text)
    if found is None:
        GUESS.take(address, at=at)
        raise Http404("We know no such code.")
    return found


def _file(body: bytes, kind: str, name: str, tag: str, cached: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": cached, "ETag": tag}
    return HttpResponse(body, content_type=kind, headers=headers)
