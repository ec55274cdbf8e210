"""Whom a campaign is for: one customer judged with reasons, everybody found with one filter, and whom each rule turns away."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from campaigns.compiling import all_of, any_of, condition
from campaigns.eligibility import Rule, Verdict, evaluate, not_known, requirements, wording
from campaigns.models import Campaign, EligibilityRule
from customers.facts import facts_of, fields_of
from customers.models import Customer
from customers.states import Membership


def rules_of(campaign: Campaign, side: str, *, version: int | None = None) -> list[Rule]:
    """The rules for one side: those in force, or those of an earlier version."""
    stored = list(
        EligibilityRule.objects.filter(campaign=campaign, side=side, version=version or campaign.rules_version).order_by("id")
    )
    fields = fields_of({rule.field for rule in stored})
    return [
        Rule(
            field=rule.field,
            operator=rule.operator,
            value=rule.value,
            sentence=rule.sentence,
            group=rule.group,
            is_sensitive=rule.is_sensitive,
            label=fields[rule.field].label if rule.field in fields else "",
        )
        for rule in stored
    ]


def verdict(campaign: Campaign, side: str, customer: Customer, *, on: date, version: int | None = None) -> Verdict:
    """Whether one customer may take part on this side on a day, and every reason why not."""
    return judge(rules_of(campaign, side, version=version), customer, on=on)


def judge(rules: Sequence[Rule], customer: Customer, *, on: date) -> Verdict:
    """Whether one customer meets these rules on a day. Reads only the facts the rules ask for."""
    return evaluate(rules, facts_of(customer, on=on, only={rule.field for rule in rules}))


def eligible(campaign: Campaign, side: str, *, on: date) -> QuerySet[Customer]:
    """Everybody who may take part on this side on a day: exactly those whose `verdict` is yes."""
    return matching(rules_of(campaign, side), on=on)


def matching(rules: Sequence[Rule], *, on: date) -> QuerySet[Customer]:
    """Everybody who meets these rules on a day, as one filter. Never an erased or a closed customer."""
    fields = fields_of({rule.field for rule in rules})
    met = [any_of(condition(rule, fields, on=on).met for rule in requirement) for requirement in requirements(rules)]
    return candidates().filter(all_of(met))


def candidates() -> QuerySet[Customer]:
    """Everybody who is still a customer or may become one: not erased, not closed."""
    return Customer.objects.filter(erased_at__isnull=True).exclude(membership=Membership.CLOSED)


def turned_away(campaign: Campaign, side: str, *, on: date) -> list[tuple[str, int]]:
    """How many candidates fail each requirement on a day, and for how many the fact is not known, by one query."""
    return turned_away_by(rules_of(campaign, side), on=on)


def turned_away_by(rules: Sequence[Rule], *, on: date) -> list[tuple[str, int]]:
    """As `turned_away`, for rules that need not be stored anywhere.

    Someone who fails several requirements is counted in each. A line “… Not known: …” comes only when there is someone.
    """
    found = requirements(rules)
    if not found:
        return []
    counts = candidates().aggregate(**_counts(found, on))
    return [line for n, requirement in enumerate(found) for line in _lines(n, requirement, counts)]


def _counts(found: Sequence[tuple[Rule, ...]], on: date) -> dict[str, Any]:
    """Per requirement: who meets it, of whom all its facts are known, and both. Never a negation, which NULL would spoil."""
    fields = fields_of({rule.field for requirement in found for rule in requirement})
    counts: dict[str, Any] = {"everybody": Count("pk")}
    for n, requirement in enumerate(found):
        conditions = [condition(rule, fields, on=on) for rule in requirement]
        met, known = any_of(one.met for one in conditions), all_of(one.known for one in conditions)
        counts |= {f"met_{n}": _count(met), f"known_{n}": _count(known), f"both_{n}": _count(known & met)}
    return counts


def _count(filtered: Q) -> Count:
    return Count("pk", filter=filtered)


def _lines(n: int, requirement: tuple[Rule, ...], counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    failed = counts[f"known_{n}"] - counts[f"both_{n}"]
    unknown = counts["everybody"] - counts[f"met_{n}"] - failed
    yield wording(requirement), failed
    if unknown:
        yield f"{wording(requirement)} {not_known(requirement)}", unknown


def reasons_in_words(verdict: Verdict) -> str:
    """All reasons of a refusal as one text for a person."""
    return " ".join(reason.sentence for reason in verdict.reasons)
