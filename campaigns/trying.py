"""Why not Chloe? One customer judged by a campaign's rules, rule by rule: what is known of them, what is missing, and from when not.

The verdict is the one of `audience.judge`. A score is looked at only when it was read under its own permission.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from campaigns.eligibility import Rule, Verdict, evaluate, is_met, requirements
from campaigns.rule_words import day_words, operator_words, value_words
from customers.facts import FactField, facts_of
from customers.models import Customer

SCORE = "credit_score"
PRIVATE = frozenset({"age", "postcode", "city", "region"})
"""Facts that only those see who may see a customer's addresses and birth year."""


@dataclass(frozen=True)
class Judged:
    """One rule and one customer. `is_met` is None when it was not looked at; `known` says what is known in words."""

    sentence: str
    asks: str
    is_met: bool | None
    known: str
    until: str = ""


@dataclass(frozen=True)
class Requirement:
    """Rules of which one is enough."""

    rules: Sequence[Judged]
    is_met: bool | None

    @property
    def is_choice(self) -> bool:
        """Whether there is more than one way to meet it."""
        return len(self.rules) > 1


@dataclass(frozen=True)
class Trial:
    """A customer judged. `verdict` is None when it hangs on a score nobody looked at."""

    customer: Customer
    verdict: Verdict | None
    requirements: Sequence[Requirement]
    needs_score: bool
    from_day: date | None

    @property
    def no_longer(self) -> str:
        """Why no rule matters any more: the account is closed, or the data was erased."""
        reasons = self.verdict.reasons if self.verdict else ()
        return next((reason.sentence for reason in reasons if reason.code in ("erased", "closed")), "")


def asks_for_score(rules: Sequence[Rule]) -> bool:
    """Whether judging by these rules means looking at a score."""
    return any(rule.field == SCORE for rule in rules)


def try_one(
    rules: Sequence[Rule],
    customer: Customer,
    known: Mapping[str, FactField],
    *,
    on: date,
    sees_score: bool = False,
    hides: Collection[str] = (),
) -> Trial:
    """Judge `customer` on a day. `sees_score` says that the caller may see the score and that the look was recorded.

    Facts in `hides` are judged and not told, nor the day on which they will be met.
    """
    is_hidden = asks_for_score(rules) and not sees_score
    facts = facts_of(customer, on=on, only={rule.field for rule in rules if sees_score or rule.field != SCORE})
    reader = _Reader(facts, known, customer, on, frozenset(hides), is_hidden)
    found = [reader.requirement(each) for each in requirements(rules)]
    rest = [rule for each, judged in zip(requirements(rules), found, strict=True) if judged.is_met is not None for rule in each]
    verdict = evaluate(rest, facts)
    is_open = any(each.is_met is None for each in found) and verdict.is_eligible
    told = None if any(rule.field in hides for rule in rules) else _all_met_from(rules, found, facts, customer, on)
    return Trial(customer, None if is_open else verdict, found, is_hidden, told)


def met_from(rule: Rule, customer: Customer, *, on: date) -> date | None:
    """The day after `on` from which time alone meets the rule, or None when it never does or is met already."""
    if rule.operator != "at_least" or not isinstance(rule.value, int | float) or isinstance(rule.value, bool):
        return None
    day = _reached(rule, customer)
    return day if day and day > on else None


def _reached(rule: Rule, customer: Customer) -> date | None:
    whole = -int(-rule.value // 1)
    try:
        if rule.field == "membership_days" and customer.member_since:
            return customer.member_since + timedelta(days=whole)
        if rule.field == "age" and customer.birth_year is not None:
            return date(customer.birth_year + whole, 1, 1)
    except (OverflowError, ValueError):
        return None
    return None


@dataclass(frozen=True)
class _Reader:
    """Judges the rules about one customer, and says of each fact what the reader may know."""

    facts: Mapping[str, Any]
    known: Mapping[str, FactField]
    customer: Customer
    on: date
    hides: Collection[str]
    is_score_hidden: bool

    def requirement(self, rules: Sequence[Rule]) -> Requirement:
        """Rules of which one is enough."""
        judged = [self.judged(rule) for rule in rules]
        if any(one.is_met for one in judged):
            return Requirement(judged, True)
        return Requirement(judged, None if any(one.is_met is None for one in judged) else False)

    def judged(self, rule: Rule) -> Judged:
        """One rule."""
        field = self.known.get(rule.field)
        asks = _asked(rule, field)
        if self.is_score_hidden and rule.field == SCORE:
            return Judged(rule.sentence, asks, None, "not looked at")
        fact = self.facts.get(rule.field)
        met = fact is not None and is_met(rule.operator, fact, rule.value)
        if rule.field in self.hides and fact is not None:
            return Judged(rule.sentence, asks, met, "not shown to your role")
        day = None if met else met_from(rule, self.customer, on=self.on)
        words = value_words(field, fact) if field else "not known"
        return Judged(rule.sentence, asks, met, words, f"Met from {day_words(day)} on." if day else "")


def _asked(rule: Rule, field: FactField | None) -> str:
    if field is None:
        return rule.words
    values = rule.value if isinstance(rule.value, list | tuple) else [rule.value]
    return f"{field.label} {operator_words(field, rule.operator)} {', '.join(value_words(field, one) for one in values)}"


def _all_met_from(
    rules: Sequence[Rule],
    found: Sequence[Requirement],
    facts: Mapping[str, Any],
    customer: Customer,
    on: date,
) -> date | None:
    """The first day on which everything is met when nothing but time passes, or None."""
    days = [
        min((day for rule in each if (day := met_from(rule, customer, on=on))), default=None)
        for each, judged in zip(requirements(rules), found, strict=True)
        if judged.is_met is False
    ]
    if not days or any(day is None for day in days) or any(judged.is_met is None for judged in found):
        return None
    first = max(day for day in days if day)
    later = facts_of(customer, on=first, only={rule.field for rule in rules if rule.field != SCORE})
    return first if evaluate(rules, {SCORE: facts.get(SCORE), **later}).is_eligible else None
