"""The figures of a campaign: one definition per metric, used by every screen, report, command and test.

All take `[start, end)` as aware instants (`analytics.periods` makes them from days in the campaign's time zone).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from django.db.models import Case, Count, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce

from analytics.fleet import commitments_in, gaps_in, lives_of, pools_of, stays_in
from analytics.idle import Idle, idle, nearest_rank
from analytics.utilisation import Utilisation, utilisation
from campaigns.models import Campaign
from equipment import denying
from equipment.models import Loan
from equipment.states import LoanState
from referrals import begun_anew, promise_book
from referrals.models import Code, Promise, Referral
from referrals.states import Progress, Standing

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rate:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def ratio(self) -> Decimal | None:
        """Part over whole with 4 places; None when there is no whole."""
        return rounded(Fraction(self.part, self.whole), 4) if self.whole else None


@dataclass(frozen=True)
class Spread:
    """How long something took, in days with 2 places; None when nothing was counted. Nine of ten took no longer than `p90_days`."""

    count: int
    median_days: Decimal | None
    mean_days: Decimal | None
    p90_days: Decimal | None = None


def rounded(value: Fraction | None, places: int) -> Decimal | None:
    """`value` as a decimal with `places`, halves rounded up; None stays None."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def opened_referrals(campaign: Campaign, start: datetime, end: datetime) -> QuerySet[Referral]:
    """The cohort of a period: referrals of the campaign whose friend signed up in it, without the blocked ones."""
    return opened_of(campaign.referrals.all(), start, end)


def opened_of(referrals: QuerySet[Referral], start: datetime, end: datetime) -> QuerySet[Referral]:
    """Those of `referrals` whose friend signed up in the period, without the blocked ones. Who joined anew counts once, by the later one."""
    return referrals.filter(begun_anew.stands(), signed_up_at__gte=start, signed_up_at__lt=end).exclude(standing=Standing.BLOCKED)


def total_referrals(campaign: Campaign, start: datetime, end: datetime) -> int:
    """Total referrals: opened by a sign-up in the period and not blocked."""
    return opened_referrals(campaign, start, end).count()


def conversion_rate(campaign: Campaign, start: datetime, end: datetime) -> Rate:
    """Conversion to active user, by cohort of sign-up: of the referrals opened in the period, those qualified by now."""
    counts = opened_referrals(campaign, start, end).aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(progress=Progress.QUALIFIED))
    )
    return Rate(**counts)


def units_distributed(campaign: Campaign, start: datetime, end: datetime) -> int:
    """Units distributed: check-outs of the campaign's loans in the period. An undone or lost one was still handed over."""
    return Loan.objects.filter(account=campaign.slug, handed_over_at__gte=start, handed_over_at__lt=end).count()


def time_to_referral(campaign: Campaign, start: datetime, end: datetime) -> Spread:
    """Time to referral: from issuing a code to the first referral through it, for codes whose first came in the period."""
    firsts = (
        Code.objects.filter(campaign=campaign)
        .annotate(first_at=Min("referrals__signed_up_at", filter=~Q(referrals__standing=Standing.BLOCKED)))
        .filter(first_at__gte=start, first_at__lt=end)
        .values_list("issued_at", "first_at")
    )
    return _spread(then - since for since, then in firsts)


def time_to_qualify(campaign: Campaign, start: datetime, end: datetime) -> Spread:
    """Time to qualify: from the first credited touch to qualification, for referrals qualified in the period, not blocked.

    A referral without a credited touch (a code given by word of mouth) counts from its sign-up.
    """
    qualified = (
        campaign.referrals.filter(progress=Progress.QUALIFIED, qualified_at__gte=start, qualified_at__lt=end)
        .exclude(standing=Standing.BLOCKED)
        .annotate(touched_at=Min("credits__touch__at"))
        .values_list("touched_at", "signed_up_at", "qualified_at")
    )
    return _spread(then - (touched or signed_up) for touched, signed_up, then in qualified if then is not None)


