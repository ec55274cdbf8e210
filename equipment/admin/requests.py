"""What borrowers ask: at the desk as a list with its answers, on the page of the loan, and among what needs somebody."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import SafeString

from audit.actors import Actor
from audit.admin.timeline import VerbOnlyAdmin
from audit.tables import actor_column
from desk import needs, panels
from desk.admin.moves import Move, MoveForm
from desk.badges import badge, state_badge
from desk.columns import in_states, link
from desk.needs import Need, need_of
from desk.panels import Cell, Panel
from equipment import requesting
from equipment.models import Loan, LoanRequest
from equipment.states import REQUEST_TONES, RequestState, Wish


class AnswerForm(MoveForm):
    """What the borrower reads."""

    note = forms.CharField(
        label="Words for the borrower", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="They are mailed to the borrower.",
    )  # fmt: skip


def _agree(request: LoanRequest, data: dict[str, Any], by: Actor, at: datetime) -> str:
    requesting.agree(request=request, note=data["note"], at=at, by=by)
    return "Done. The borrower is told."


def _decline(request: LoanRequest, data: dict[str, Any], by: Actor, at: datetime) -> str:
    requesting.decline(request=request, note=data["note"], at=at, by=by)
    return "Declined. The borrower is told why."


def _can_be_declined(request: LoanRequest, at: datetime) -> bool:
    is_booked = request.kind == Wish.RETURN and request.state == RequestState.AGREED
    return request.state == RequestState.OPEN or is_booked


MOVES = (
    Move("agree", "Agree", _agree, requesting.PERMISSION, in_states(RequestState.OPEN), AnswerForm, "primary",
         "More time is given at once, unless the unit is promised to somebody else. A problem counts as answered."),
    Move("decline", "Decline", _decline, requesting.PERMISSION, _can_be_declined, AnswerForm, "danger"),
)  # fmt: skip


@admin.register(LoanRequest)
class LoanRequestAdmin(VerbOnlyAdmin):
    """Something a borrower wants about a loan: a day to bring it back, more time, help with a problem."""

    list_display = ["reference", "kind", "loan", "on", "state", "asked_at"]
    list_filter = ["state", "kind"]
    search_fields = ["=reference", "=loan__reference"]
    date_hierarchy = "asked_at"
    list_select_related = ["loan"]
    instead = {"answered_by": actor_column("answered_by")}
    moves = MOVES

    def get_queryset(self, request):
        """With what its page and its verbs need."""
        return super().get_queryset(request).select_related("loan__pool__model", "loan__borrower", "loan__unit")

    def heading(self, row: LoanRequest) -> str:
        """Who wants what."""
        return f"{row.loan.borrower or 'Erased customer'}: {row.get_kind_display().lower()}"

    def lead(self, row: LoanRequest) -> str:
        """Of what, and the day."""
        return f"{row.loan.pool.model}, {row.loan.pool.place}{f', {row.on:%a %-d %b %Y}' if row.on else ''}"

    def badges(self, row: LoanRequest) -> list[SafeString]:
        """How it stands."""
        return [state_badge(row, REQUEST_TONES)]

    def timeline_references(self, row: LoanRequest) -> list[str]:
        """It is part of its loan's story."""
        return [row.loan.reference]


def requests_of_loan(loan: Loan) -> Panel | None:
    """What the borrower asked, the newest first."""
    found = list(loan.requests.all()[: panels.LIMIT])
    rows = [
        [link(row, row.get_kind_display()), Cell(badge(REQUEST_TONES[RequestState(row.state)], row.get_state_display())),
         Cell(f"{row.on:%a %-d %b %Y}" if row.on else "–"), Cell(row.words or "–"), Cell(row.answer or "–")]
        for row in found
    ]  # fmt: skip
    return Panel("What the borrower asked", ["Wish", "State", "Day", "In their words", "Answer"], rows, "") if found else None


def _asked(at: datetime) -> Need:
    url = reverse("admin:handover", query={"list": "asked"})
    return need_of(requesting.waiting(), "Borrowers who wait for an answer", url, since="asked_at")


panels.register("equipment.loan", requests_of_loan, permission="equipment.view_loanrequest", order=5)
needs.register("loans.asked", _asked, permission=requesting.PERMISSION)
