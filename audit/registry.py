"""Event names and their sentences. An event nobody registered cannot be recorded."""

from collections.abc import Mapping

_sentences: dict[str, str] = {}


def register(events: Mapping[str, str]) -> None:
    """Add an app's events: past-tense dotted name -> sentence with `{placeholders}` filled from the entry's data."""
    _sentences.update(events)


def sentence_of(event: str, data: Mapping[str, object]) -> str:
    """The sentence of `event` with `data` filled in. Raises `KeyError` for an unregistered event or a missing value."""
    return _sentences[event].format_map(data)


def registered() -> dict[str, str]:
    """All known events with their sentences."""
    return dict(_sentences)
