"""What was changed about a campaign, before and after, in words: read from the trail."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from audit.models import Entry
from campaigns.events import EVENTS
from campaigns.models import Campaign
from campaigns.words import label_of, value_of


@dataclass(frozen=True)
class Change:
    """One thing that differs: what, what it was, what it is. `before` is empty for what is new, `after` for what is gone."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One entry of the history with its changes."""

    n: int
    event: str
    at: datetime
    by: str
    sentence: str
    reason: str
    changes: Sequence[Change]


def entries_of(campaign: Campaign) -> QuerySet[Entry]:
    """What this app recorded about a campaign, newest first."""
    about = Entry.objects.filter(subject_type=campaign.subject_type, subject_reference=campaign.slug)
    return about.filter(event__in=list(EVENTS)).order_by("-n")


def last_step(campaign: Campaign) -> int:
    """The number of the newest entry: whoever saw this one has seen the campaign as it is. 0 where nothing was recorded."""
    return entries_of(campaign).aggregate(last=Max("n"))["last"] or 0


def steps_since(campaign: Campaign, n: int) -> list[Step]:
    """What happened after the entry number `n`, newest first."""
    return [step_of(entry) for entry in entries_of(campaign).filter(n__gt=n)]


def step_of(entry: Entry) -> Step:
    """An entry with what it says was changed."""
    data = json.loads(entry.data)
    changes = _rules(data) if entry.event == "campaign.rules_changed" else _fields(entry.event, data)
    reason = str(data.get("reason", ""))
    sentence = _headline(entry, data)
    return Step(entry.n, entry.event, entry.at, entry.actor, sentence, reason, list(changes))


def _headline(entry: Entry, data: Mapping[str, Any]) -> str:
    """The recorded sentence; for changes a shorter one, because the changes stand below it."""
    if entry.event == "campaign.changed":
        count = len({*data.get("before", {}), *data.get("after", {})})
        return "One thing was changed." if count == 1 else f"{count} things were changed."
    reason = str(data.get("reason", ""))
    return entry.sentence.removesuffix(reason).strip() if reason else entry.sentence


def _fields(event: str, data: Mapping[str, Any]) -> Iterator[Change]:
    before, after = data.get("before"), data.get("after")
    if event == "campaign.created" or not (isinstance(before, dict) or isinstance(after, dict)):
        return
    old, new = before or {}, after or {}
    for key in sorted(old.keys() | new.keys()):
        if old.get(key, "").startswith("sha256 ") or new.get(key, "").startswith("sha256 "):
            yield _text(key, old.get(key), new.get(key))
        else:
            yield Change(label_of(key), value_of(key, old.get(key)), value_of(key, new.get(key)))


def _text(key: str, old: str | None, new: str | None) -> Change:
    """A wording is on the trail by its hash alone, so it can be said that it changed, not how."""
    before, after = ("a text" if old else "nothing"), ("another text" if old and new else "a text" if new else "nothing")
    return Change(label_of(key), before, after)


def _rules(data: Mapping[str, Any]) -> Iterator[Change]:
    before, after = [_rule(rule) for rule in data.get("before", [])], [_rule(rule) for rule in data.get("after", [])]
    for words in before:
        if words not in after:
            yield Change("Rule", words, "nothing")
    for words in after:
        if words not in before:
            yield Change("Rule", "nothing", words)


def _rule(rule: Mapping[str, str]) -> str:
    side = "Friend" if rule.get("side") == "referee" else "Referrer"
    written = f"{rule.get('field', '')} {rule.get('operator', '').replace('_', ' ')} {rule.get('value', '')}".strip()
    return f"{side}: {rule.get('sentence', '')} ({written})"
