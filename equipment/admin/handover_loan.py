"""The page of one loan at the handover desk: the one next step big, what else is possible small, photos side by side."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.middleware import current_request_id
from desk.admin.moves import BoundMove, Move, MoveForm
from desk.badges import badge, state_badge
from desk.columns import page_of
from desk.parts import Fact, Step
from desk.refusals import Refused
from desk.screens import add_screen
from equipment import accessories, conditions, desk_moves, finding, progress
from equipment.admin.handover import DeskScreen, address
from equipment.models import ConditionPhoto, ConditionReport, Loan
from equipment.states import GIVEN_UP, LOAN_TONES, LoanState, RequestState, Wish

NEXT = {
    LoanState.WAITLISTED: "Nothing to do here yet: this person waits in the queue. When a unit is free, it is held for them by itself.",
    LoanState.HELD: "Nothing to do here yet: a unit is held, and is unlocked when the reward is given.",
    LoanState.UNLOCKED: "Take a unit from the shelf in {place} and put it ready.",
    LoanState.READY: "Hand unit {unit} over. Let the borrower read the terms and type their name. It is then due back on {due}.",
    LoanState.ON_LOAN: "Take unit {unit} back: tick what is there, look at it, take photos.",
    LoanState.RETURNED: "Look at unit {unit} closely, compare it with the photos, and say what you found.",
    LoanState.UNRESOLVED: "Say how it ended: paid, repaired, written off.",
    LoanState.LOST: "Unit {unit} is lost. If it turns up, report it found.",
}
WAY = (
    ("Pick a unit", LoanState.UNLOCKED),
    ("Check out", LoanState.READY),
    ("Check in", LoanState.ON_LOAN),
    ("Inspect", LoanState.RETURNED),
)


@dataclass(frozen=True)
class Look:
    """What was seen of the unit at one moment."""

    title: str
    report: ConditionReport | None
    photos: list[ConditionPhoto]
    things: list[str]
    missing: list[str]


class LoanScreen(DeskScreen):
    """One loan: what comes next, what else can be done, what was seen of the unit."""

    template_name = "equipment/handover_loan.html"
    is_readable = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Know the loan, where there is one."""
        super().setup(request, *args, **kwargs)
        rows = Loan.objects.select_related("pool__model", "unit", "borrower", "terms", "acceptance__version__agreement")
        self.loan = rows.filter(reference=kwargs["reference"]).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self._page(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make one step; afterwards the page says what came of it and what comes next."""
        move = self._move_called(request.POST.get("step", ""))
        if not request.user.has_perm(move.permission):
            raise PermissionDenied
        if request.POST.get("seen") != progress.stamp(self._loan()):
            return self._was_overtaken(move)
        form = move.form(request.POST, request.FILES, row=self._loan(), auto_id=f"id_{move.name}_%s")
        return self._make(move, form) if form.is_valid() else self._page(BoundMove(move, request.path, form), status=422)

    def _make(self, move: Move, form: MoveForm) -> HttpResponse:
        loan = self._loan()
        try:
            answer = move.act(loan, form.cleaned_data, self.actor, timezone.now())
        except Refused as refusal:
            loan.refresh_from_db()
            if self.request.POST["seen"] != progress.stamp(loan):
                return self._was_overtaken(move)
            form.add_error(None, refusal.sentence)
            return self._page(BoundMove(move, self.request.path, form), status=refusal.status)
        entry = progress.last(loan, desk_moves.EVENTS_OF[move.name])
        if entry and entry.request_id != current_request_id.get():
            messages.warning(self.request, f"This was done already; nothing was changed. {progress.told(entry)}")
        else:
            messages.success(self.request, str(answer))
        return redirect(address(loan))

    def _was_overtaken(self, move: Move) -> HttpResponse:
        """Somebody moved the loan on after this page was opened, perhaps by a second click of the same button."""
        loan = self._loan()
        entry = progress.last(loan)
        is_same = entry is not None and entry.event in desk_moves.EVENTS_OF[move.name]
        start = (
            "This was done already; nothing was changed." if is_same else "Nothing was changed: the loan has moved on meanwhile."
        )
        messages.warning(self.request, f"{start} {progress.told(entry)}" if entry else start)
        return redirect(address(loan))

    def _loan(self) -> Loan:
        if self.loan is None:
            raise Http404("There is no such loan.")
        return self.loan

    def _move_called(self, name: str) -> Move:
        for move in desk_moves.HANDOVER:
            if move.name == name:
                return move
        raise Http404("There is no such step.")

    def _page(self, asked: BoundMove | None, status: int = 200) -> HttpResponse:
        loan = self._loan()
        bound = [asked if asked and asked.move is move else self._bind(move) for move in self._moves(loan)]
        if asked and asked not in bound:
            bound.append(asked)
        first = next((one for one in bound if one.move.tone == "primary"), None)
        others = [one for one in bound if one is not first]
        context = self.get_context_data(
            loan=loan, next=first, others=others, asked=asked, seen=progress.stamp(loan), sentence=self._sentence(loan, first),
            steps=_steps(loan), facts=_facts(loan), looks=looks(loan), papers=papers(loan), state_badges=_badges(loan),
            title=str(loan.pool.model), lead=f"{loan.borrower or 'Erased customer'} · {finding.printed(loan)}",
            history_url=page_of(loan), requests=asked_of(loan),
        )  # fmt: skip
        return self.render_to_response(context, status=status)

    def _moves(self, loan: Loan) -> list[Move]:
        at, user = timezone.now(), self.request.user
        return [move for move in desk_moves.HANDOVER if user.has_perm(move.permission) and move.fits(loan, at)]

    def _sentence(self, loan: Loan, first: BoundMove | None) -> str:
        """What comes next; and to somebody of the desk who may not do it, whom to ask. Whoever only reads knows that from the page."""
        state = LoanState(loan.state)
        waits = state in NEXT and state not in (LoanState.WAITLISTED, LoanState.HELD)
        is_told = waits and first is None and self.may_act(self.request)
        words = _comes_next(loan)
        return f"{words} You may not do this: ask somebody at the desk who may." if is_told else words

    def _bind(self, move: Move) -> BoundMove:
        return BoundMove(move, self.request.path, move.form(row=self._loan(), auto_id=f"id_{move.name}_%s"))


def _comes_next(loan: Loan) -> str:
    state = LoanState(loan.state)
    if state == LoanState.CLOSED or state in GIVEN_UP:
        return f"Nothing is left to do: this loan is “{state.label.lower()}”."
    due_on = loan.pool.opening().last_day(loan.pool.due_at(timezone.now()))
    return NEXT[state].format(unit=loan.unit, place=loan.pool.place, due=f"{due_on:%a %-d %b %Y}")


def _steps(loan: Loan) -> list[Step]:
    states = [state for _, state in WAY]
    done = len(states) if loan.state in (LoanState.CLOSED, LoanState.UNRESOLVED) else -1
    here = states.index(LoanState(loan.state)) if loan.state in states else done
    return [Step(label, "done" if n < here else "here" if n == here else "todo") for n, (label, _) in enumerate(WAY)]


def _badges(loan: Loan) -> list[str]:
    late = [badge("bad", "Overdue")] if loan.is_overdue(timezone.now()) else []
    return [state_badge(loan, LOAN_TONES), *late]


def _facts(loan: Loan) -> list[Fact]:
    opening = loan.pool.opening()
    ends = {"Due back": loan.due_at} if loan.due_at else {"Collected by": loan.collect_by, "Held until": loan.hold_expires_at}
    label, end = next(((label, end) for label, end in ends.items() if end), ("Since", None))
    day = f"{opening.last_day(end):%a %-d %b %Y}" if end else f"{loan.created_at:%a %-d %b %Y}"
    unit = Fact("Unit", loan.unit, page_of(loan.unit)) if loan.unit else Fact("Unit", "None picked yet")
    facts = [Fact("Borrower", loan.borrower, page_of(loan.borrower)), unit, Fact("Place", loan.pool.place), Fact(label, day)]
    missing = accessories.still_missing(loan)
    return [*facts, Fact("Still missing", ", ".join(missing))] if missing else facts


def looks(loan: Loan) -> list[Look]:
    """What was seen, moment by moment: each report with the photos of its unit, then what the inspection showed."""
    reports = list(loan.condition_reports.select_related("unit"))
    photos = list(loan.photos.all())
    has_several = len({report.unit_id for report in reports}) > 1
    found, went_out = [], conditions.went_out_with(loan)
    for report in reports:
        moment = conditions.MOMENTS[report.direction]
        taken = [photo for photo in photos if photo.moment == moment and photo.unit_id == report.unit_id]
        things = report.accessories if report.direction == "in" else went_out
        title = f"{moment.label}, unit {report.unit}" if has_several else str(moment.label)
        is_last = report is reports[-1]
        missing = [thing for thing in went_out if thing not in things] if is_last else []
        found.append(Look(title, report, taken, things, missing))
    inspected = [photo for photo in photos if photo.moment == ConditionPhoto.Moment.INSPECT]
    return [*found, Look(str(ConditionPhoto.Moment.INSPECT.label), None, inspected, [], [])] if inspected else found


def asked_of(loan: Loan) -> list[dict[str, Any]]:
    """What the borrower asked and still means something, with the page on which it is answered."""
    living = loan.requests.filter(state__in=[RequestState.OPEN, RequestState.AGREED], kind__in=Wish).order_by("asked_at")
    return [{"asked": one, "url": page_of(one)} for one in living if one.state == RequestState.OPEN or one.kind == Wish.RETURN]


def papers(loan: Loan) -> list[dict[str, str]]:
    """Receipts that can be printed, the newest first."""
    found = []
    if loan.returned_at:
        found.append({"label": "Print the return receipt", "url": reverse("admin:handover_return_receipt", args=[loan.reference])})
    if loan.handed_over_at:
        found.append({"label": "Print the handover receipt", "url": reverse("admin:handover_receipt", args=[loan.reference])})
        found.append({"label": "Print the accepted terms", "url": reverse("admin:handover_terms", args=[loan.reference])})
    return found


add_screen("handover/<slug:reference>/", LoanScreen, name="handover_loan")
