"""Full addresses of pages, for messages."""

from django.conf import settings
from django.urls import reverse

from referrals.models import Code


def link_of(code: Code, via: str = "") -> str:
    """The address a customer shares; `via` names the channel it travels by (see `visits`)."""
    address = str(settings.SITE_URL) + code.get_absolute_url()
    return f"{address}?via={via}" if via else address


def answer_link(token: str) -> str:
    """The address of the page on which a customer says yes or no to a substitute."""
    return str(settings.SITE_URL) + reverse("substitute", args=[token])


def verification_link(token: str) -> str:
    """The address of the page with the confirming button."""
    return str(settings.SITE_URL) + reverse("verify", args=[token])
