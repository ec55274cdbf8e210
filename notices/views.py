"""The demo's mailbox for staff, and what a reader can do from a message without logging in."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from customers import consenting
from desk import languages
from desk.parts import Empty
from desk.refusals import Refused
from notices import mailbox, unsubscribing
from notices.rendering import linked

MAIL_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; img-src data: {settings.SITE_URL}/brand/; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""For a mail shown as it is: mails style inline, run nothing, load nothing but the brand's logo; their links open beside."""

_EMPTY = {
    True: Empty(
        "No mail yet. What Lendwell writes to customers appears here, because this is a demo and nothing leaves the machine."
    ),
    False: Empty("Mail goes to a real mail server here, so there is no mailbox to look into. What was sent stands under Messages."),
}
"""Why there is no mail to see, by whether there is a mailbox at all."""
_reader = permission_required("notices.read_mailbox", raise_exception=True)


@require_safe
@_reader
def mails(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    context = {"title": "Mailbox", "nothing": _EMPTY[mailbox.is_open()], "mails": mailbox.newest(), "limit": mailbox.LIMIT}
    return render(request, "notices/mailbox.html", {**admin.site.each_context(request), **context})


@require_safe
@_reader
def mail(request: HttpRequest, file: str, position: int) -> HttpResponse:
    """One mail: its head, its text, and its HTML in a frame."""
    found = _found(file, position)
    context = {"title": found.subject or "Mail", "mail": found, "text": mark_safe(linked(found.text))}
    return render(request, "notices/mail.html", {**admin.site.each_context(request), **context})


@require_safe
@_reader
@xframe_options_sameorigin
def mail_html(request: HttpRequest, file: str, position: int) -> HttpResponse:
    """The HTML part of one mail as it is, for the frame, under a policy that lets it do nothing."""
    response = HttpResponse(_found(file, position).html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def _found(file: str, position: int) -> mailbox.Mail:
    found = mailbox.find(file, position)
    if found is None:
        raise Http404("This mail is not in the mailbox.")
    return found


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
    languages.greet(request, customer.language)
    if request.method == "POST":
        change = unsubscribing.go_on if request.POST.get("again") else unsubscribing.stop
        change(customer=customer, channel=channel, at=at)
    is_sent = consenting.has_consent(customer, channel, unsubscribing.PURPOSE)
    return render(request, "public/unsubscribe.html", {"is_sent": is_sent, "has_changed": request.method == "POST"})
