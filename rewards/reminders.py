"""Reminding borrowers of the day a loan is due: three days and one day before, on the day, and one, three and seven days after.

Of all reminders whose day has come only the latest is sent: after an outage nobody gets the ones that were missed. A loan that
is extended is reminded of its new day. After the last one it is a person's turn: the loan stays on the desk's list of overdue ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from campaigns.states import Side
from equipment.models import Loan
from equipment.states import LoanState
from notices import outbox
from notices.models import Notice
from notices.outbox import Also
from notices.wording import Fact

KINDS = {3: "loan_due_soon", 1: "loan_due_soon", 0: "loan_due_today", -1: "loan_overdue", -3: "loan_overdue", -7: "loan_overdue"}
"""Kind of message by how many days are left (negative: how many days late)."""
STALE_DAYS = 7
"""So many days after the last reminder nothing is sent any more."""
_BATCH = 500


@dataclass(frozen=True)
class Reminder:
    """One message about a loan that is due now, and about `others` of the same person due at the same place on the same day."""

    loan: Loan
    due_on: date
    days_left: int
    others: tuple["Reminder", ...] = ()

    @property
    def reference(self) -> str:
        """The loan's public name."""
        return self.loan.reference

    @property
    def dedupe(self) -> str:
        """Names the occasion: each reminder once for each due day."""
        return f"{KINDS[self.days_left]}:{self.loan.reference}:{self.due_on}:{self.days_left}"


def unsent(*, at: datetime) -> list[Reminder]:
    """What borrowers are to be reminded of at `at` and have not been. Two queries."""
    due = list(_due(at))
    sent = set(Notice.objects.filter(dedupe_key__in=[one.dedupe for one in due]).values_list("dedupe_key", flat=True))
    together: dict[tuple[object, ...], list[Reminder]] = {}
    for one in due:
        if one.dedupe not in sent:
            together.setdefault(_one_mail(one), []).append(one)
    return [replace(first, others=tuple(others)) for first, *others in together.values()]


def _one_mail(reminder: Reminder) -> tuple[object, ...]:
    """What reminders must have in common to be said in one mail."""
    loan = reminder.loan
    return (
        loan.borrower_id, loan.promise.referral.campaign_id, reminder.due_on, reminder.days_left, loan.pool.place,
        loan.pool.model.return_protocol,
    )  # fmt: skip


def _called(reminder: Reminder) -> str:
    return ", ".join(one.loan.pool.model.called() for one in (reminder, *reminder.others))


def remind(*, reminder: Reminder, at: datetime) -> Notice:
    """Queue one reminder for all it speaks of. A second call answers the first message."""
    loan, model = reminder.loan, reminder.loan.pool.model
    facts: dict[str, Fact] = {
        "item": partial(_called, reminder),
        "due": reminder.due_on,
        "place": loan.pool.place,
        "return_protocol": model.way_back,
    }
    campaign = loan.promise.referral.campaign
    return outbox.queue(
        KINDS[reminder.days_left],
        to=loan.borrower,
        about=loan.reference,
        facts=facts,
        at=at,
        campaign=campaign,
        side=_side(reminder),
        dedupe=reminder.dedupe,
        also=[Also(other.loan.reference, other.dedupe) for other in reminder.others],
    )


def _side(reminder: Reminder) -> Side | None:
    """The side on which the borrower got all of these; None where they stand on both."""
    sides = {one.loan.promise.side for one in (reminder, *reminder.others)}
    return Side(sides.pop()) if len(sides) == 1 else None


def stage(days_left: int) -> int | None:
    """Which reminder is the latest whose day has come, by the days left; None before the first and long after the last."""
    if days_left < min(KINDS) - STALE_DAYS:
        return None
    return min((day for day in KINDS if day >= days_left), default=None)


def _due(at: datetime) -> Iterator[Reminder]:
    # A day to spare on both sides: which day it is differs with the place.
    soonest, latest = at - timedelta(days=STALE_DAYS - min(KINDS) + 2), at + timedelta(days=max(KINDS) + 2)
    out = Loan.objects.filter(state=LoanState.ON_LOAN, due_at__gt=soonest, due_at__lt=latest, promise__isnull=False)
    related = out.select_related("pool__model", "borrower", "promise__referral__campaign")
    for loan in related.order_by("due_at", "pk")[:_BATCH]:
        assert loan.due_at is not None and loan.handed_over_at is not None, "a constraint gives every loan that is out both"
        opening = loan.pool.opening()
        due_on, today = opening.last_day(loan.due_at), opening.day(at)
        now = stage((due_on - today).days)
        # On the day of the hand-over the receipt says it all.
        if now is not None and opening.day(loan.handed_over_at) < today:
            yield Reminder(loan, due_on, now)
