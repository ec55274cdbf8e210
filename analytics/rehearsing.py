"""What a rehearsal of a campaign is fed with: its offer, its stock, what others did, and what happened in the last 90 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.db.models import Count, QuerySet

from analytics.figures import opened_of
from analytics.rehearsal import Gift, Need, Offer, Shortage, by_week, plan, replay, shortage
from campaigns import audience, offers
from campaigns.models import Campaign
from campaigns.readiness import promised_models
from campaigns.states import Side
from campaigns.tiers import Rung
from equipment.availability import Window, books
from equipment.models import EquipmentModel, Pool
from referrals.models import Code, Referral
from referrals.states import Progress
from rewards.models import Budget

WEEKS = 12
BACK = timedelta(days=90)
_WEEK = timedelta(days=7)
_GUESS = (Fraction(1, 20), Fraction(1))
"""One in twenty refers one friend: what is taken where nobody has referred anybody yet."""


@dataclass(frozen=True)
class Usual:
    """What other campaigns saw in the last 90 days: the share of code holders who referred, and friends each; or a guess."""

    share: Fraction
    friends: Fraction
    is_guess: bool


@dataclass(frozen=True)
class Stock:
    """One model: units that can be promised and units needed in each week, and the shortage if there is one."""

    model: EquipmentModel
    needed: Fraction
    supply: Sequence[int]
    demand: Sequence[int]
    short: Shortage | None


@dataclass(frozen=True)
class Rehearsal:
    """A campaign played through. Money in the campaign's currency; `left` is what the budget still holds, None without one."""

    qualifying: int
    referrers: Fraction
    friends: Fraction
    need: Need
    stocks: Sequence[Stock]
    weeks: Sequence[date]
    left: Decimal | None
    cap: int | None

    @property
    def is_capped(self) -> bool:
        """Whether the limit of rewards of the whole campaign cuts the plan."""
        return self.cap is not None and self.need.rewards >= self.cap


@dataclass(frozen=True)
class History:
    """The last 90 days by this campaign's rules: referrals there were, those that would have counted, what they would have needed."""

    referrals: int
    qualified: int
    need: Need


def usual(campaign: Campaign, *, at: datetime) -> Usual:
    """What to begin a plan with."""
    codes = Code.objects.exclude(campaign=campaign).filter(issued_at__lte=at).count()
    seen = _recent(at).exclude(campaign=campaign).filter(progress=Progress.QUALIFIED)
    counts = seen.aggregate(friends=Count("pk"), referrers=Count("code", distinct=True))
    if not codes or not counts["referrers"]:
        return Usual(*_GUESS, is_guess=True)
    return Usual(Fraction(counts["referrers"], codes), Fraction(counts["friends"], counts["referrers"]), is_guess=False)


def rehearse(campaign: Campaign, *, share: Fraction, friends: Fraction, at: datetime) -> Rehearsal:
    """The next twelve weeks, from the campaign's start if that is later, when this share refers so many friends each."""
    qualifying = audience.eligible(campaign, Side.REFERRER, on=campaign.day_of(at)).count()
    need = plan(offer_of(campaign), qualifying=qualifying, share=share, friends=friends)
    begins = max(at, campaign.starts_at or at)
    referrers = qualifying * share
    return Rehearsal(
        qualifying=qualifying,
        referrers=referrers,
        friends=referrers * friends,
        need=need,
        stocks=_stocks(campaign, need, begins, at),
        weeks=[campaign.day_of(begins + n * _WEEK) for n in range(WEEKS)],
        left=_left(campaign),
        cap=campaign.total_cap,
    )


