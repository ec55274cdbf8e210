"""The pages of the door in the look of the desk."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from config.signing_in.rules import is_door, must_set_up

_ENTRANCE, _DESK = "account/base_entrance.html", "account/base_desk.html"


def desk_shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: head and menu of the desk on the account's pages; without them for whoever is not in yet."""
    if not is_door(request):
        return {}
    shell: dict[str, Any] = dict(admin.site.each_context(request))
    is_in = shell["has_permission"] and not must_set_up(request)
    if not is_in:
        shell |= {"has_permission": False, "menu": None, "is_nav_sidebar_enabled": False}
    return shell | {
        "account_base": _DESK if is_in else _ENTRANCE,
        "is_set_up_forced": must_set_up(request),
        "must_have_factor": settings.STAFF_SECOND_FACTOR,
    }
