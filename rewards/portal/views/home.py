"""The first page: what there is, and what comes next."""

from django.http import HttpRequest, HttpResponse

from rewards.portal.views.door import Visit, inside, show


@inside()
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is borrowed, what to share, friends, rewards."""
    return show(request, visit, "portal/home.html", {"tab": "home"})
