"""What has to be said about loans, swept from their state. Equipment writes to nobody; this is where its news is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from campaigns.states import Side
from equipment import queueing
from equipment.models import Loan
from equipment.states import LoanState
from notices import outbox
from notices.models import Notice
from notices.wording import Fact
from referrals import wording

FRESH = timedelta(days=7)
"""News older than this is not told any more: after an outage there is no burst of stale messages."""
_BATCH = 500


@dataclass(frozen=True)
class News:
    """One kind of message about a loan: which loans call for it, and what it says."""

    kind: str
    due: Callable[[datetime], Q]
    facts: Callable[[Loan, datetime], dict[str, Fact]]


def untold(news: News, *, at: datetime, reference: str = "") -> QuerySet[Loan]:
    """Loans that call for this message and have not got it yet; only the one with `reference`, if given."""
    key = Concat(Value(f"{news.kind}:"), OuterRef("reference"), Value(":"), OuterRef("borrower__reference"))
    told = Notice.objects.filter(dedupe_key=key)
    rows = Loan.objects.filter(news.due(at), promise__isnull=False).filter(~Exists(told))
    if reference:
        rows = rows.filter(reference=reference)
    return rows.select_related("pool__model", "borrower", "promise__referral__campaign").order_by("pk")[:_BATCH]


def tell(*, loan: Loan, news: News, at: datetime) -> Notice:
    """Queue one message about one loan. A second call answers the first message."""
    return outbox.queue(
        news.kind,
        to=loan.borrower,
        about=loan.reference,
        facts=news.facts(loan, at),
        at=at,
        campaign=loan.promise.referral.campaign,
        side=Side(loan.promise.side),
    )


def _place(loan: Loan, at: datetime) -> dict[str, Fact]:
    expected = queueing.expected_on(loan, at=at)
    return {
        "item": loan.pool.model.called,
        "place": str(queueing.place_of(loan)),
        "expected": expected or _as_soon_as_possible,
    }


def _hold(loan: Loan, at: datetime) -> dict[str, Fact]:
    return {"item": loan.pool.model.called, "hold_until": _last_day(loan, loan.hold_expires_at)}


def _receipt(loan: Loan, at: datetime) -> dict[str, Fact]:
    return {"item": loan.pool.model.called, "due": _last_day(loan, loan.due_at), "return_protocol": loan.pool.model.way_back}


def _thanks(loan: Loan, at: datetime) -> dict[str, Fact]:
    return {"item": loan.pool.model.called}


def _lapsed(loan: Loan, at: datetime) -> dict[str, Fact]:
    return {"item": loan.pool.model.called, "explanation": partial(_was_held_until, loan)}


def _as_soon_as_possible() -> str:
    return _("as soon as one is free")


def _was_held_until(loan: Loan) -> str:
    """The loan's own reason speaks of stock, to staff: it is not for its borrower."""
    assert loan.hold_expires_at is not None, "a constraint gives every loan that was held an end"
    return _("It was held until %(day)s.") % {"day": wording.day(loan.pool.opening().last_day(loan.hold_expires_at))}


def _last_day(loan: Loan, end: datetime | None) -> date | str:
    """The last day, at the pool's place, of something that ends just before `end`."""
    return loan.pool.opening().last_day(end) if end else ""


ALL = (
    News("queue_joined", lambda at: Q(state=LoanState.WAITLISTED, queued_at__gt=at - FRESH), _place),
    News(
        "queue_promoted",
        lambda at: Q(state__in=[LoanState.HELD, LoanState.UNLOCKED], queued_at__isnull=False, starts_at__gt=at - FRESH),
        _hold,
    ),
    News("loan_checked_out", lambda at: Q(state=LoanState.ON_LOAN, handed_over_at__gt=at - FRESH), _receipt),
    News("loan_returned", lambda at: Q(returned_at__gt=at - FRESH), _thanks),
    News("hold_expired", lambda at: Q(state=LoanState.EXPIRED, ended_at__gt=at - FRESH), _lapsed),
)
