"""What the first page of the desk is made of."""

from django.http import HttpRequest
from django.utils import timezone

from desk.needs import Need, needs_of


def waiting(request: HttpRequest) -> list[Need]:
    """What waits for this person now."""
    return needs_of(request.user, at=timezone.now())
