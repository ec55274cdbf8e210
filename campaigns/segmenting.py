"""Segments: sets of rules under a name, to be used again. How they are read, and the one verb that writes them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from audit import trail
from audit.actors import Actor
from audit.editing import Named
from campaigns.editing import check_rules
from campaigns.eligibility import Rule
from campaigns.models import Segment
from campaigns.recipe_parts import RulePart, Value, rules_in_words
from campaigns.refusals import CampaignRefused
from campaigns.rule_effect import of_side
from campaigns.states import Side
from customers import facts

SIDE = Side.REFERRER.value
"""A segment is of customers, who are judged as referrers are."""
_KEYS = [field.name for field in fields(RulePart) if field.name != "side"]


def parts_of(segment: Segment) -> tuple[RulePart, ...]:
    """The rules of a segment as plain data. What is no rule becomes one that nobody meets: leaving it out would let more people in."""
    return tuple(_part(rule) for rule in segment.rules) if isinstance(segment.rules, list) else (_part(None),)


def rules_of(segment: Segment) -> list[Rule]:
    """The rules of a segment as customers are judged by them."""
    return of_side(parts_of(segment), SIDE, facts.fields())


def stamp(segment: Segment) -> str:
    """What changes whenever the name or a rule does."""
    return hashlib.sha256(json.dumps([segment.name, segment.rules], sort_keys=True).encode()).hexdigest()[:16]


def subject(segment: Segment) -> Named:
    """A segment has its slug as its name on the trail."""
    return Named("segment", segment.slug)


def begin(*, name: str, rules: Sequence[RulePart], at: datetime, by: Actor) -> Segment:
    """A new segment, with a short name made of its name. Refuses with `name_missing`, `rules_missing` or `rules_invalid`."""
    by.require("campaigns.add_segment")
    _check(name, (), rules, by)
    with transaction.atomic():
        segment = _stored(name, [_kept(rule) for rule in rules])
        after = rules_in_words(tuple(rules))
        trail.record("segment.begun", about=subject(segment), by=by, at=at, rules=_counted(rules), after=after)
    return segment


def change(*, segment: Segment, name: str, rules: Sequence[RulePart], seen: str, at: datetime, by: Actor) -> None:
    """Write name and rules; what is so already leaves no trace. `seen` is the `stamp` of what the change was made from.

    Refuses as `begin` does, and with `changed_meanwhile` when somebody else has saved since.
    """
    by.require("campaigns.change_segment")
    with transaction.atomic():
        segment.refresh_from_db(from_queryset=Segment.objects.select_for_update())
        if stamp(segment) != seen:
            raise CampaignRefused("changed_meanwhile", "Somebody else has saved this segment meanwhile.")
        before = parts_of(segment)
        _check(name, before, rules, by)
        if (segment.name, before) == (name, tuple(rules)):
            return
        segment.name, segment.rules = name, [_kept(rule) for rule in rules]
        segment.save(update_fields=["name", "rules"])
        trail.record(
            "segment.changed",
            about=subject(segment),
            by=by,
            at=at,
            rules=_counted(rules),
            before=rules_in_words(before),
            after=rules_in_words(tuple(rules)),
        )


def _counted(rules: Sequence[RulePart]) -> str:
    return "1 rule" if len(rules) == 1 else f"{len(rules)} rules"


def _check(name: str, before: Sequence[RulePart], after: Sequence[RulePart], by: Actor) -> None:
    if not name.strip():
        raise CampaignRefused("name_missing", "Give the segment a name.")
    if not after:
        raise CampaignRefused("rules_missing", "A segment without a rule would be everybody. Add a rule.")
    check_rules(after, by=by, before=before)


def _stored(name: str, rules: list[dict[str, Any]]) -> Segment:
    """The row, under the first short name that is free: the unique key decides, not a look before."""
    most = Segment._meta.get_field("slug").max_length or 50
    wanted = slugify(name)[: most - 5] or "segment"
    for number in count(1):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        try:
            with transaction.atomic():
                return Segment.objects.create(slug=slug, name=name, rules=rules)
        except IntegrityError:
            if not Segment.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("numbers do not end")


def _kept(rule: RulePart) -> dict[str, Any]:
    """A rule as it is stored: only what says something."""
    values = {name: value for name, value in asdict(rule).items() if name in _KEYS and value != ""}
    return values | {"value": list(rule.value) if isinstance(rule.value, tuple) else rule.value}


def _part(stored: Any) -> RulePart:
    told = stored if isinstance(stored, dict) else {}
    texts = {name: str(told.get(name, "")) for name in _KEYS if name != "value"}
    return RulePart(side=SIDE, value=_value(told.get("value", "")), **texts)


def _value(stored: Any) -> Value:
    if isinstance(stored, list):
        return tuple(one for one in stored if isinstance(one, str | int | float | bool))
    return stored if isinstance(stored, str | int | float | bool) else ""
