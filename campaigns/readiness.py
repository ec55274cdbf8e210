"""What must be true before a campaign goes live: each check says what is, and what to do where it is not.

Upper floors add their own checks with `register`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, Q

from campaigns import audience, offers
from campaigns.editing import stored_rules
from campaigns.models import Campaign
from campaigns.rule_checks import all_problems
from campaigns.states import RewardKind, Side
from customers.facts import fields
from customers.models import Agreement
from equipment.availability import free_to
from equipment.models import EquipmentModel, Pool
from equipment.states import Service


@dataclass(frozen=True)
class Check:
    """One answer: a stable code, whether it is well, how things stand, and what to do when it is not."""

    code: str
    is_ok: bool
    sentence: str
    fix: str = ""


class CheckFunction(Protocol):
    """A function that looks at one thing about a campaign at an instant."""

    def __call__(self, campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
        """The checks, usually one."""


_registered: list[CheckFunction] = []


def register(function: CheckFunction) -> CheckFunction:
    """Add a check of an upper floor. Registering the same function again changes nothing. Usable as a decorator."""
    if function not in _registered:
        _registered.append(function)
    return function


def check(campaign: Campaign, *, at: datetime) -> list[Check]:
    """Every check of a campaign as things stand at `at`."""
    return [one for function in (*_BUILT_IN, *_registered) for one in function(campaign, at=at)]


def failing(campaign: Campaign, *, at: datetime) -> list[Check]:
    """The checks that are not well."""
    return [one for one in check(campaign, at=at) if not one.is_ok]


def _terms(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    yield _published(
        "terms", "The campaign terms", campaign.campaign_terms, "Write the terms and publish them: [terms] in the recipe."
    )


def _loan_terms(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    if campaign.tiers.filter(kind=RewardKind.EQUIPMENT).exists():
        fix = "A tier lends equipment, so write loan terms and publish them: [loan_terms] in the recipe."
        yield _published("loan_terms", "The loan terms", campaign.loan_terms, fix)


def _published(code: str, what: str, agreement: Agreement | None, fix: str) -> Check:
    version = agreement.current() if agreement else None
    if version is None:
        return Check(code, False, f"{what} are not published.", fix)
    return Check(code, True, f"{what} are published, version {version.number}.")


def _tiers(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    """Each rewarded side gets something, in every arm of a test."""
    arms = list(campaign.variants.values_list("key", flat=True)) or [""]
    rows = set(campaign.tiers.values_list("side", "variant__key"))
    for side in offers.SIDES[campaign.rewarded]:
        without = [arm for arm in arms if not {(str(side), None), (str(side), arm)} & rows]
        name = Side(side).label.lower()
        if without:
            where = f" in the arm {', '.join(without)}" if without != [""] else ""
            yield Check("tiers", False, f"Nothing is given to the {name}{where}.", f"Add a tier with side = “{side}”.")
        else:
            yield Check("tiers", True, f"The {name} is rewarded.")


def _stock(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    """Every model that is promised can be lent somewhere now."""
    for model in promised_models(campaign):
        yield _stock_of(campaign, model, at)


def promised_models(campaign: Campaign) -> list[EquipmentModel]:
    """The models a campaign may promise: those of its tiers, and those its promotions swap in."""
    wanted = Q(tiers__campaign=campaign) | Q(pk__in=campaign.promotions.values("equipment_model"))
    return list(EquipmentModel.objects.filter(wanted).distinct().order_by("sku"))


def _stock_of(campaign: Campaign, model: EquipmentModel, at: datetime) -> Check:
    pools = offers.pools_for(campaign, model)
    if not pools:
        return Check("pools", False, f"There is no pool of {model} ({model.sku}).", "Add a pool and units of it.")
    in_service = Count("units", filter=Q(units__service=Service.IN_SERVICE))
    if not Pool.objects.filter(pk__in=[pool.pk for pool in pools]).aggregate(units=in_service)["units"]:
        return Check("units", False, f"No unit of {model} ({model.sku}) is in service.", "Add units, or put units back in service.")
    limits = offers.limits_for(campaign)
    free = sum(max(0, one.free) for one in free_to(campaign.slug, pools, limits=limits, at=at).values())
    if free < 1:
        fix = "Add units, lower a pool's reserve, raise the quota, or wait for returns."
        return Check("stock", False, f"No unit of {model} ({model.sku}) is free to be promised now.", fix)
    return Check("stock", True, f"{free} of {model} ({model.sku}) can be promised now.")


def _rules(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    rules = stored_rules(campaign)
    problems = all_problems(rules, fields())
    if problems:
        yield Check("rules", False, f"The eligibility rules are not valid: {' · '.join(problems)}.", "Correct the rules.")
    else:
        yield Check("rules", True, f"{len(rules)} eligibility rules are valid.")


def _dates(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    if campaign.ends_at is not None and campaign.ends_at <= at:
        ended = campaign.day_of(campaign.ends_at)
        yield Check("dates", False, f"The campaign's end, {ended}, has passed.", "Move ends_at to a later day.")
    elif campaign.starts_at and campaign.ends_at and campaign.ends_at <= campaign.starts_at:
        yield Check("dates", False, "The campaign ends before it starts.", "Correct starts_at and ends_at.")
    else:
        yield Check("dates", True, "The dates are possible.")


def _audience(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    count = audience.eligible(campaign, Side.REFERRER, on=campaign.day_of(at)).count()
    if count:
        yield Check("audience", True, f"{count:,} {'customer qualifies' if count == 1 else 'customers qualify'} as referrers.")
    else:
        yield Check("audience", False, "No customer qualifies as a referrer.", "Import customers, or loosen the referrer rules.")


_BUILT_IN: tuple[Callable[..., Iterable[Check]], ...] = (_terms, _loan_terms, _tiers, _stock, _rules, _dates, _audience)
