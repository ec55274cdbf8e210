"""What sequences are made of: triggers and conditions by name, registered by the apps that know them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Campaign
from customers.models import Customer
from notices.kinds import KINDS, Kind
from notices.wording import Fact


@dataclass(frozen=True)
class Start:
    """A trigger that fired: for whom, when, and about what (a reference)."""

    customer: Customer
    at: datetime
    about: str


@dataclass(frozen=True)
class Trigger:
    """What a sequence begins with.

    `starts(campaign, since, until)` answers those of a half-open span; `facts(campaign, start, at)` what the messages after it may say,
    by the names in `variables`.
    """

    name: str
    label: str
    variables: tuple[str, ...]
    starts: Callable[[Campaign, datetime, datetime], Iterable[Start]]
    facts: Callable[[Campaign, Start, datetime], Mapping[str, Fact]]

    @property
    def kinds(self) -> list[Kind]:
        """Messages that can follow: news this trigger knows the facts of."""
        return [kind for kind in KINDS.values() if kind.is_marketing and set(kind.variables) == set(self.variables)]


@dataclass(frozen=True)
class Condition:
    """What must still be so when a message is due. `holding(campaign, starts)` answers what the starts it holds for are about."""

    name: str
    label: str
    holding: Callable[[Campaign, Sequence[Start]], set[str]]


_triggers: dict[str, Trigger] = {}
_conditions: dict[str, Condition] = {}


def register_trigger(trigger: Trigger) -> None:
    """Offer a trigger; the same name replaces."""
    _triggers[trigger.name] = trigger


def register_condition(condition: Condition) -> None:
    """Offer a condition; the same name replaces."""
    _conditions[condition.name] = condition


def triggers() -> Mapping[str, Trigger]:
    """All triggers by name."""
    return _triggers


def conditions() -> Mapping[str, Condition]:
    """All conditions by name."""
    return _conditions


def label_of_trigger(name: str) -> str:
    """What people call a trigger, also when nobody offers it any more."""
    return _triggers[name].label if name in _triggers else "A trigger that is not known any more"


def label_of_condition(name: str) -> str:
    """What people call a condition, also when nobody offers it any more."""
    return _conditions[name].label if name in _conditions else "A condition that is not known any more"


register_condition(Condition("always", "In any case", lambda campaign, starts: {start.about for start in starts}))
