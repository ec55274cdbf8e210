"""What is kept of a customer and what they decide about it: name and language, consent, a copy of their data, being forgotten."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers import consenting, erasing, updating
from customers.states import CHANNELS
from desk.cookies import put_out
from desk.rate_limits import Limit
from desk.refusals import Refused
from notices.unsubscribing import PURPOSE
from rewards.portal import copy_words, exporting
from rewards.portal.forms import EraseForm, ProfileForm
from rewards.portal.views import entering
from rewards.portal.views.door import SESSION, Visit, inside, show

COPIES = Limit("portal-copies", times=5, seconds=86_400)
"""Copies of their data that one customer asks for in a day."""


@inside("GET", "HEAD", "POST")
def preferences(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name and language."""
    me = visit.customer
    if request.method != "POST":
        form = ProfileForm(initial={"name": me.name, "language": me.language.split("-")[0]})
        return show(request, visit, "portal/preferences.html", {"form": form, "tab": "more"})
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            updating.update_profile(customer=me, at=visit.at, by=visit.by, **form.cleaned_data)
            return redirect(reverse("my_preferences", query={"done": "saved"}))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    form.focus_first_error()
    return show(request, visit, "portal/preferences.html", {"form": form, "tab": "more"}, status=422)


@inside("GET", "HEAD", "POST")
def consent(request: HttpRequest, visit: Visit) -> HttpResponse:
    """News and offers, by each way on its own: yes or no, changed at any time."""
    me = visit.customer
    if request.method == "POST":
        for channel in CHANNELS:
            wanted = request.POST.get(channel) == "yes"
            if wanted != consenting.has_consent(me, channel, PURPOSE):
                how = "the page about news in the customer's own pages"
                consenting.record_consent(
                    customer=me, channel=channel, purpose=PURPOSE, is_given=wanted, how=how, at=visit.at, by=visit.by
                )
        return redirect(reverse("my_consent", query={"done": "saved"}))
    labels = {"email": _("by e-mail"), "sms": _("by text message")}
    ways = [(channel, labels.get(channel, channel), consenting.has_consent(me, channel, PURPOSE)) for channel in CHANNELS]
    return show(request, visit, "portal/consent.html", {"ways": ways, "tab": "more"})


@inside("GET", "HEAD", "POST")
def data(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for a copy of everything, and fetch it."""
    if request.method == "POST":
        COPIES.take(visit.customer.reference, at=visit.at)
        exporting.ask(customer=visit.customer, at=visit.at, by=visit.by)
        return redirect(reverse("my_data", query={"done": "copy-asked"}))
    copies = list(exporting.copies_of(visit.customer, at=visit.at).defer("content"))
    return show(request, visit, "portal/data.html", {"copies": copies, "tab": "more"})


@inside()
def copy(request: HttpRequest, visit: Visit, reference: str, form: str) -> HttpResponse:
    """A copy, to be read or as a file. For those who have just shown again that they are who they are."""
    if not visit.is_fresh:
        return entering.once_more(request, visit)
    found = exporting.fetch(customer=visit.customer, reference=reference, at=visit.at, by=visit.by)
    if form == "html":
        content = found.content or {}
        parts = copy_words.in_words(content.get("sections", {}))
        context = {"parts": parts, "left_out": _(content.get("left_out", "")), "copy": found, "tab": "more"}
        return show(request, visit, "portal/copy.html", context)
    body = json.dumps(found.content, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="my-data-{found.asked_at:%Y-%m-%d}.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@inside("GET", "HEAD", "POST")
def erase(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Be forgotten; refused in words while something is borrowed."""
    me = visit.customer
    if not visit.is_fresh:
        return entering.once_more(request, visit)
    form = EraseForm(request.POST if request.method == "POST" else None)
    obstacles = erasing.obstacles_of(me)
    if request.method == "POST" and form.is_valid():
        try:
            erasing.erase(customer=me, reason="The customer wished it in their own pages.", at=visit.at, by=visit.by)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return show(request, visit, "portal/erase.html", {"form": form, "tab": "more"}, status=refusal.status)
        return _forgotten(request)
    status = 422 if request.method == "POST" else 200
    return show(request, visit, "portal/erase.html", {"form": form, "obstacles": obstacles, "tab": "more"}, status=status)


def _forgotten(request: HttpRequest) -> HttpResponse:
    response = entering.plain(request, "portal/forgotten.html")
    put_out(response, SESSION)
    response["Clear-Site-Data"] = '"cache"'
    return response
