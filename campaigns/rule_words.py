"""Rules in words: what a field, a comparison and a value are called, and the sentence customers read. Pure.

`sentence_of` makes the sentence; whoever writes the rules may say it better. Values are those rules hold: a text, a number,
a day as `YYYY-MM-DD`, true or false, or several of them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from customers.country_names import COUNTRY_NAMES
from customers.facts import FactField, FactKind, day_of
from customers.states import Membership, Origin

UNITS = {"membership_days": "days", "age": "years", "credit_score": "points"}
"""What numbers of the built-in fields count."""

SEVERAL = frozenset({"one_of", "none_of"})
"""Comparisons with a list of values."""

_OPERATORS = {"is": "is", "is_not": "is not", "one_of": "is one of", "none_of": "is none of", "at_least": "is at least", "at_most": "is at most"}  # fmt: skip
_OF_KIND = {
    FactKind.TAGS: {"is": "include", "is_not": "do not include", "one_of": "include one of", "none_of": "include none of"},
    FactKind.DATE: {"at_least": "is on or after", "at_most": "is on or before"},
    FactKind.YES_NO: {"is_not": "is not"},
}
_CHOICES: dict[str, dict[str, str]] = {
    "membership": {str(value): str(label) for value, label in Membership.choices},
    "origin": {str(value): str(label) for value, label in Origin.choices},
}


def operator_words(field: FactField, operator: str) -> str:
    """A comparison as the list of comparisons shows it: “is at least”, “is on or after”, “include one of”."""
    return _OF_KIND.get(field.kind, {}).get(operator) or _OPERATORS.get(operator, operator.replace("_", " "))


def unit_of(field: FactField) -> str:
    """What a number of this field counts; empty when the field says it itself."""
    return UNITS.get(field.name, "")


def choices_of(field: FactField) -> list[tuple[str, str]]:
    """The values a field can have, each with its label; none when they are open."""
    if field.kind == FactKind.YES_NO:
        return [("yes", "Yes"), ("no", "No")]
    if field.name == "country":
        return list(COUNTRY_NAMES.items())
    labels = _CHOICES.get(field.name, {})
    return [(choice, labels.get(choice, choice)) for choice in field.choices]


def value_words(field: FactField, value: Any) -> str:
    """One value of a rule or one fact, in words."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, int | float):
        return _number(field, value)
    return _text(field, str(value))


def day_words(day: date) -> str:
    """A day nobody can mistake: 14 Mar 2027."""
    return f"{day.day} {day:%b %Y}"


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words in a row: a; a or b; a, b or c."""
    return " ".join([", ".join(words[:-1]), last, words[-1]]) if len(words) > 1 else "".join(words)


def sentence_of(field: FactField, operator: str, value: Any) -> str:
    """The criterion as customers read it, such as “A member for at least 90 days.”; at most 200 characters.

    It speaks to nobody in particular, because it is read by the referrer about themselves and about the friend.
    """
    values = value if isinstance(value, tuple | list) else (value,)
    words = listed([value_words(field, one) for one in values])
    is_not = operator in ("is_not", "none_of") or (field.kind == FactKind.YES_NO and (value is False) == (operator == "is"))
    sentence = _built_in(field, operator, words, is_not=is_not) or f"{field.label} {operator_words(field, operator)} {words}"
    return f"{sentence[:198].rstrip()}…" if len(sentence) > 199 else f"{sentence}."


def _built_in(field: FactField, operator: str, words: str, *, is_not: bool) -> str:
    negation = "not " if is_not else ""
    bound = {"at_least": "at least ", "at_most": "at most "}.get(operator, negation)
    sentences = {
        "country": f"{negation}living in {words}",
        "region": f"{negation}living in {words}",
        "city": f"{negation}living in {words}",
        "membership": f"with a membership that is {negation}{words}",
        "membership_days": f"a member for {bound}{words}",
        "age": f"aged {bound}{words}",
        "credit_score": f"with a credit score with us of {bound}{words}",
        "is_verified": f"with an e-mail address that is {negation}confirmed",
        "origin": f"a customer whose origin is {negation}“{words}”",
        "tags": f"{negation}in the group {words}",
    }
    sentence = sentences.get(field.name, "")
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _number(field: FactField, value: float) -> str:
    unit = unit_of(field)
    number = f"{value:,}"
    if not unit or field.name == "credit_score":
        return number
    return f"{number} {unit.removesuffix('s') if value == 1 else unit}"


def _text(field: FactField, value: str) -> str:
    if field.kind == FactKind.DATE and (day := day_of(value)):
        return day_words(day)
    if field.kind == FactKind.TAGS:
        return f"“{value}”"
    if field.name == "country":
        return COUNTRY_NAMES.get(value, value)
    label = _CHOICES.get(field.name, {}).get(value, value)
    return label.lower() if field.name == "membership" else label
