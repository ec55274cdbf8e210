"""Where a customer is signed in, and ending it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rewards.portal import sessions
from rewards.portal.refusals import PortalNotFound
from rewards.portal.views.door import Visit, inside, show


@inside("GET", "HEAD", "POST")
def signed_in(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All browsers in which this customer is signed in; one of them, or all others, can be signed out."""
    living = sessions.living_of(visit.customer, at=visit.at)
    if request.method != "POST":
        return show(request, visit, "portal/browsers.html", {"sessions": living, "has_others": len(living) > 1, "tab": "more"})
    if "others" in request.POST:
        sessions.end_others(session=visit.session, at=visit.at, by=visit.by)
        return redirect(reverse("my_browsers", query={"done": "others-out"}))
    wanted = request.POST.get("session", "")
    session = next((one for one in living if one.reference == wanted and one.pk != visit.session.pk), None)
    if session is None:
        raise PortalNotFound("no_session", _("This browser is signed out already."))
    sessions.end(session=session, at=visit.at, by=visit.by)
    return redirect(reverse("my_browsers", query={"done": "session-out"}))
