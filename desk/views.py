"""What the first page of the desk is made of."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from desk import home
from desk.needs import needs_of

HOW = (
    "What waits for you stands first, then how your campaigns do. Choose a campaign and a period; the address keeps your choice, "
    "so that you can share it."
)


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What waits for this person now, their main action, and the sections they see."""
    at = timezone.now()
    return {
        "title": "Home",
        "how": HOW,
        "help_slug": "home",
        "lead": f"{at:%A, %-d %B %Y}",
        "action": home.action_of(request.user),
        "needs": needs_of(request.user, at=at),
        "sections": home.sections_of(request, at=at),
    }
