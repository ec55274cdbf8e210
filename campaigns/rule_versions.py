"""The versions of a campaign's rules: what each said, who put it in force and when, and what was decided under it.

Upper floors say what they decided under a version with `count_decisions`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.models import Entry
from campaigns.models import Campaign, EligibilityRule

_counters: dict[str, Callable[[Campaign], Mapping[int, int]]] = {}


@dataclass(frozen=True)
class Version:
    """One version. `at` and `by` are None and empty for the version the campaign was made with."""

    number: int
    is_in_force: bool
    rules: Sequence[EligibilityRule]
    at: datetime | None
    by: str
    decided: Sequence[tuple[str, int]]


def count_decisions(label: str, counter: Callable[[Campaign], Mapping[int, int]]) -> None:
    """Show how many things called `label` were decided under each version; the same label replaces."""
    _counters[label] = counter


def versions_of(campaign: Campaign) -> list[Version]:
    """All versions, newest first. A constant number of queries."""
    rules: dict[int, list[EligibilityRule]] = {}
    for rule in EligibilityRule.objects.filter(campaign=campaign).order_by("id"):
        rules.setdefault(rule.version, []).append(rule)
    changes = _changes(campaign)
    counts = {label: counter(campaign) for label, counter in _counters.items()}
    return [
        Version(
            number=number,
            is_in_force=number == campaign.rules_version,
            rules=rules.get(number, []),
            at=changes[number].at if number in changes else None,
            by=changes[number].actor if number in changes else "",
            decided=[(label, found.get(number, 0)) for label, found in counts.items()],
        )
        for number in range(campaign.rules_version, 0, -1)
    ]


def _changes(campaign: Campaign) -> dict[int, Entry]:
    entries = Entry.objects.filter(subject_type="campaign", subject_reference=campaign.reference, event="campaign.rules_changed")
    return {int(json.loads(entry.data)["version"]): entry for entry in entries}
