"""The service level of a campaign: the share of promises that had their unit at once, against what was agreed, and what is to be expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from campaigns import offers
from campaigns.models import Campaign
from campaigns.readiness import promised_models
from equipment import availability, demand
from equipment.demand import Fit
from referrals.models import Promise

GOAL = "service_rate"
"""The goal of a campaign that is its agreed service level, a share from 0 to 1."""
USUAL = 0.95
"""What is agreed where nothing else is."""
BACK = timedelta(days=90)


@dataclass(frozen=True)
class Service:
    """Of `made` promises `at_once` had their unit at once. `expected` is the share to be expected, None with too little to go by."""

    agreed: float
    at_once: int
    made: int
    expected: float | None

    @property
    def level(self) -> float | None:
        """The share that was served at once; None without a promise."""
        return self.at_once / self.made if self.made else None

    @property
    def is_met(self) -> bool:
        """Whether nothing speaks against the agreed level."""
        return all(share is None or share >= self.agreed for share in (self.level, self.expected))

    @property
    def sentence(self) -> str:
        """How it stands, in words."""
        so_far = "Nothing was promised in the last 90 days." if self.level is None else (
            f"In the last 90 days {self.at_once:,} of {self.made:,} promises had their unit at once, {self.level:.0%}."
        )  # fmt: skip
        ahead = "There is too little to go by to say what comes." if self.expected is None else (
            f"As many ask and as long as units are taken, {self.expected:.0%} of those who ask are to be served at once."
        )  # fmt: skip
        return f"Agreed: {self.agreed:.0%}. {so_far} {ahead}"


def agreed(goals: Mapping[str, Any]) -> float:
    """The agreed service level: the goal of the campaign, else the usual one."""
    goal = goals.get(GOAL)
    return float(goal) if isinstance(goal, int | float) and not isinstance(goal, bool) and 0 < goal < 1 else USUAL


def service_of(campaign: Campaign, *, at: datetime) -> Service:
    """How the service of a campaign stands at `at`."""
    level = agreed(campaign.goals)
    made = Promise.objects.filter(referral__campaign=campaign, made_at__gt=at - BACK, made_at__lte=at)
    counts = made.aggregate(made=Count("pk"), at_once=Count("pk", filter=Q(loan__place_at_joining__isnull=True)))
    return Service(level, counts["at_once"], counts["made"], _expected(campaign, level, at))


def _expected(campaign: Campaign, level: float, at: datetime) -> float | None:
    """The share served at once over all pools of the campaign, each weighted by how much is asked of it."""
    pools = {pool.pk: pool for model in promised_models(campaign) for pool in offers.pools_for(campaign, model)}
    books = availability.books(pools.values(), at=at)
    fits = [
        Fit(books[pk].units - books[pk].reserve, asked.forecast.per_week, asked.taken_days, 1 - level)
        for pk, asked in demand.demands(pools.values(), at=at).items()
        if asked.forecast is not None
    ]
    per_week = sum(fit.per_week for fit in fits)
    return 1 - sum(fit.per_week * fit.share_without for fit in fits) / per_week if per_week else None
