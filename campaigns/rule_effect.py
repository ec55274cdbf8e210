"""What a change of the rules does before it is saved: who qualifies then and now, and whom each rule turns away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns import audience
from campaigns.eligibility import Rule
from campaigns.recipe_parts import RulePart
from campaigns.states import Side
from customers.facts import FactField


@dataclass(frozen=True)
class Line:
    """One requirement: how many customers it turns away as it is, and with the change; None where it is not there."""

    sentence: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Effect:
    """How many customers there are, how many qualify as referrers as it is, and how many with the change."""

    everybody: int
    before: int
    after: int
    lines: Sequence[Line]

    @property
    def difference(self) -> int:
        """How many more qualify; negative when fewer do."""
        return self.after - self.before

    @property
    def fewer(self) -> int:
        """How many fewer qualify."""
        return -self.difference


def effect(kept: Sequence[RulePart], parts: Sequence[RulePart], known: Mapping[str, FactField], *, on: date) -> Effect:
    """What these rules would do on a day, compared with those that are kept. A constant number of queries."""
    now = of_side(kept, Side.REFERRER, known)
    then = of_side(parts, Side.REFERRER, known)
    before = audience.matching(now, on=on).count()
    lines_before = audience.turned_away_by(now, on=on)
    is_same = now == then
    return Effect(
        everybody=audience.candidates().count(),
        before=before,
        after=before if is_same else audience.matching(then, on=on).count(),
        lines=_compared(lines_before, lines_before if is_same else audience.turned_away_by(then, on=on)),
    )


def of_side(parts: Sequence[RulePart], side: str, known: Mapping[str, FactField]) -> list[Rule]:
    """The rules of one side as they are judged by."""
    return [_rule(part, known) for part in parts if part.side == side]


def _rule(part: RulePart, known: Mapping[str, FactField]) -> Rule:
    field = known.get(part.field)
    return Rule(
        field=part.field,
        operator=part.operator,
        value=list(part.value) if isinstance(part.value, tuple) else part.value,
        sentence=part.sentence,
        group=part.group,
        is_sensitive=field is not None and field.is_sensitive,
        label=field.label if field else "",
    )


def _compared(before: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> list[Line]:
    """Both lists as one: what stays and what is new in the new order, then what is gone."""
    old, new = dict(before), dict(after)
    kept = [Line(sentence, old.get(sentence), count) for sentence, count in after]
    return kept + [Line(sentence, count, None) for sentence, count in before if sentence not in new]
