"""Every event that is recorded is registered with a sentence, and every registered one is recorded somewhere."""

import ast
import importlib
import string
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from tests.architecture.source import FLOORS, ROOT, Module, called, modules

RECORDERS = {"trail.record", "record", "Happening", "trail.Happening"}
OWN_WORDS = {"about", "by", "at", "reason", "concerns"}
WRITES_FOR_OTHERS = {"audit/trail.py"}
"""Handles events whatever their name."""


class Site(NamedTuple):
    """A place in the source where an event is recorded; `given` is None where the facts cannot be read from the source."""

    place: str
    event: str | None
    given: frozenset[str] | None


@cache
def sites() -> tuple[Site, ...]:
    return tuple(_sites())


def _sites() -> Iterator[Site]:
    for module in modules():
        if module.name in WRITES_FOR_OTHERS:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) in RECORDERS and node.args:
                yield site(module, node)


def site(module: Module, call: ast.Call) -> Site:
    first = call.args[0]
    event = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return Site(f"{module.name}:{call.lineno}", event, facts(call))


def facts(call: ast.Call) -> frozenset[str] | None:
    """Names of the facts given with an event."""
    if called(call).endswith("Happening"):
        data = next((k.value for k in call.keywords if k.arg == "data"), call.args[4] if len(call.args) > 4 else None)
        if not isinstance(data, ast.Dict):
            return None if data else frozenset()
        keys = {key.value if isinstance(key, ast.Constant) else None for key in data.keys}
        return None if None in keys else frozenset(str(key) for key in keys)
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(str(keyword.arg) for keyword in call.keywords) - OWN_WORDS


@cache
def registered() -> dict[str, str]:
    """All sentences, straight from the apps' tables."""
    found: dict[str, str] = {}
    for floor in FLOORS:
        if (ROOT / floor / "events.py").exists():
            found |= importlib.import_module(f"{floor}.events").EVENTS
    return found


def test_events_are_named_where_they_are_recorded():
    assert [place for place, event, _ in sites() if event is None] == []


def test_every_recorded_event_is_registered():
    assert sorted({f"{event} at {place}" for place, event, _ in sites() if event and event not in registered()}) == []


def test_every_registered_event_is_recorded_somewhere():
    assert sorted(registered().keys() - {event for _, event, _ in sites()}) == []


def test_an_event_is_registered_once():
    names = [
        name
        for floor in FLOORS
        if (ROOT / floor / "events.py").exists()
        for name in importlib.import_module(f"{floor}.events").EVENTS
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("event", "sentence"), sorted(registered().items()), ids=lambda value: value if "." in value and " " not in value else ""
)
def test_a_sentence_is_one_and_its_facts_are_given(event, sentence):
    subject, _, verb = event.partition(".")
    assert subject.replace("_", "").isalpha() and verb.replace("_", "").isalpha() and event == event.lower()
    assert sentence.endswith((".", "”"))
    needed = {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}
    lacking = [
        f"{place} lacks {sorted(needed - given - {'concerns'})}"
        for place, name, given in sites()
        if name == event and given is not None and needed - given - {"concerns"}
    ]
    assert lacking == []
