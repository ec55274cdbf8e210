"""What of a model there is for a campaign: the one reading behind the landing page, invitations, tiers and the promise book.

To be shown and to be limited by; a promise is made under the pool's lock, by asking again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import offers
from campaigns.models import Campaign
from equipment import availability, lateness, queueing
from equipment.models import EquipmentModel, Loan, Pool
from equipment.states import LoanState
from referrals import wording

SOON = timedelta(days=14)
"""Within this time a unit has to be ready again to count for those who are invited now."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stock:
    """What a friend who joins now would meet: units free for them, or the place in the queue they would get.

    `expected` is the day by which a unit should be there for whoever waits, or None when nobody can say. Each place that lends has a
    queue of its own, and which one serves them is not known yet: where it matters, `place` and `expected` are the latest of them, and
    the place is not `is_exact`.
    """

    free: int
    place: int
    expected: date | None = None
    is_exact: bool = True

    @property
    def must_wait(self) -> bool:
        """Whether joining now means joining the queue."""
        return self.free < 1

    @property
    def sentence(self) -> str:
        """What is free, in words."""
        if not self.free:
            return _("None free today")
        return ngettext("%(count)d free now", "%(count)d free now", self.free) % {"count": self.free}

    @property
    def queue(self) -> str:
        """The place in the queue, in words."""
        exactly, at_most = (
            _("Join now and you are number %(place)d in the queue."),
            _("Join now and you are number %(place)d in the queue at most."),
        )
        where = (exactly if self.is_exact else at_most) % {"place": self.place}
        if self.expected is None:
            return where + " " + _("We cannot say yet when one comes free, but we write to you.")
        return where + " " + _("We expect one for you by %(day)s.") % {"day": wording.day(self.expected)}


@dataclass(frozen=True)
class Supply:
    """What of a model there is for a campaign: units free, people who wait, and the chances of units that are out to be back soon."""

    free: int
    waiting: int
    returns: Sequence[float]


def stock_of(campaign: Campaign, model: EquipmentModel, *, before: int, at: datetime) -> Stock:
    """What a friend who joins at `at` would get of `model`. `before` units of it are promised to the other side first.

    A pool has what is free in it, and of that what the campaign's quota leaves.
    """
    pools = offers.pools_for(campaign, model)
    free = sum(free_in(pools, campaign, at=at).values())
    waiting = Counter(Loan.objects.queue().filter(pool__in=pools).values_list("pool", flat=True))
    ahead = max(before - free, 0)
    # Both sides are held for at once: what the other side gets is blocked first, for as long as a hold may last.
    holds = [at + timedelta(days=campaign.hold_days)] * before
    expected = None if free > before else _expected(pools, waiting, holds, at)
    queues = [waiting.get(pool.pk, 0) for pool in pools]
    is_exact = len(set(queues)) < 2 and not (ahead and len(pools) > 1)
    return Stock(free=max(free - before, 0), place=max(queues, default=0) + ahead + 1, expected=expected, is_exact=is_exact)


def _expected(pools: Sequence[Pool], waiting: Mapping[int, int], holds: Sequence[datetime], at: datetime) -> date | None:
    """When whoever joins the queue now gets one at the latest: which of several places serves them is not known yet."""
    curves, books = lateness.curves([pool.pk for pool in pools], at=at), availability.books(pools, at=at)
    days = []
    for pool in pools:
        first = [pool.blocked_by_hold(until) for until in holds]
        place = waiting.get(pool.pk, 0) + 1
        foreseen = queueing.foreseen(pool, books[pool.pk], curves[pool.pk], place, at=at, first=first)
        if len(foreseen) < place:
            return None
        days.append(foreseen[-1])
    return max(days, default=None)


def supply_of(campaign: Campaign, model: EquipmentModel, *, at: datetime) -> Supply:
    """What there is of `model` for those who are invited at `at`. Where a quota limits the campaign, no return is counted on."""
    pools = offers.pools_for(campaign, model)
    free = sum(free_in(pools, campaign, at=at).values())
    waiting = Loan.objects.queue().filter(pool__in=pools).count()
    returns = [] if offers.limits_for(campaign) else chances_back(pools, at=at)
    return Supply(free, waiting, returns)


def free_in(pools: Sequence[Pool], campaign: Campaign, *, at: datetime) -> dict[int, int]:
    """Per pool id: units that can be handed out at `at` and kept for a whole loan, within the campaign's quota."""
    limits = offers.limits_for(campaign)
    seen = availability.free_to(campaign.slug, pools, limits=limits, at=at)
    return {pk: max(found.free, 0) for pk, found in seen.items()}


def chances_back(pools: Iterable[Pool], *, at: datetime) -> list[float]:
    """The probability of each unit that is out and not overdue to be ready again `SOON`, by the return curve of its pool."""
    known = {pool.pk: pool for pool in pools}
    curves = lateness.curves(known, at=at)
    out = Loan.objects.filter(pool__in=known, state=LoanState.ON_LOAN, due_at__gte=at, unit__service="in_service")
    found = []
    for pool, due_at in out.order_by("due_at").values_list("pool", "due_at"):
        assert due_at is not None
        by = SOON / _DAY - known[pool].turnaround
        found.append(curves[pool].chance_back(due_in=(due_at - at) / _DAY, by=by))
    return [chance for chance in found if chance]
