"""How long the oldest piece of due work has been waiting, read from the state of the rows and not from the queue's word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django_q.models import OrmQ

from campaigns.states import RewardKind
from equipment.states import LoanState
from notices.models import Notice
from notices.states import NoticeState
from referrals.models import Referral
from referrals.states import Progress, Standing
from rewards.models import Reward
from rewards.states import RewardState


@dataclass(frozen=True)
class Pending:
    """Due work of one kind: what it is in words, and for how many seconds the oldest of it has been due."""

    what: str
    seconds: int


NOTHING = Pending("nothing is waiting", 0)


def oldest_pending(at: datetime) -> Pending:
    """The piece of due work that has waited longest at the instant `at`."""
    return max(all_pending(at), key=lambda pending: pending.seconds, default=NOTHING)


def all_pending(at: datetime) -> Iterator[Pending]:
    """The oldest due work of each kind that has any."""
    for what, since_when in _SOURCES.items():
        since = since_when(at)
        if since is not None and since < at:
            yield Pending(what, int((at - since).total_seconds()))


def _wake_up(at: datetime) -> datetime | None:
    """A wake-up nobody took. One that was taken carries a lock in the future until it is done or comes back."""
    return _earliest(OrmQ.objects.filter(lock__lte=at), "lock")


def _notice_to_send(at: datetime) -> datetime | None:
    due = Notice.objects.filter(state=NoticeState.QUEUED, next_attempt_at__lte=at)
    return _earliest(due, "next_attempt_at")


def _notice_half_sent(at: datetime) -> datetime | None:
    """A sender that died left its lease behind."""
    left = Notice.objects.filter(state=NoticeState.SENDING, lease_until__lte=at)
    return _earliest(left, "lease_until")


def _referral_without_rewards(at: datetime) -> datetime | None:
    due = Referral.objects.filter(progress=Progress.QUALIFIED, accrual__isnull=True, qualified_at__lte=at)
    return _earliest(due.exclude(standing=Standing.BLOCKED), "qualified_at")


def _reward_to_give(at: datetime) -> datetime | None:
    """Approved and nothing to wait for. Products go out by hand; a place in the queue is waited for."""
    due = Reward.objects.filter(state=RewardState.APPROVED, approved_at__lte=at).exclude(kind=RewardKind.PRODUCT)
    ready = due.filter(~Q(kind=RewardKind.EQUIPMENT) | Q(loan__state=LoanState.HELD))
    return _earliest(ready, "approved_at")


def _earliest(rows: QuerySet[Any], column: str) -> datetime | None:
    since: datetime | None = rows.aggregate(since=Min(column))["since"]
    return since


_SOURCES: dict[str, Callable[[datetime], datetime | None]] = {
    "a wake-up in the queue": _wake_up,
    "a notice to send": _notice_to_send,
    "a notice whose sender died": _notice_half_sent,
    "a qualified referral whose rewards are not worked out": _referral_without_rewards,
    "an approved reward that was not given": _reward_to_give,
}


def overdue(at: datetime, limit: timedelta) -> Pending | None:
    """The oldest due work if it has waited longer than `limit`."""
    oldest = oldest_pending(at)
    return oldest if oldest.seconds > limit.total_seconds() else None