def fleet_utilisation(campaign: Campaign, start: datetime, end: datetime, *, at: datetime) -> Utilisation:
    """Utilisation of the campaign's pools in the period, as far as it is past at `at`.

    `.share(campaign.slug)` is the campaign's part: its loan-days over the in-service unit-days of its pools; the shares of
    all accounts add up to `.net`. Raises `ValueError` when the period lies wholly in the future.
    """
    until = min(end, at)
    pools = pools_of(campaign)
    return utilisation_of(pools, start, until, at=at)


def utilisation_of(pools: Sequence[int], start: datetime, end: datetime, *, at: datetime) -> Utilisation:
    """Utilisation of these pools (ids) in a period that has passed at `at`."""
    lives, stays = lives_of(pools, until=end), stays_in(pools, start, end, at=at)
    return utilisation(lives, stays, start=start, end=end, committed=commitments_in(pools, start, end, at=at))


def promises_kept(campaign: Campaign | None, start: datetime, end: datetime, *, at: datetime) -> Rate:
    """Promises kept: of those that fell due in the period, the ones handed over on or before the promised day, as known at `at`.

    A promise falls due when its unit is handed over or its day passes, whichever comes first (`referrals.promise_book` says which is
    kept and which broken; what the customer did not want or prove is neither). None for all campaigns together.
    """
    return kept_of(Promise.objects.filter(referral__campaign=campaign) if campaign else Promise.objects.all(), start, end, at=at)


def kept_of(promises: QuerySet[Promise], start: datetime, end: datetime, *, at: datetime) -> Rate:
    """As `promises_kept`, of these promises."""
    kept, broken = promise_book.PromiseStanding.KEPT, promise_book.PromiseStanding.BROKEN
    due = promise_book.standing_of(promises.order_by(), at=at).filter(stands__in=[kept, broken])
    fell_due = due.annotate(fell_due_at=Coalesce(Case(When(stands=kept, then="loan__handed_over_at")), "due_by"))
    counts = fell_due.filter(fell_due_at__gte=start, fell_due_at__lt=end).aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(stands=kept))
    )
    return Rate(**counts)


def denied_demand(campaign: Campaign | None, start: datetime, end: datetime) -> int:
    """Denied demand: loans asked for in the period in vain, at the moment of asking. None for all campaigns together.

    They found nothing free, so that the customer joined the queue, or the campaign took nobody when the friend sent the form.
    """
    which = {"account": campaign.slug} if campaign else {}
    return sum(denied_of(start, end, **which))


def denied_of(start: datetime, end: datetime, **which: Any) -> tuple[int, int]:
    """Loans asked for in vain in a period: those that joined the queue, and those turned away before. `which` selects pools or accounts."""
    queued = Loan.objects.filter(place_at_joining__isnull=False, created_at__gte=start, created_at__lt=end, **which)
    return queued.count(), denying.total(denying.denied(start, end).filter(**which))


def turnaround(pools: Sequence[int], start: datetime, end: datetime) -> Spread:
    """Turnaround: from the return to back in service, of loans from these pools (ids) that passed inspection in the period.

    A unit that was found faulty counts as a repair, not here.
    """
    closed = Loan.objects.filter(pool__in=pools, state=LoanState.CLOSED, ended_at__gte=start, ended_at__lt=end, reason="")
    rows = closed.filter(returned_at__isnull=False).values_list("returned_at", "ended_at").order_by("pk")
    return _spread(back - came for came, back in rows if came is not None and back is not None)


def idle_times(pools: Sequence[int], start: datetime, end: datetime) -> Idle:
    """Idle: from back in service to the next hand-over, of units of these pools (ids); what still stands is counted as still open."""
    return idle(gaps_in(pools, start, end))


def _spread(spans: Iterable[timedelta]) -> Spread:
    days: Sequence[Fraction] = [Fraction(span // timedelta(microseconds=1), _DAY // timedelta(microseconds=1)) for span in spans]
    if not days:
        return Spread(0, None, None)
    mean = sum(days, Fraction(0)) / len(days)
    return Spread(len(days), rounded(Fraction(median(days)), 2), rounded(mean, 2), rounded(nearest_rank(days, 90), 2))
