"""What a reader can do from a message without logging in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from customers import consenting
from desk.refusals import Refused
from notices import unsubscribing


# The signed word is the authority, there is no session to ride on, and a mail program's own button (RFC 8058) has no token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, word: str) -> HttpResponse:
    """Looking changes nothing, for mail scanners look too; a POST stops news and offers at once, with `again` it takes that back."""
    at = timezone.now()
    try:
        customer, channel = unsubscribing.read(word)
    except Refused as refusal:
        return render(request, "public/link_problem.html", {"sentence": refusal.sentence}, status=404)
    if request.method == "POST":
        change = unsubscribing.go_on if request.POST.get("again") else unsubscribing.stop
        change(customer=customer, channel=channel, at=at)
    is_sent = consenting.has_consent(customer, channel, unsubscribing.PURPOSE)
    return render(request, "public/unsubscribe.html", {"is_sent": is_sent, "has_changed": request.method == "POST"})
