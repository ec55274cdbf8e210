"""Rules as conditions of the database: each says for whom its fact is known, and for whom it is met.

Ages become bounds on the birth year and durations bounds on a day, once, so that an index can serve them. Every condition
here means what `eligibility.is_met` means for the facts of `customers.facts`.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual

from campaigns.attribute_tests import AttributeIs, AttributeIsKnown, HasTag
from campaigns.eligibility import Rule
from customers.facts import ATTRIBUTE_PREFIX, FactField, FactKind, day_of, lawful_scores
from customers.states import Origin

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY

_LOOKUPS = {"exact": Exact, "gte": GreaterThanOrEqual, "lte": LessThanOrEqual}
_Compare = Callable[[str, Any], Q]


@dataclass(frozen=True)
class Condition:
    """For whom a rule's fact is known, and for whom the rule is met."""

    known: Q
    met: Q


def condition(rule: Rule, fields: Mapping[str, FactField], *, on: date) -> Condition:
    """One rule as a condition. A rule on a field that does not exist is known of nobody and met by nobody."""
    field = fields.get(rule.field)
    if field is None:
        return Condition(NOBODY, NOBODY)
    known, values = _known(field, on), _values(rule, field)
    if not values or rule.operator not in field.operators:
        return Condition(known, NOBODY)
    return Condition(known, known & _met(rule, field, values, on))


def any_of(conditions: Iterable[Q]) -> Q:
    """Met when one is."""
    return reduce(or_, conditions, NOBODY)


def all_of(conditions: Iterable[Q]) -> Q:
    """Met when all are."""
    return reduce(and_, conditions, EVERYBODY)


def _values(rule: Rule, field: FactField) -> tuple[Any, ...]:
    """The values compared with, or nothing when one of them cannot be compared with the field."""
    is_list = rule.operator in ("one_of", "none_of")
    if is_list != isinstance(rule.value, list | tuple):
        return ()
    values = tuple(rule.value) if is_list else (rule.value,)
    return values if all(_fits(field.kind, value) for value in values) else ()


def _fits(kind: FactKind, value: Any) -> bool:
    if kind == FactKind.YES_NO:
        return isinstance(value, bool)
    if kind == FactKind.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == FactKind.DATE:
        return isinstance(value, str) and day_of(value) is not None
    return isinstance(value, str)


def _known(field: FactField, on: date) -> Q:
    if field.name.startswith(ATTRIBUTE_PREFIX):
        return Q(AttributeIsKnown(field.name.removeprefix(ATTRIBUTE_PREFIX), field.kind))
    match field.name:
        case "tags" | "is_verified":
            return EVERYBODY
        case "membership_days":
            return Q(member_since__isnull=False)
        case "age":
            return Q(birth_year__isnull=False)
        case "credit_score":
            return Q(Exists(lawful_scores(on).filter(customer=OuterRef("pk"))))
        case "origin":
            return ~Q(origin__in=["", Origin.UNKNOWN])
        case _:
            return ~Q(**{field.name: ""})


def _met(rule: Rule, field: FactField, values: tuple[Any, ...], on: date) -> Q:
    if field.name.startswith(ATTRIBUTE_PREFIX):
        return Q(AttributeIs(field.name.removeprefix(ATTRIBUTE_PREFIX), field.kind, rule.operator, values))
    match field.name:
        case "tags":
            return _turned(rule, Q(HasTag(values)))
        case "is_verified":
            return Q(verified_at__isnull=values[0] != (rule.operator == "is"))
        case "membership_days":
            return _measured(rule, values, lambda days: _days_before(on, days), _column("member_since"), falls=True)
        case "age":
            return _measured(rule, values, lambda years: on.year - years, _column("birth_year"), falls=True)
        case "credit_score":
            return _measured(rule, values, lambda score: score, _newest_score(on), falls=False)
        case _:
            return _turned(rule, Q(**{f"{field.name}__in": values}))


def _turned(rule: Rule, found: Q) -> Q:
    """The condition, or its opposite when the rule asks for the opposite. Only for conditions that are never NULL."""
    return ~found if rule.operator in ("is_not", "none_of") else found


def _measured(rule: Rule, values: tuple[Any, ...], convert: Callable[[int], Any], compare: _Compare, *, falls: bool) -> Q:
    """A comparison of whole numbers with a column; `falls` says that the column falls as the number grows."""
    if rule.operator in ("at_least", "at_most"):
        is_least = rule.operator == "at_least"
        bound = convert(math.ceil(values[0]) if is_least else math.floor(values[0]))
        return compare("gte" if is_least != falls else "lte", bound)
    return _turned(rule, any_of(compare("exact", convert(int(value))) for value in values if value == int(value)))


def _column(name: str) -> _Compare:
    return lambda lookup, bound: Q(**{f"{name}__{lookup}": bound})


def _newest_score(on: date) -> _Compare:
    newest = Subquery(lawful_scores(on).filter(customer=OuterRef("pk")).values("score")[:1])
    return lambda lookup, bound: Q(_LOOKUPS[lookup](newest, bound))


def _days_before(on: date, days: int) -> date:
    """The day that many days earlier, held within the calendar."""
    earliest, latest = date.min.toordinal() - on.toordinal(), date.max.toordinal() - on.toordinal()
    return on + timedelta(days=max(earliest, min(latest, -days)))
