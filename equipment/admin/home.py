"""The work of the handover desk on the first page, for those who do it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from desk import home
from desk.home import Action, Section, Shown
from equipment import today
from equipment.admin.handover import row

_PERMISSION = "equipment.check_out_loan"
_FIRST = 4
"""Loans of each list; the rest is on the handover desk itself."""


def handing_over(request: HttpRequest, at: datetime) -> Shown:
    """A field for every code, and the first of what is to be handed over, due, overdue, to prepare, to inspect."""
    lists = [_list(work) for work in today.work(at) if work.count]
    return Shown("equipment/_home.html", {"lists": lists, "desk_url": reverse("admin:handover")})


def _list(work: today.Work) -> dict[str, Any]:
    url = reverse("admin:handover", query={"list": work.kind.name})
    return {"kind": work.kind, "count": work.count, "rows": [row(loan) for loan in work.loans[:_FIRST]], "url": url}


home.register(Section("handing_over", _PERMISSION, 10, handing_over))
home.offer(Action("handover", "Open the handover desk", "admin:handover", _PERMISSION, 30))
