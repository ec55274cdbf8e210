"""The page of a loan: instructions, papers, and what a borrower can do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.rate_limits import Limit
from desk.refusals import Refused
from equipment import giving_up, receipts, requesting
from equipment.models import Loan
from rewards.portal import borrowed
from rewards.portal.forms import DeclineForm, ExtendForm, PortalForm, ProblemForm, ReturnForm
from rewards.portal.refusals import PortalNotFound
from rewards.portal.views.door import Visit, inside, show

PAPERS = Limit("portal-papers", times=20, seconds=600)
"""Papers drawn for one browser in ten minutes: each takes a second."""


def _book_return(loan: Loan, form: ReturnForm, visit: Visit) -> None:
    requesting.book_return(loan=loan, on=form.cleaned_data["on"], at=visit.at, by=visit.by)


def _extend(loan: Loan, form: ExtendForm, visit: Visit) -> None:
    typed = form.cleaned_data
    requesting.ask_to_extend(loan=loan, until=typed["until"], words=typed["words"], at=visit.at, by=visit.by)


def _problem(loan: Loan, form: ProblemForm, visit: Visit) -> None:
    requesting.tell_problem(loan=loan, words=form.cleaned_data["words"], at=visit.at, by=visit.by)


def _decline(loan: Loan, form: DeclineForm, visit: Visit) -> None:
    give_up = giving_up.decline if loan.state in borrowed.CAN_DECLINE else giving_up.cancel
    give_up(loan=loan, reason=form.kept_reason, at=visit.at, by=visit.by)


@dataclass(frozen=True)
class Act:
    """Something a borrower can do: its form, the verb behind it, and the name of the sentence that follows."""

    form: type[PortalForm]
    do: Callable[[Loan, Any, Visit], None]
    done: str


ACTS = {
    "return": Act(ReturnForm, _book_return, "return-booked"),
    "longer": Act(ExtendForm, _extend, "extension-asked"),
    "problem": Act(ProblemForm, _problem, "problem-told"),
    "decline": Act(DeclineForm, _decline, "declined"),
}


@inside()
def all_loans(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All that was and is borrowed."""
    loans = [(loan, *borrowed.in_short(loan, at=visit.at)) for loan in borrowed.loans_of(visit.customer)[:100]]
    return show(request, visit, "portal/loans.html", {"loans": loans, "tab": "loans"})


@inside()
def loan(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """One loan."""
    return _page(request, visit, borrowed.loan_of(visit.customer, reference), {})


@inside("POST")
def act(request: HttpRequest, visit: Visit, reference: str, name: str) -> HttpResponse:
    """Do one thing about a loan; what was typed stays when it does not work."""
    mine = borrowed.loan_of(visit.customer, reference)
    chosen = ACTS[name]
    form = chosen.form(request.POST, **_about(name, mine, visit))
    if not form.is_valid():
        return _page(request, visit, mine, {name: form}, status=422)
    try:
        chosen.do(mine, form, visit)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, visit, borrowed.loan_of(visit.customer, reference), {name: form}, status=refusal.status)
    return redirect(reverse("my_loan", args=[reference], query={"done": chosen.done}))


@inside("POST")
def withdraw(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """Take a wish or a booked day back."""
    mine = borrowed.loan_of(visit.customer, reference)
    asked = next((one for one in mine.requests.all() if one.reference == request.POST.get("request", "")), None)
    if asked is None:
        raise PortalNotFound("no_request", _("There is no such wish about this loan."))
    asked.loan = mine
    requesting.withdraw(request=asked, at=visit.at, by=visit.by)
    return redirect(reverse("my_loan", args=[reference], query={"done": "withdrawn"}))


@inside()
def receipt(request: HttpRequest, visit: Visit, reference: str, kind: str) -> HttpResponse:
    """The paper of a hand-over or a return as a PDF, as the desk prints it."""
    mine = borrowed.loan_of(visit.customer, reference)
    PAPERS.take(visit.session.reference, at=visit.at)
    found = receipts.receipt(mine, kind, url=f"{settings.SITE_URL}{reverse('admin:handover_loan', args=[mine.reference])}")
    if found is None:
        raise PortalNotFound("no_receipt", _("There is no such paper yet."))
    body = receipts.draw(render_to_string("print/receipt.html", {"receipt": found}, request=request), found)
    receipts.note(loan=mine, kind=kind, body=body, at=visit.at, by=visit.by)
    headers = {"Content-Disposition": f'inline; filename="{kind}-{found.code}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _about(name: str, mine: Loan, visit: Visit) -> dict[str, Any]:
    about: dict[str, Any] = {"auto_id": f"{name}_%s"}
    return {**about, "days": requesting.return_days(mine, at=visit.at)} if name == "return" else about


def _page(request: HttpRequest, visit: Visit, mine: Loan, bound: dict[str, PortalForm], status: int = 200) -> HttpResponse:
    forms = {name: bound.get(name) or chosen.form(**_about(name, mine, visit)) for name, chosen in ACTS.items()}
    for form in bound.values():
        form.focus_first_error()
    told = borrowed.told(mine, at=visit.at)
    context = {"told": told, "loan": mine, "forms": forms, "asked": next(iter(bound), ""), "tab": "loans"}
    return show(request, visit, "portal/loan.html", context, status=status)
