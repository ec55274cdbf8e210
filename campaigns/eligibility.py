"""Who may take part: rules and facts in, a verdict with reasons out. Knows no database, no clock, no framework.

Rules of one named group are alternatives; a rule without a group stands alone; every group and every lone rule must be
met. A fact that is not known refuses. `audience` asks the database the same question about everybody at once, and a
property test holds the two equal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

UNKNOWN_FACT = "unknown_fact"
NOT_MET = "not_met"
ERASED = "erased"
CLOSED = "closed"

OPERATORS = frozenset({"is", "is_not", "one_of", "none_of", "at_least", "at_most"})


@dataclass(frozen=True)
class Rule:
    """One condition on one field. `sentence` is what customers read; `label` names the field in words."""

    field: str
    operator: str
    value: Any
    sentence: str
    group: str = ""
    is_sensitive: bool = False
    label: str = ""

    @property
    def words(self) -> str:
        """The field in words."""
        return self.label or self.field.removeprefix("attribute.").replace("_", " ")

    @property
    def words_within(self) -> str:
        """The same within a sentence. Our own labels begin small there; what staff wrote, such as “VIP-Stufe”, stays as they wrote it."""
        return self.words if self.field.startswith("attribute.") else self.words.lower()


@dataclass(frozen=True)
class Reason:
    """Why not: a stable code, the sentence for people, the field it hangs on, the requirement, and what of it is not known."""

    code: str
    sentence: str
    field: str
    requirement: tuple[Rule, ...] = ()
    unknown: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether someone may take part, and if not, every reason why."""

    is_eligible: bool
    reasons: tuple[Reason, ...] = ()


def evaluate(rules: Iterable[Rule], facts: Mapping[str, object | None]) -> Verdict:
    """Judge facts by rules. Reason codes: `unknown_fact`, `not_met`, and for no longer customers `erased`, `closed`."""
    reasons = _no_longer_a_customer(facts)
    for requirement in requirements(rules):
        reason = _objection(requirement, facts)
        if reason is not None:
            reasons.append(reason)
    return Verdict(is_eligible=not reasons, reasons=tuple(reasons))


def requirements(rules: Iterable[Rule]) -> list[tuple[Rule, ...]]:
    """The rules as a list of requirements, all of which must be met, each a tuple of alternatives, in their first order."""
    found: dict[object, list[Rule]] = {}
    for position, rule in enumerate(rules):
        found.setdefault(rule.group or position, []).append(rule)
    return [tuple(alternatives) for alternatives in found.values()]


def wording(requirement: tuple[Rule, ...]) -> str:
    """A requirement as customers read it."""
    if len(requirement) == 1:
        return requirement[0].sentence
    return f"One of these: {'; '.join(rule.sentence.rstrip('. ') for rule in requirement)}."


def is_met(operator: str, fact: object, value: Any) -> bool:
    """Whether a known fact meets a comparison. Things that cannot be compared, such as a word and a number, never do.

    A set of tags “is” a word when it contains it, and is “one of” words when it contains one of them.
    """
    if operator in ("one_of", "none_of"):
        if not isinstance(value, list | tuple) or not value or not all(_is_alike(fact, one) for one in value):
            return False
        return any(_is_same(fact, one) for one in value) == (operator == "one_of")
    if operator in ("is", "is_not"):
        return _is_alike(fact, value) and _is_same(fact, value) == (operator == "is")
    if operator in ("at_least", "at_most"):
        return _is_ordered(operator, fact, value)
    return False


def _no_longer_a_customer(facts: Mapping[str, object | None]) -> list[Reason]:
    if facts.get("is_erased") is True:
        return [Reason(ERASED, "This customer's data was erased; nothing can be offered to them.", "is_erased")]
    if facts.get("membership") == "closed":
        return [Reason(CLOSED, "This customer's account is closed.", "membership")]
    return []


def _objection(requirement: tuple[Rule, ...], facts: Mapping[str, object | None]) -> Reason | None:
    """Why no alternative of a requirement is met, or None when one is. What is not known is said first."""
    unknown = [rule for rule in requirement if facts.get(rule.field) is None]
    if any(rule not in unknown and is_met(rule.operator, facts[rule.field], rule.value) for rule in requirement):
        return None
    if unknown:
        said = f"{wording(requirement)} {not_known(unknown)}"
        return Reason(UNKNOWN_FACT, said, unknown[0].field, requirement, tuple(unknown))
    return Reason(NOT_MET, wording(requirement), requirement[0].field, requirement)


def not_known(rules: Iterable[Rule]) -> str:
    """The sentence that says which facts are missing."""
    return f"Not known: {', '.join(dict.fromkeys(rule.words_within for rule in rules))}."


def _is_alike(fact: object, value: Any) -> bool:
    """Whether a fact and a rule's value are of types that can be compared."""
    if isinstance(fact, bool) or isinstance(value, bool):
        return isinstance(fact, bool) and isinstance(value, bool)
    if isinstance(fact, int | float | Decimal):
        return isinstance(value, int | float | Decimal)
    if isinstance(fact, date):
        return _day(value) is not None
    return isinstance(fact, str | frozenset | set) and isinstance(value, str)


def _is_same(fact: object, value: Any) -> bool:
    if isinstance(fact, frozenset | set):
        return value in fact
    if isinstance(fact, date):
        return fact == _day(value)
    return bool(fact == value)


def _is_ordered(operator: str, fact: Any, value: Any) -> bool:
    if isinstance(fact, bool | str | frozenset | set) or not _is_alike(fact, value):
        return False
    bound = _day(value) if isinstance(fact, date) else value
    return bool(fact >= bound) if operator == "at_least" else bool(fact <= bound)


def _day(value: Any) -> date | None:
    """A day written as `YYYY-MM-DD`, which is how rules hold one."""
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None
