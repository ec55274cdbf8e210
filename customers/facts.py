"""What rules may ask about a customer: the fields, their types, and the facts of one customer on one day."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.enums import TextChoices

from customers.models import Attribute, CreditScore, Customer
from customers.states import AttributeType, Membership, Origin

ATTRIBUTE_PREFIX = "attribute."
"""Rules name an attribute the company declared as `attribute.<name>`."""


class FactKind(TextChoices):
    """The types a fact can have."""

    TEXT = "text", "Text"
    CHOICE = "choice", "One of a list"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    YES_NO = "yes_no", "Yes or no"
    TAGS = "tags", "Tags"


_EQUALITY = ("is", "is_not", "one_of", "none_of")
_ORDER = (*_EQUALITY, "at_least", "at_most")
OPERATORS: Mapping[FactKind, tuple[str, ...]] = MappingProxyType(
    {
        FactKind.TEXT: _EQUALITY,
        FactKind.CHOICE: _EQUALITY,
        FactKind.NUMBER: _ORDER,
        FactKind.DATE: _ORDER,
        FactKind.YES_NO: ("is", "is_not"),
        FactKind.TAGS: _EQUALITY,
    }
)
"""How a fact of each kind may be compared. For tags, “is” asks whether the customer has the tag."""


@dataclass(frozen=True)
class FactField:
    """One thing a rule may ask about: its name in rules, its label, its type, and whether it is sensitive."""

    name: str
    label: str
    kind: FactKind
    is_sensitive: bool = False
    choices: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """The comparisons allowed."""
        return OPERATORS[self.kind]


_BUILT_IN = (
    FactField("country", "Country", FactKind.TEXT),
    FactField("region", "Region", FactKind.TEXT),
    FactField("city", "City", FactKind.TEXT),
    FactField("postcode", "Postcode", FactKind.TEXT),
    FactField("language", "Language", FactKind.TEXT),
    FactField("membership", "Membership", FactKind.CHOICE, choices=tuple(Membership.values)),
    FactField("origin", "Origin", FactKind.CHOICE, choices=tuple(o for o in Origin.values if o != Origin.UNKNOWN)),
    FactField("tags", "Tags", FactKind.TAGS),
    FactField("membership_days", "Days as a member", FactKind.NUMBER),
    FactField("age", "Age", FactKind.NUMBER, is_sensitive=True),
    FactField("credit_score", "Credit score", FactKind.NUMBER, is_sensitive=True),
    FactField("is_verified", "E-mail address confirmed", FactKind.YES_NO),
)
FIELDS: Mapping[str, FactField] = MappingProxyType({field.name: field for field in _BUILT_IN})
"""The fields every installation has, by name. `fields()` adds the attributes declared here."""

CONSUMER_REPORT = ("consumer report", "consumer_report", "consumer-report")
"""Sources of a score that may never be used to choose whom to offer something to."""


def fields() -> dict[str, FactField]:
    """All fields rules may ask about: the built-in ones and one `attribute.<name>` for each declared attribute."""
    return dict(FIELDS) | {field.name: field for field in map(_of_attribute, Attribute.objects.all())}


def fields_of(names: Collection[str]) -> dict[str, FactField]:
    """Those of `names` that exist, by name. Asks the database only when an attribute is among them."""
    found = {name: FIELDS[name] for name in names if name in FIELDS}
    attributes = [name.removeprefix(ATTRIBUTE_PREFIX) for name in names if name.startswith(ATTRIBUTE_PREFIX)]
    if attributes:
        declared = map(_of_attribute, Attribute.objects.filter(name__in=attributes))
        found |= {field.name: field for field in declared}
    return found


def lawful_scores(on: date) -> QuerySet[CreditScore]:
    """Scores that existed on a day and may be used, newest first: none that came from a consumer report."""
    forbidden = Q()
    for source in CONSUMER_REPORT:
        forbidden |= Q(source__iexact=source)
    return CreditScore.objects.filter(scored_on__lte=on).exclude(forbidden).order_by("-scored_on", "-id")


def facts_of(customer: Customer, *, on: date, only: Collection[str] | None = None) -> dict[str, object | None]:
    """What is known of a customer on a day, by field name; None where it is not known.

    `only` limits the answer to these fields, so that a score is read only when a rule asks for it. `is_erased` and
    `membership` are always there. Days count from `member_since`; age is the year of `on` less the birth year.
    """
    names = set(only) if only is not None else set(fields())
    facts: dict[str, object | None] = {name: _built_in(customer, name, on) for name in names if name in FIELDS}
    for name, field in fields_of([name for name in names if name.startswith(ATTRIBUTE_PREFIX)]).items():
        facts[name] = typed(field.kind, customer.attributes.get(name.removeprefix(ATTRIBUTE_PREFIX)))
    return facts | {"membership": customer.membership, "is_erased": customer.erased_at is not None}


def typed(kind: FactKind, value: Any) -> object | None:
    """A stored attribute value as a fact of its declared type, or None when it is missing or of another type."""
    if kind == FactKind.NUMBER:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return value if is_number else None
    if kind == FactKind.YES_NO:
        return value if isinstance(value, bool) else None
    if not isinstance(value, str) or not value:
        return None
    return day_of(value) if kind == FactKind.DATE else value


def day_of(text: str) -> date | None:
    """The day written as `YYYY-MM-DD`, or None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _of_attribute(attribute: Attribute) -> FactField:
    kind = FactKind(AttributeType(attribute.type).value)
    choices = tuple(str(choice) for choice in attribute.choices)
    return FactField(ATTRIBUTE_PREFIX + attribute.name, attribute.label, kind, attribute.is_sensitive, choices)


def _built_in(customer: Customer, name: str, on: date) -> object | None:
    match name:
        case "tags":
            return (
                frozenset(tag for tag in customer.tags if isinstance(tag, str)) if isinstance(customer.tags, list) else frozenset()
            )
        case "membership_days":
            return (on - customer.member_since).days if customer.member_since else None
        case "age":
            return on.year - customer.birth_year if customer.birth_year is not None else None
        case "credit_score":
            return lawful_scores(on).filter(customer=customer).values_list("score", flat=True).first()
        case "is_verified":
            return customer.verified_at is not None
        case "origin":
            return customer.origin if customer.origin != Origin.UNKNOWN else None
        case _:
            return getattr(customer, name) or None
