"""What borrowers ask of the desk about a loan: a day to bring it back, more time, help with a problem.

A booked day holds at once, for the place is open then anyway. More time is given by the desk, which looks whether the unit is
promised to somebody else. Words of borrowers stay off the trail: they may name people.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit import actors, trail
from audit.actors import Actor
from customers.erasing import register_eraser
from customers.models import Customer
from desk.moves import move
from equipment import lending
from equipment.locking import lock_loan
from equipment.models import Loan, LoanRequest
from equipment.moving import demand_state
from equipment.refusals import LoanRefused
from equipment.states import PRESENT, REQUEST_MOVES, LoanState, RequestState, Wish

LONGEST_WORDS = 1000
LATE_RETURN = timedelta(days=14)
"""How far ahead a return can be booked when the loan is overdue."""
LONGEST_EXTENSION = timedelta(days=90)
PERMISSION = "equipment.answer_request"


def book_return(*, loan: Loan, on: date, at: datetime, by: Actor) -> LoanRequest:
    """Say on which open day the unit is brought back; an earlier booking is replaced. The same day again changes nothing.

    Refuses with `wrong_state`, `day_over`, `day_closed`, or `day_too_late` when the loan is due before.
    """
    _demand_borrower_or_staff(loan, by)
    with transaction.atomic():
        lock_loan(loan)
        demand_state(loan, LoanState.ON_LOAN)
        demand_return_day(loan, on, at=at)
        booked = LoanRequest.objects.filter(loan=loan, kind=Wish.RETURN, state=RequestState.AGREED)
        same = booked.filter(on=on).first()
        if same is not None:
            return same
        booked.update(state=RequestState.WITHDRAWN)
        made = LoanRequest.objects.create(
            loan=loan, kind=Wish.RETURN, state=RequestState.AGREED, on=on, asked_at=at, answered_at=at, answered_by=by.name
        )
        trail.record("loan.return_booked", about=loan, by=by, at=at, concerns=loan.parties(), on=on)
    return made


def ask_to_extend(*, loan: Loan, until: date, words: str, at: datetime, by: Actor) -> LoanRequest:
    """Ask to keep the unit until the end of a later day. Asked again, the wish that waits is changed.

    Refuses with `wrong_state`, `not_longer`, `day_closed`, or `day_too_late` for more than 90 days.
    """
    _demand_borrower_or_staff(loan, by)
    with transaction.atomic():
        lock_loan(loan)
        demand_state(loan, LoanState.ON_LOAN)
        _demand_later_day(loan, until, at=at)
        waiting = LoanRequest.objects.filter(loan=loan, kind=Wish.EXTENSION, state=RequestState.OPEN).first()
        if waiting is not None and (waiting.on, waiting.words) == (until, _short(words)):
            return waiting
        wish = waiting or LoanRequest(loan=loan, kind=Wish.EXTENSION, asked_at=at)
        wish.on, wish.words = until, _short(words)
        wish.save()
        trail.record("loan.extension_asked", about=loan, by=by, at=at, concerns=loan.parties(), until=until)
    return wish


def tell_problem(*, loan: Loan, words: str, at: datetime, by: Actor) -> LoanRequest:
    """Tell the desk that something is not right with the unit; it waits for an answer. The same words again change nothing.

    Refuses with `wrong_state` when no unit belongs to the loan, `words_missing`.
    """
    _demand_borrower_or_staff(loan, by)
    if not words.strip():
        raise LoanRefused("words_missing", _("Say in a few words what is wrong, so that we can help."))
    with transaction.atomic():
        lock_loan(loan)
        if loan.state not in PRESENT:
            raise LoanRefused("wrong_state", _("Nothing belongs to this loan now, so there is nothing to report."))
        told = LoanRequest.objects.filter(loan=loan, kind=Wish.PROBLEM, state=RequestState.OPEN, words=_short(words)).first()
        if told is not None:
            return told
        made = LoanRequest.objects.create(loan=loan, kind=Wish.PROBLEM, words=_short(words), asked_at=at)
        trail.record("loan.problem_told", about=loan, by=by, at=at, concerns=loan.parties())
    return made


def withdraw(*, request: LoanRequest, at: datetime, by: Actor) -> bool:
    """The borrower takes a wish back, or a booked day. Answers whether this call did. Refuses with `wrong_state` after a no."""
    _demand_borrower_or_staff(request.loan, by)
    with transaction.atomic():
        row = _locked(request)
        if row.state == RequestState.WITHDRAWN:
            return False
        _demand_not_granted(row)
        move(row, to=RequestState.WITHDRAWN, moves=REQUEST_MOVES, refusal=LoanRefused)
        trail.record(
            "loan.request_withdrawn", about=row.loan, by=by, at=at, concerns=row.loan.parties(), wish=row.get_kind_display()
        )
    return True


def agree(*, request: LoanRequest, note: str, at: datetime, by: Actor) -> LoanRequest:
    """Say yes, with a note the borrower reads: more time is given in the same transaction, a problem is dealt with.

    A second call changes nothing. Refuses with `wrong_state`, `note_missing` to a problem, and like `lending.extend`.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        row = _locked(request)
        if row.state == RequestState.AGREED:
            return row
        if row.kind == Wish.PROBLEM:
            _demand_note(note)
        _move(row, RequestState.AGREED, note, at, by)
        if row.kind == Wish.EXTENSION and row.on is not None:
            lending.extend(loan=row.loan, until=row.loan.pool.opening().end_of_open_day(row.on), at=at, by=by)
        trail.record("loan.request_agreed", about=row.loan, by=by, at=at, concerns=row.loan.parties(), wish=row.get_kind_display())
    return row


