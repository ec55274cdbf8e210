"""What is wrong with an eligibility rule, key by key, in words. Used by recipes, by editing, and before a launch."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaigns.hints import did_you_mean, has_control, shown
from campaigns.recipe_parts import RulePart
from campaigns.states import Side
from customers.countries import COUNTRIES
from customers.facts import ATTRIBUTE_PREFIX, CONSUMER_REPORT, FIELDS, FactField, FactKind, day_of

LAWFUL_SOURCES = ("own account history", "customer gave it")
"""Where a credit score that decides about an offer may come from."""

MOST = 10**9
"""Numbers in rules lie between −1,000,000,000 and 1,000,000,000, with at most 6 decimals."""

_ATTRIBUTE = re.compile(r"attribute\.[-a-zA-Z0-9_]{1,50}\Z")
_LIMITS = {"sentence": 200, "group": 40, "justification": 300}
Problem = tuple[str, str]
"""The key of a rule and what is wrong with it."""


def problems_of(rule: RulePart, known: Mapping[str, FactField] | None = None) -> list[Problem]:
    """All that is wrong with a rule. Without `known`, attributes are taken on trust; with it, they must be declared."""
    field = (FIELDS if known is None else known).get(rule.field)
    problems = [*_texts(rule), *_field(rule, field, known)]
    if field is not None:
        problems += [*_operator(rule, field), *_lawfulness(rule, field)]
    return problems


def all_problems(rules: Sequence[RulePart], known: Mapping[str, FactField] | None = None) -> list[str]:
    """All that is wrong with a list of rules, each as `rules[1].field: what is wrong`, counting from 1."""
    return [
        f"rules[{number}].{key}: {problem}" for number, rule in enumerate(rules, 1) for key, problem in problems_of(rule, known)
    ]


def _texts(rule: RulePart) -> Iterator[Problem]:
    if rule.side not in Side.values:
        yield "side", f"“{shown(rule.side)}” is not known; allowed: {', '.join(Side.values)}"
    if not rule.sentence:
        yield "sentence", "is missing; write the criterion as customers read it"
    for key, limit in _LIMITS.items():
        if len(getattr(rule, key)) > limit:
            yield key, f"is {len(getattr(rule, key))} characters long; at most {limit} fit"


def _field(rule: RulePart, field: FactField | None, known: Mapping[str, FactField] | None) -> Iterator[Problem]:
    if field is not None or (known is None and _ATTRIBUTE.match(rule.field)):
        return
    if rule.field.startswith(ATTRIBUTE_PREFIX):
        name = rule.field.removeprefix(ATTRIBUTE_PREFIX)
        yield "field", f"the attribute “{name}” is not declared; declare it under Attributes first"
    else:
        hint = did_you_mean(rule.field, [*(known or FIELDS), f"{ATTRIBUTE_PREFIX}<name>"])
        yield "field", f"“{shown(rule.field)}” is not known; {hint}"


def _operator(rule: RulePart, field: FactField) -> Iterator[Problem]:
    if rule.operator not in field.operators:
        yield "operator", f"“{shown(rule.operator)}” does not go with {rule.field}; allowed: {', '.join(field.operators)}"
        return
    if rule.operator in ("one_of", "none_of"):
        if not isinstance(rule.value, tuple) or not 1 <= len(rule.value) <= 200:
            yield "value", f"“{rule.operator}” needs a list of 1 to 200 values, such as [{_example(field)}]"
            return
        values: tuple[Any, ...] = rule.value
    elif isinstance(rule.value, tuple):
        yield "value", f"“{rule.operator}” takes one value, such as {_example(field)}; for a list use one_of or none_of"
        return
    else:
        values = (rule.value,)
    for value in values:
        if problem := _value(field, value):
            yield "value", problem


def _value(field: FactField, value: Any) -> str:
    """What is wrong with one value; empty when nothing is."""
    if field.kind == FactKind.YES_NO:
        return "" if isinstance(value, bool) else "must be true or false"
    if field.kind == FactKind.NUMBER:
        return _number(field, value)
    if not isinstance(value, str) or not value.strip():
        return f"“{shown(value)}” is not a text, such as {_example(field)}"
    if field.kind == FactKind.DATE:
        return "" if day_of(value) else f"“{shown(value)}” is not a day; write it as YYYY-MM-DD"
    return _word(field, value)


def _word(field: FactField, value: str) -> str:
    """What is wrong with a text to compare with."""
    if value != value.strip() or len(value) > 200 or has_control(value):
        return f"“{shown(value)}” must be at most 200 plain characters, without spaces at its ends"
    if field.choices and value not in field.choices:
        return f"“{shown(value)}” is not known; {did_you_mean(value, field.choices)}"
    if field.name == "country" and value not in COUNTRIES:
        return f"“{shown(value)}” is not a country; write two capital letters such as DE (ISO 3166-1)"
    return ""


def _number(field: FactField, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"“{shown(value)}” is not a number"
    if abs(value) > MOST:
        return f"{shown(value)} is too far from zero; at most {MOST}"
    if field.name in FIELDS and (value != int(value) or value < 0):
        return f"{shown(value)} must be a whole number from 0"
    return ""


def _lawfulness(rule: RulePart, field: FactField) -> Iterator[Problem]:
    """Sensitive facts need a written reason, and a score a lawful source."""
    if field.is_sensitive and not rule.justification:
        yield "justification", f"is missing; {field.name} is sensitive, so write why this campaign may use it"
    if field.name != "credit_score":
        if rule.source:
            yield "source", "belongs to rules on credit_score only"
    elif rule.source.casefold() in CONSUMER_REPORT:
        yield "source", "a consumer report may not be used to choose whom to offer something to; use another rule"
    elif rule.source not in LAWFUL_SOURCES:
        said = f"“{rule.source}” is not known" if rule.source else "is missing"
        yield "source", f"{said}; allowed: {', '.join(LAWFUL_SOURCES)}"


def _example(field: FactField) -> str:
    examples = {FactKind.NUMBER: "90", FactKind.DATE: '"2026-01-31"', FactKind.YES_NO: "true", FactKind.TAGS: '"vip"'}
    choice = field.choices[0] if field.choices else "DE" if field.name == "country" else "Berlin"
    return examples.get(field.kind, f'"{choice}"')
