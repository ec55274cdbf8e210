"""A campaign in sentences: what a colleague reads who opens it for the first time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns import ladder
from campaigns.recipe_parts import CampaignPart, Recipe, RulePart
from campaigns.rule_words import listed
from campaigns.states import Approval, Attribution, LastReward, ReferrerPeriod, Side
from campaigns.words import GOALS, SHARES
from desk import plurals
from desk.amounts import in_short
from desk.clock import day

_CREDITED = {
    Attribution.FIRST_CLICK.value: "The first whose link the friend opened is credited",
    Attribution.LAST_CLICK.value: "The last whose link the friend opened is credited",
    Attribution.LINEAR.value: "All whose links the friend opened are credited alike",
    Attribution.TIME_DECAY.value: "All whose links the friend opened are credited, later ones more",
    Attribution.POSITION_BASED.value: "All whose links the friend opened are credited, the first and the last most",
}
_PERIODS = {
    ReferrerPeriod.ALWAYS.value: "",
    ReferrerPeriod.MONTH.value: " a month",
    ReferrerPeriod.YEAR.value: " a year",
}


@dataclass(frozen=True)
class Card:
    """Sentences about one thing, and the tab on which it is changed."""

    title: str
    tab: str
    sentences: tuple[str, ...]


def cards(recipe: Recipe, *, models: Mapping[str, str]) -> list[Card]:
    """The whole campaign. `models` says how each SKU is called, with its days. Days are the campaign's own."""
    return [
        Card("What it gives", "tiers", tuple(_gives(recipe, models)) or ("Nothing is given yet.",)),
        Card("Who can take part", "rules", (_who(recipe, Side.REFERRER), _who(recipe, Side.REFEREE))),
        Card("How it goes", "set-up", tuple(_goes(recipe.campaign))),
        Card("Limits and goals", "set-up", (*_limits(recipe), _goals(recipe))),
    ]


def _gives(recipe: Recipe, models: Mapping[str, str]) -> Iterator[str]:
    currency = recipe.campaign.currency
    for tier in recipe.tiers:
        yield ladder.sentence(tier, recipe=recipe, models=models)
    for step in recipe.steps:
        yield f"“{step.title}”: {ladder.asked(step, currency=currency)}"
    for one in recipe.promotions:
        zone = ZoneInfo(recipe.campaign.time_zone)
        window = f"{day(one.starts_at.astimezone(zone).date())} to {_last_day(one.ends_at, zone)}"
        yield f"“{one.name}”, {window}: {ladder.effect(one, models=models)}"


def _who(recipe: Recipe, side: Side) -> str:
    rules = [rule for rule in recipe.rules if rule.side == side]
    if not rules:
        return "Every customer can refer." if side == Side.REFERRER else "Every friend can join."
    who = "Who refers" if side == Side.REFERRER else "Who joins"
    return f"{who}: {' '.join(_requirements(rules))}"


def _requirements(rules: list[RulePart]) -> Iterator[str]:
    """Each sentence once, those of which one is enough together."""
    groups = dict.fromkeys(rule.group for rule in rules if rule.group)
    yield from (rule.sentence for rule in rules if not rule.group)
    for group in groups:
        yield f"One of these: {' '.join(rule.sentence for rule in rules if rule.group == group)}"


def _goes(one: CampaignPart) -> Iterator[str]:
    yield _when(one)
    done = ladder.deed(one.proof, amount=one.proof_amount, count=one.proof_count, days=one.proof_days, currency=one.currency)
    yield f"A referral qualifies when the friend {done}, within {plurals.days(one.proof_within_days)} of signing up."
    yield {
        Approval.AUTOMATIC.value: "Rewards are then given by themselves.",
        Approval.MANUAL.value: "A person approves each reward.",
        Approval.BY_RISK.value: f"A person approves rewards from a risk of {one.risk_threshold} on; the others are given by themselves.",
    }[one.approval]
    yield f"A promised unit is kept for {plurals.days(one.hold_days)}."
    yield f"{_CREDITED[one.attribution]}, over the last {plurals.days(one.attribution_days)}."
    if one.name_sharing:
        yield "A friend can also find the invitation by the name of who invited them."
    if one.lapse_days:
        yield f"A reward is taken back when the friend leaves within {plurals.days(one.lapse_days)}."
    if one.claim_within_days:
        yield f"A reward not used or collected within {plurals.days(one.claim_within_days)} runs out."
    if one.balance_days:
        yield f"Credit and points last {plurals.days(one.balance_days)}."


def _when(one: CampaignPart) -> str:
    zone = ZoneInfo(one.time_zone)
    begins = f"From {day(one.starts_at.astimezone(zone).date())}" if one.starts_at else "From its launch"
    return f"{begins} {f'to {_last_day(one.ends_at, zone)}' if one.ends_at else 'on, without an end'}."


def _last_day(end: datetime, zone: ZoneInfo) -> str:
    return day((end - datetime.resolution).astimezone(zone).date())


def _limits(recipe: Recipe) -> Iterator[str]:
    one = recipe.campaign
    whole = _listed(
        one.budget and in_short(one.budget, one.currency),
        _count(one.total_cap, "reward"),
        one.unit_days_cap and f"{plurals.days(one.unit_days_cap)} of equipment",
    )
    yield f"All together at most {whole}." if whole else "The whole campaign has no limit but its equipment."
    each = _listed(
        _count(one.referrer_cap, "reward"),
        one.referrer_budget and in_short(one.referrer_budget, one.currency),
        one.referrer_unit_days and f"{plurals.days(one.referrer_unit_days)} of equipment",
    )
    if each:
        period = _PERIODS.get(one.referrer_period, f" in the last {plurals.days(one.referrer_days or 1)}")
        yield f"One referrer at most {each}{period}."
    if whole or each:
        is_clamped = one.last_reward == LastReward.CLAMP
        yield f"A reward larger than what is left {'is made as large as that' if is_clamped else 'waits for a person'}."
    for quota in recipe.quotas:
        yield f"In {quota.place} at most {_count(quota.units, 'unit')} of {quota.sku} at one time."
    if one.news_cap:
        yield f"At most {one.news_cap} news about it to one customer in {plurals.days(one.news_cap_days or 1)}."


def _goals(recipe: Recipe) -> str:
    said = [f"{GOALS.get(name, name.replace('_', ' '))}: {_goal(name, value)}" for name, value in recipe.goals]
    return f"Goals: {'; '.join(said)}." if said else "No goal is set."


def _goal(name: str, value: float) -> str:
    return f"{value * 100:g} %" if name in SHARES else f"{value:,}"


def _count(number: int | None, what: str) -> str:
    return "" if number is None else plurals.counted(number, what)


def _listed(*parts: object) -> str:
    return listed([str(part) for part in parts if part], "and")
