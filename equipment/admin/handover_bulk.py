"""Several units taken back at once: scan one after the other, look at the list, confirm. Each is its own check-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from desk.refusals import Refused
from desk.screens import add_screen
from equipment import conditions, finding, progress, returning
from equipment.admin.handover import DeskScreen, address
from equipment.models import Loan
from equipment.states import Grade, LoanState

MOST = 100
"""Codes in one go."""


@dataclass(frozen=True)
class Line:
    """What a code means: the loan when it can be taken back now, else why not; `tone` colours the answer."""

    code: str
    loan: Loan | None = None
    can_be_taken: bool = False
    sentence: str = ""
    tone: str = "warn"
    things: Sequence[str] = ()

    @property
    def url(self) -> str:
        """The page of the loan."""
        return address(self.loan) if self.loan else ""


class BulkScreen(DeskScreen):
    """Codes one a line; then a list to look at; then what came of each."""

    template_name = "equipment/handover_bulk.html"
    title = "Check in several"
    subtitle = "Scan one unit or receipt after the other. Nothing is checked in before you have seen the list and confirmed it."
    permission = "equipment.check_in_loan"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty field."""
        return self._page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list of what the codes mean, or what came of checking it in."""
        if request.POST.get("step") == "confirm":
            references = request.POST.getlist("loan")[:MOST]
            return self._page(results=[self._take_back(reference) for reference in references])
        text = request.POST.get("codes", "")
        codes = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if not codes or len(codes) > MOST:
            problem = (
                f"These are {len(codes)} codes; up to {MOST} are possible at once." if codes else "Scan or type at least one code."
            )
            return self._page(text=text, problem=problem, status=422)
        lines = _without_repeats([_look(code) for code in codes])
        return self._page(text=text, lines=lines, ready=[line for line in lines if line.can_be_taken])

    def _take_back(self, reference: str) -> Line:
        loan = Loan.objects.select_related("pool__model", "unit", "borrower").filter(reference=reference).first()
        grade = self.request.POST.get(f"grade_{reference}", "")
        if loan is None or grade not in Grade.values:
            return Line(reference, loan, sentence="This could not be read. Check it in on the page of its loan.", tone="bad")
        things = conditions.went_out_with(loan) if self.request.POST.get(f"complete_{reference}") else []
        return self._check_in(loan, grade, things)

    def _check_in(self, loan: Loan, grade: str, things: Sequence[str]) -> Line:
        code = loan.unit.serial if loan.unit else loan.reference
        if loan.state != LoanState.ON_LOAN:
            return Line(code, loan, sentence=_moved_on(loan))
        try:
            returning.check_in(loan=loan, grade=grade, accessories=things, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            return Line(code, loan, sentence=refusal.sentence, tone="bad")
        return Line(code, loan, sentence="Checked in. Inspect it next.", tone="ok")

    def _page(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        context = self.get_context_data(grades=Grade.choices, bulk_url=reverse("admin:handover_bulk"), **shown)
        return self.render_to_response(context, status=status)


def _look(code: str) -> Line:
    found = finding.find(code)
    loan = found.loan
    if loan is None:
        known = f"Unit {found.unit.serial} is in no open loan." if found.unit else "No loan and no unit has this code."
        return Line(code, sentence="Several loans fit. Scan the receipt or the unit." if found.loans else known, tone="bad")
    if loan.state != LoanState.ON_LOAN:
        return Line(code, loan, sentence=_moved_on(loan))
    return Line(code, loan, can_be_taken=True, things=conditions.went_out_with(loan))


def _moved_on(loan: Loan) -> str:
    """Why a loan that is not out cannot be taken back, and who moved it last."""
    entry = progress.last(loan)
    start = (
        "This was checked in already."
        if loan.state == LoanState.RETURNED
        else f"This loan is “{loan.get_state_display().lower()}”."
    )
    return f"{start} {progress.told(entry)}" if entry else start


def _without_repeats(lines: Sequence[Line]) -> list[Line]:
    """Two codes may mean one loan: its receipt and its unit. It is listed once."""
    seen: set[int] = set()
    kept = []
    for line in lines:
        if line.loan is None or line.loan.pk not in seen:
            kept.append(line)
        if line.loan:
            seen.add(line.loan.pk)
    return kept


add_screen("handover/bulk/", BulkScreen, name="handover_bulk")