def history(campaign: Campaign, *, at: datetime) -> History:
    """What the rules and tiers of this campaign would have made of the referrals of the last 90 days, in whatever campaign.

    Judged by what is known of these people today; a friend counts who has qualified, and once.
    """
    on = campaign.day_of(at)
    recent = _recent(at)
    counted = recent.filter(
        progress=Progress.QUALIFIED,
        referrer__in=audience.eligible(campaign, Side.REFERRER, on=on),
        referee__in=audience.eligible(campaign, Side.REFEREE, on=on),
    )
    pairs = counted.order_by("qualified_at", "id").values_list("referrer", "referee")
    qualified, need = replay(offer_of(campaign), pairs)
    return History(recent.count(), qualified, need)


def offer_of(campaign: Campaign) -> Offer:
    """What the campaign gives, without promotions."""
    tiers = campaign.tiers.select_related("equipment_model", "variant")
    rungs = [
        Rung(
            key=tier.key,
            side=tier.side,
            nth=tier.nth,
            rhythm=tier.rhythm,
            variant=tier.variant.key if tier.variant else "",
            what=Gift(tier.equipment_model.sku if tier.equipment_model else "", tier.cost),
        )
        for tier in tiers
    ]
    arms = list(campaign.variants.values_list("key", "weight"))
    return Offer(
        rungs=rungs,
        sides=[str(side) for side in offers.SIDES[campaign.rewarded]],
        arms=arms if any(weight for _, weight in arms) else [("", 1)],
        referrer_cap=campaign.referrer_cap,
        total_cap=campaign.total_cap,
    )


def _recent(at: datetime) -> QuerySet[Referral]:
    return opened_of(Referral.objects.all(), at - BACK, at)


def _stocks(campaign: Campaign, need: Need, begins: datetime, at: datetime) -> list[Stock]:
    """Every model the campaign promises, week by week, a unit out for a loan and the turnaround of its slowest place. Constant queries."""
    models = promised_models(campaign)
    pools = _pools_of(campaign, models)
    supply = _supply(campaign, pools, begins, at)
    running = _running_weeks(campaign, begins)
    found = []
    for model in models:
        needed = need.units.get(model.sku, Fraction(0))
        mine = [pool for pool in pools if pool.model_id == model.pk]
        there = [sum(week) for week in zip(*(supply[pool.pk] for pool in mine), strict=True)] or [0] * WEEKS
        turnaround = max((pool.turnaround for pool in mine), default=model.turnaround_days)
        out_for = ceil((model.loan_days + turnaround) / 7)
        wanted = by_week(needed, weeks=WEEKS, running=running, out_for=out_for)
        found.append(Stock(model, needed, there, wanted, shortage(there, wanted)))
    return found


def _pools_of(campaign: Campaign, models: Sequence[EquipmentModel]) -> list[Pool]:
    """The pools that serve these models here: as `offers.pools_for`, for all at once."""
    pools = list(Pool.objects.filter(model__in=models).select_related("model").order_by("pk"))
    limited = set(offers.limits_for(campaign))
    with_quota = {pool.model_id for pool in pools if pool.pk in limited}
    return [pool for pool in pools if pool.pk in limited or pool.model_id not in with_quota]


def _supply(campaign: Campaign, pools: Sequence[Pool], begins: datetime, at: datetime) -> dict[int, list[int]]:
    """Per pool id: units that can still be promised in each week, within the campaign's quota."""
    limits = offers.limits_for(campaign)
    weeks = [Window(begins + n * _WEEK, begins + (n + 1) * _WEEK) for n in range(WEEKS)]
    return {
        pk: [max(0, book.within(week, campaign.slug, limits.get(pk)).free) for week in weeks]
        for pk, book in books(pools, at=at).items()
    }


def _running_weeks(campaign: Campaign, begins: datetime) -> int:
    """In how many of the weeks rewards fall due: all, or those up to the campaign's end."""
    if campaign.ends_at is None:
        return WEEKS
    return max(0, min(WEEKS, ceil((campaign.ends_at - begins) / _WEEK)))


def _left(campaign: Campaign) -> Decimal | None:
    if campaign.budget is None:
        return None
    spent = Budget.objects.filter(campaign=campaign).values_list("spent", flat=True).first()
    return campaign.budget - (spent or Decimal(0))
