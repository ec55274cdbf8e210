"""Passing one's invitations on."""

from django.http import HttpRequest, HttpResponse

from referrals.links import link_of
from referrals.models import Code
from referrals.states import CodeState
from rewards.portal.views.door import Visit, inside, show


@inside()
def share(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All invitations that can be passed on."""
    rows = Code.objects.filter(customer=visit.customer, state=CodeState.ACTIVE, campaign__state="live").select_related("campaign")
    return show(request, visit, "portal/share.html", {"codes": [(code, link_of(code)) for code in rows], "tab": "share"})
