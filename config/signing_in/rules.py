"""Who has to set up a second factor before anything else, and which pages are open to them."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from config.signing_in.factors import has_second_factor

SET_UP = "mfa_activate_totp"
OPEN_BEFORE_SET_UP = frozenset({SET_UP, "account_reauthenticate", "account_login", "account_logout"})


def is_desk(request: HttpRequest) -> bool:
    """Whether this is a page of staff."""
    return request.path.startswith(_desk())


@lru_cache(maxsize=1)
def _desk() -> str:
    return reverse("admin:index")


def is_door(request: HttpRequest) -> bool:
    """Whether this is the log-in, the log-out or a page of one's own account."""
    match = request.resolver_match
    return is_desk(request) and match is not None and match.route.startswith(("admin/login", "admin/logout", "admin/account/"))


def must_set_up(request: HttpRequest) -> bool:
    """Whether this person is in by password alone where that is not enough. Asks the database once per request."""
    if not (settings.STAFF_SECOND_FACTOR and request.user.is_authenticated):
        return False
    known: bool | None = getattr(request, "_must_set_up", None)
    if known is None:
        known = not has_second_factor(request.user)
        request._must_set_up = known  # type: ignore[attr-defined]
    return known
