"""Figures over time, of one campaign or of all: the same definitions as `analytics.figures`, day by day.

A `campaign` of None means all campaigns; days are then those of the period's own time zone. Everything is counted and grouped by
the database, in a number of queries that does not depend on how much there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from analytics.figures import Rate, opened_of
from analytics.fleet import pools_of
from analytics.periods import Period
from campaigns.models import Campaign
from campaigns.states import CampaignState
from equipment.models import Loan, Unit
from equipment.states import LoanState, Service
from referrals import begun_anew
from referrals.models import Promise, Referral, Touch
from referrals.states import Progress, Standing

MOST_DAYS = 120
"""Days that a chart can show one by one; more of them neither fit nor can be read."""


@dataclass(frozen=True)
class Daily:
    """Referrals by the day of the sign-up: how many, and how many of these have qualified by now."""

    days: Sequence[date]
    signed_up: Sequence[int]
    qualified: Sequence[int]


def referrals_of(campaign: Campaign | None) -> QuerySet[Referral]:
    """Referrals of the campaign, or of all."""
    return campaign.referrals.all() if campaign else Referral.objects.all()


def per_day(campaign: Campaign | None, days: Period) -> Daily:
    """Sign-ups on each day of the period, and how many of these have qualified by now; noughts included. One query."""
    counted = (
        opened_of(referrals_of(campaign), days.start, days.end)
        .order_by()
        .annotate(on=TruncDate("signed_up_at", tzinfo=ZoneInfo(days.zone)))
        .values("on")
        .annotate(opened=Count("pk"), done=Count("pk", filter=Q(progress=Progress.QUALIFIED)))
        .values_list("on", "opened", "done")
    )
    found = {on: (opened, done) for on, opened, done in counted}
    numbers = [found.get(day, (0, 0)) for day in days.days]
    return Daily(days.days, [opened for opened, _ in numbers], [done for _, done in numbers])


def shown(daily: Daily) -> tuple[Daily, str]:
    """The same for a chart, with the word for its steps: by day, or beyond `MOST_DAYS` by week, each named by its first day."""
    if len(daily.days) <= MOST_DAYS:
        return daily, "day"
    starts = range(0, len(daily.days), 7)
    signed_up = [sum(daily.signed_up[start : start + 7]) for start in starts]
    qualified = [sum(daily.qualified[start : start + 7]) for start in starts]
    return Daily([daily.days[start] for start in starts], signed_up, qualified), "week"


def way_to_the_loan(campaign: Campaign | None, start: datetime, end: datetime) -> list[tuple[str, int]]:
    """How many people took each step: visits in the period, then how far those who signed up in it have come by now.

    Two queries. Somebody who signed up without opening the page (a code typed by hand) is in the later steps only.
    """
    lent = Promise.objects.filter(referral=OuterRef("pk"), loan__handed_over_at__isnull=False)
    reached = opened_of(referrals_of(campaign), start, end).aggregate(
        signed_up=Count("pk"),
        verified=Count("pk", filter=Q(verified_at__isnull=False)),
        qualified=Count("pk", filter=Q(progress=Progress.QUALIFIED)),
        lent=Count("pk", filter=Q(Exists(lent))),
    )
    return [
        ("Opened the page", visitors(campaign, start, end)),
        ("Signed up", reached["signed_up"]),
        ("Address confirmed", reached["verified"]),
        ("Qualified", reached["qualified"]),
        ("Holds or held a unit", reached["lent"]),
    ]


def visitors(campaign: Campaign | None, start: datetime, end: datetime) -> int:
    """People who opened a page of a code in the period, bots left out. One who comes on two days counts twice.

    Nothing is stored on a visitor's device, so a person can be told from another only within a day (UTC); a visit of which not
    even that is known counts by itself.
    """
    touches = Touch.objects.filter(is_bot=False, at__gte=start, at__lt=end)
    if campaign:
        touches = touches.filter(code__campaign=campaign)
    counts = touches.aggregate(
        known=Count("visitor_hash", distinct=True, filter=~Q(visitor_hash="")), unknown=Count("pk", filter=Q(visitor_hash=""))
    )
    return int(counts["known"] + counts["unknown"])


def on_loan_now(campaign: Campaign | None) -> Rate:
    """Units with borrowers now, of the units in service: of the campaign's pools, or of all."""
    units = Unit.objects.filter(service=Service.IN_SERVICE)
    if campaign:
        units = units.filter(pool__in=pools_of(campaign))
    out = Loan.objects.filter(state=LoanState.ON_LOAN, unit=OuterRef("pk"))
    counts = units.aggregate(whole=Count("pk"), part=Count("pk", filter=Q(Exists(out))))
    return Rate(**counts)


def goal_of_referrals(campaign: Campaign | None) -> Rate | None:
    """Referrals so far, of those aimed at: of the campaign over its whole life, or of all live ones with such a goal.

    None without a goal. Two queries.
    """
    wanted = [campaign] if campaign else list(Campaign.objects.filter(state=CampaignState.LIVE, goals__has_key="total_referrals"))
    goals = {one.pk: _whole(one.goals.get("total_referrals")) for one in wanted}
    aim = sum(goals.values())
    if not aim:
        return None
    reached = Referral.objects.filter(begun_anew.stands(), campaign__in=[pk for pk, goal in goals.items() if goal]).exclude(
        standing=Standing.BLOCKED
    )
    return Rate(reached.count(), aim)


def latest(campaign: Campaign | None, days: Period, number: int) -> list[Referral]:
    """The newest referrals of the period, blocked ones too, with their people and campaign. One query."""
    rows = referrals_of(campaign).filter(signed_up_at__gte=days.start, signed_up_at__lt=days.end)
    return list(rows.select_related("referrer", "referee", "campaign").order_by("-signed_up_at", "-pk")[:number])


def _whole(goal: object) -> int:
    """A goal as stored (by hand, perhaps) as a whole number; nought when it is no number."""
    return int(goal) if isinstance(goal, (int, float, Decimal)) and not isinstance(goal, bool) and goal > 0 else 0
