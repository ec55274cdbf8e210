"""A customer's loans as their pages tell them: how each stands, what comes next, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Customer
from equipment.models import Loan, LoanRequest
from equipment.states import LOAN_TERMINAL, PRESENT, LoanState, RequestState, Wish
from referrals import outcome, wording
from referrals.landing import drawing_of
from rewards.portal.refusals import PortalNotFound

L = LoanState
WORDS = {
    L.WAITLISTED: gettext_lazy("In the queue"),
    L.HELD: gettext_lazy("Kept for you"),
    L.UNLOCKED: gettext_lazy("Ready to collect"),
    L.READY: gettext_lazy("Packed for you"),
    L.ON_LOAN: gettext_lazy("With you"),
    L.RETURNED: gettext_lazy("Brought back"),
    L.UNRESOLVED: gettext_lazy("Being looked at"),
    L.CLOSED: gettext_lazy("Brought back"),
    L.EXPIRED: gettext_lazy("Not kept any more"),
    L.DECLINED: gettext_lazy("You declined it"),
    L.NO_SHOW: gettext_lazy("Not collected"),
    L.CANCELLED: gettext_lazy("Cancelled"),
    L.LOST: gettext_lazy("Reported lost"),
}
"""The state of a loan as its borrower would say it."""

TONES = {
    L.WAITLISTED: "info", L.HELD: "info", L.UNLOCKED: "ok", L.READY: "ok", L.ON_LOAN: "ok", L.UNRESOLVED: "warn", L.LOST: "bad",
}  # fmt: skip
_URGENT = (L.ON_LOAN, L.READY, L.UNLOCKED, L.HELD, L.WAITLISTED)
"""What a borrower has to do with first."""

CAN_DECLINE = frozenset({L.UNLOCKED, L.READY})
CAN_CANCEL = frozenset({L.WAITLISTED, L.HELD})
OPEN = frozenset(LoanState) - LOAN_TERMINAL


@dataclass(frozen=True)
class Borrowed:
    """One loan in words. `used` is how much of the time is over, 0 to 100; `left` how many days remain, in words."""

    loan: Loan
    name: str
    word: str
    tone: str
    sentence: str
    drawing: str
    used: int
    left: str
    is_late: bool
    requests: Sequence[LoanRequest]

    @property
    def is_out(self) -> bool:
        """Whether the borrower has it."""
        return self.loan.state == LoanState.ON_LOAN

    @property
    def can_decline(self) -> bool:
        """Whether the borrower can still say no to it."""
        return self.loan.state in CAN_DECLINE | CAN_CANCEL

    @property
    def has_unit(self) -> bool:
        """Whether there is something about which a problem can be reported."""
        return self.loan.state in PRESENT

    @property
    def booked(self) -> LoanRequest | None:
        """The day booked for bringing it back."""
        return next((one for one in self.requests if one.kind == Wish.RETURN and one.state == RequestState.AGREED), None)

    @property
    def wished(self) -> LoanRequest | None:
        """The wish for more time that waits for an answer."""
        return next((one for one in self.requests if one.kind == Wish.EXTENSION and one.state == RequestState.OPEN), None)

    @property
    def problems(self) -> list[LoanRequest]:
        """What was reported, the newest first."""
        return [one for one in self.requests if one.kind == Wish.PROBLEM]


def loans_of(customer: Customer) -> QuerySet[Loan]:
    """The customer's own loans and nobody else's, what has to be dealt with first at the top."""
    order = [When(state=state, then=Value(place)) for place, state in enumerate(_URGENT)]
    rows = Loan.objects.filter(borrower=customer).select_related("pool__model", "unit", "borrower")
    requests = Prefetch("requests", LoanRequest.objects.order_by("-asked_at", "-id"))
    placed = rows.alias(place=Case(*order, default=Value(len(order)), output_field=IntegerField()))
    return placed.prefetch_related(requests).order_by("place", "due_at", "-created_at", "-id")


def loan_of(customer: Customer, reference: str) -> Loan:
    """The customer's loan called `reference`. Refuses with `no_loan` one that is not theirs, as one that does not exist."""
    rows = loans_of(customer).select_related("pool__model", "unit", "borrower", "terms", "acceptance__version__agreement")
    loan = rows.filter(reference=reference).first()
    if loan is None:
        raise PortalNotFound("no_loan", _("There is no such loan among yours."))
    return loan


def told(loan: Loan, *, at: datetime) -> Borrowed:
    """One loan in words at `at`."""
    state = LoanState(loan.state)
    late = loan.is_overdue(at)
    return Borrowed(
        loan=loan,
        name=loan.pool.model.called(),
        word=str(_("Overdue") if late else WORDS[state]),
        tone="bad" if late else TONES.get(state, ""),
        sentence=_late_sentence(loan) if late else outcome.loan_sentence(loan, at=at),
        drawing=drawing_of(loan.pool.model),
        used=_used(loan, at),
        left=_left(loan, at),
        is_late=late,
        requests=list(loan.requests.all()),
    )


def in_short(loan: Loan, *, at: datetime) -> tuple[str, str, str]:
    """Name, state and tone of a loan for a list: nothing is asked of the database."""
    late = loan.is_overdue(at)
    return (
        loan.pool.model.called(),
        str(_("Overdue") if late else WORDS[LoanState(loan.state)]),
        "bad" if late else TONES.get(LoanState(loan.state), ""),
    )


def _late_sentence(loan: Loan) -> str:
    assert loan.due_at is not None
    day = wording.day(loan.pool.opening().last_day(loan.due_at))
    return _("It was due back on %(day)s. Please bring it to %(place)s, or tell us what keeps you.") % {
        "day": day, "place": loan.pool.place,
    }  # fmt: skip


def _used(loan: Loan, at: datetime) -> int:
    if loan.state != LoanState.ON_LOAN or loan.handed_over_at is None or loan.due_at is None:
        return 0
    whole = (loan.due_at - loan.handed_over_at).total_seconds()
    return max(0, min(100, round(100 * (at - loan.handed_over_at).total_seconds() / whole))) if whole > 0 else 100


def _left(loan: Loan, at: datetime) -> str:
    """Days until the last one, in words; a day that is today counts as none."""
    if loan.state != LoanState.ON_LOAN or loan.due_at is None:
        return ""
    opening = loan.pool.opening()
    days = (opening.last_day(loan.due_at) - opening.day(at)).days
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