def decline(*, request: LoanRequest, note: str, at: datetime, by: Actor) -> LoanRequest:
    """Say no, with a note the borrower reads; a booked day too, when nobody will be there. A second call changes nothing.

    Refuses with `wrong_state`, `note_missing`.
    """
    by.require(PERMISSION)
    _demand_note(note)
    with transaction.atomic():
        row = _locked(request)
        if row.state == RequestState.DECLINED:
            return row
        _demand_not_granted(row)
        _move(row, RequestState.DECLINED, note, at, by)
        trail.record(
            "loan.request_declined", about=row.loan, by=by, at=at, concerns=row.loan.parties(), wish=row.get_kind_display()
        )
    return row


def waiting() -> QuerySet[LoanRequest]:
    """What waits for an answer, the oldest first; a wish for more time only while the unit is out."""
    still_means_something = Q(kind=Wish.PROBLEM) | Q(loan__state=LoanState.ON_LOAN)
    return LoanRequest.objects.filter(still_means_something, state=RequestState.OPEN).order_by("asked_at", "id")


def booked() -> QuerySet[LoanRequest]:
    """Days booked for bringing something back that is still out, the next first."""
    rows = LoanRequest.objects.filter(kind=Wish.RETURN, state=RequestState.AGREED, loan__state=LoanState.ON_LOAN)
    return rows.order_by("on", "id")


def return_days(loan: Loan, *, at: datetime) -> list[date]:
    """Open days on which the unit of a loan can be brought back, from today until it is due; two weeks when it is late."""
    if loan.due_at is None:
        return []
    opening = loan.pool.opening()
    today, last = opening.day(at), _last_return_day(loan, at)
    days = (today + timedelta(days=n) for n in range((last - today).days + 1))
    return [day for day in days if opening.is_open(day)]


def demand_return_day(loan: Loan, on: date, *, at: datetime) -> None:
    """Refuse with `day_over`, `day_closed` or `day_too_late` a day on which this loan cannot be brought back."""
    opening = loan.pool.opening()
    if on < opening.day(at):
        raise LoanRefused("day_over", _("This day is over. Choose a later one."))
    if not opening.is_open(on):
        raise LoanRefused("day_closed", _("%(place)s is closed on that day. Choose another one.") % {"place": loan.pool.place})
    if on > _last_return_day(loan, at):
        raise LoanRefused("day_too_late", _("The loan is due before that day. Choose an earlier one, or ask to keep it longer."))


def forget_words(customer: Customer) -> None:
    """Blank what a customer wrote and was answered about their loans, when they are erased."""
    LoanRequest.objects.filter(loan__borrower=customer).update(words="", answer="")


def register() -> None:
    """Forget people's words with them from now on."""
    register_eraser(forget_words)


def _last_return_day(loan: Loan, at: datetime) -> date:
    assert loan.due_at is not None, "a constraint gives every loan that is out a due date"
    opening = loan.pool.opening()
    due = opening.last_day(loan.due_at)
    return due if loan.due_at > at else opening.day(at + LATE_RETURN)


def _demand_later_day(loan: Loan, until: date, *, at: datetime) -> None:
    assert loan.due_at is not None, "a constraint gives every loan that is out a due date"
    opening = loan.pool.opening()
    due, today = opening.last_day(loan.due_at), opening.day(at)
    if until <= due or until <= today:
        raise LoanRefused("not_longer", _("Choose a day after the one on which it is due now."))
    if not opening.is_open(until):
        raise LoanRefused("day_closed", _("%(place)s is closed on that day. Choose another one.") % {"place": loan.pool.place})
    if until > max(due, today) + LONGEST_EXTENSION:
        raise LoanRefused("day_too_late", _("Choose a day within the next %(days)d days.") % {"days": LONGEST_EXTENSION.days})


def _locked(request: LoanRequest) -> LoanRequest:
    lock_loan(request.loan)
    row = LoanRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    row.loan = request.loan
    return row


def _move(row: LoanRequest, to: RequestState, note: str, at: datetime, by: Actor) -> None:
    answered: dict[str, Any] = {"answer": " ".join(note.split())[:300], "answered_at": at, "answered_by": by.name}
    move(row, to=to, moves=REQUEST_MOVES, refusal=LoanRefused, **answered)


def _demand_not_granted(row: LoanRequest) -> None:
    if row.state == RequestState.AGREED and row.kind != Wish.RETURN:
        raise LoanRefused("wrong_state", _("This was answered already. Write to us if something else is needed."))


def _demand_note(note: str) -> None:
    if not note.strip():
        raise LoanRefused("note_missing", "Write a few words: the borrower reads them.")


def _demand_borrower_or_staff(loan: Loan, by: Actor) -> None:
    if by != actors.customer(loan.borrower.reference):
        by.require(PERMISSION)


def _short(words: str) -> str:
    return words.strip()[:LONGEST_WORDS]
