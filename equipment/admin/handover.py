"""The first page of the handover desk: one field for every code, and what is to be done today."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin.screens import READING, ActingScreen
from desk import menu
from desk.menu import Item
from desk.parts import Empty, Message
from desk.screens import Crumb, add_screen
from equipment import finding, today
from equipment.finding import Found
from equipment.models import Loan, Unit
from equipment.states import LoanState

PERMISSIONS = tuple(f"equipment.{verb}_loan" for verb in ("prepare", "check_out", "check_in", "inspect"))
"""One of these opens the desk; each step asks for its own."""

QUIET = Empty("Nothing waits at the desk now. A loan appears here when its reward is given, and when its unit is due back.")


def address(loan: Loan) -> str:
    """The page of a loan at the handover desk."""
    return reverse("admin:handover_loan", args=[loan.reference])


class DeskScreen(ActingScreen):
    """A page of the handover desk."""

    permission: str | tuple[str, ...] = PERMISSIONS
    help = "handover"
    how = (
        "Scan or type a code and press Enter: the page of the loan shows the one step that comes next. A second click or "
        "a second desk changes nothing."
    )
    who_acts = "Handing out and taking back takes the role Handover desk."

    def crumbs(self) -> list[Crumb]:
        """From the first page of the desk."""
        return [Crumb("Handover desk", reverse("admin:handover"))]


class HandoverScreen(DeskScreen):
    """Scan or type a code; below it, what is to be done."""

    template_name = "equipment/handover.html"
    is_readable = True
    title = "Handover desk"
    subtitle = "Scan a receipt or the label of a unit, or choose from the lists below."

    def crumbs(self) -> list[Crumb]:
        """It is the first page itself."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with a code that means one loan, the page of that loan."""
        code = request.GET.get("code", "").strip()
        if not code:
            return self._page(None)
        found = finding.find(code)
        return redirect(address(found.loan)) if found.loan else self._page(found)

    def _page(self, found: Found | None) -> HttpResponse:
        name = self.request.GET.get("list", "")
        name = name if name in {kind.name for kind in today.KINDS} else ""
        work = [] if found else today.work(timezone.now(), name=name)
        is_quiet = None if found or name or any(one.count for one in work) else QUIET
        shown = [_shown(one) for one in work]
        context = self.get_context_data(found=found, work=shown, is_one=bool(name), is_quiet=is_quiet, **_told(found))
        is_missing = found is not None and not found.loans and not found.unit
        return self.render_to_response(context, status=404 if is_missing else 200)


def _told(found: Found | None) -> dict[str, Any]:
    """What to say about a code that does not mean one loan."""
    if found is None:
        return {}
    if found.unit:
        waiting = _waiting_for(found.unit)
        return {"message": Message(_told_of(found.unit), "info"), "rows": [row(loan) for loan in waiting]}
    if found.loans:
        return {"message": Message(f"{len(found.loans)} open loans fit “{found.asked}”. Choose one.", "info"),
                "rows": [row(loan) for loan in found.loans]}  # fmt: skip
    return {"message": None, "rows": []}


def _told_of(unit: Unit) -> str:
    if unit.service != "in_service":
        return f"Unit {unit.serial} ({unit.pool}) is not in service: {unit.get_service_display().lower()}. No open loan has it."
    return f"Unit {unit.serial} ({unit.pool}) is not out: no open loan has it. It can be picked for one of the loans that wait for a unit."


def _waiting_for(unit: Unit) -> list[Loan]:
    """Loans of the unit's pool for which a unit is to be picked."""
    if unit.service != "in_service":
        return []
    waiting = Loan.objects.filter(pool=unit.pool_id, state=LoanState.UNLOCKED).order_by("collect_by", "id")
    return list(waiting.select_related("pool__model", "unit", "borrower")[: finding.MOST])


def _shown(work: today.Work) -> dict[str, Any]:
    url = reverse("admin:handover", query={"list": work.kind.name})
    return {"work": work, "kind": work.kind, "rows": [row(loan) for loan in work.loans], "url": url}


def row(loan: Loan) -> dict[str, Any]:
    """A loan as a line of a list: what, who, which unit, and the day that counts."""
    words, instant, is_end = {
        LoanState.UNLOCKED: ("collected by", loan.collect_by, True),
        LoanState.READY: ("collected by", loan.collect_by, True),
        LoanState.ON_LOAN: ("due", loan.due_at, True),
    }.get(LoanState(loan.state), ("back since", loan.returned_at, False))
    opening = loan.pool.opening()
    on = (opening.last_day(instant) if is_end else opening.day(instant)) if instant else None
    return {"loan": loan, "url": address(loan), "words": words, "on": on}


add_screen("handover/", HandoverScreen, name="handover")
menu.register(Item("handover", "Today", "Handover", "admin:handover", "scan", PERMISSIONS, 20, 1, reading=READING))
