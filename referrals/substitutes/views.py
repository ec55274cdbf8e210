"""The page on which a customer says yes or no to something else than what they were promised."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit import actors
from desk import languages
from desk.addresses import client_address
from desk.refusals import Refused
from referrals import substituting, tokens
from referrals.models import SubstituteOffer
from referrals.refusals import LinkInvalid
from referrals.states import OfferState
from referrals.views.door import CONFIRM, limited


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def substitute(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it changes nothing, for mail scanners look too; its buttons answer. Afterwards it says what was answered."""
    at = timezone.now()
    CONFIRM.check(client_address(request), at=at)
    try:
        offer = tokens.read_answer(token)
    except LinkInvalid as refusal:
        CONFIRM.take(client_address(request), at=at)
        return render(request, "public/link_problem.html", {"sentence": refusal.sentence}, status=refusal.status)
    languages.greet(request, offer.loan.borrower.language)
    if request.method == "POST":
        return _answer(request, offer, at)
    is_open = offer.state == OfferState.OFFERED and at < offer.answer_by
    status = 200 if is_open or offer.state in (OfferState.ACCEPTED, OfferState.DECLINED) else 410
    shown = {"offer": offer, "is_open": is_open, "sentence": substituting.sentence(offer)}
    return render(request, "public/substitute.html", shown, status=status)


def _answer(request: HttpRequest, offer: SubstituteOffer, at: datetime) -> HttpResponse:
    by = actors.customer(offer.loan.borrower.reference)
    answer = substituting.accept_substitute if request.POST.get("answer") == "yes" else substituting.decline_substitute
    try:
        answer(offer=offer, at=at, by=by)
    except Refused as refusal:
        return render(request, "public/link_problem.html", {"sentence": refusal.sentence}, status=refusal.status)
    return redirect(request.path)
