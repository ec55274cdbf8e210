"""Which references belong to what a person types: the apps above know people and things by other names than the trail does."""

from collections.abc import Callable, Iterable

Finder = Callable[[str], Iterable[str]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Ask `finder(text)` for the references of what is known by a typed name, code, address or number."""
    if finder not in _finders:
        _finders.append(finder)


def references_for(text: str) -> list[str]:
    """The text itself, and every reference known for it; empty for an empty text."""
    wanted = text.strip()
    if not wanted:
        return []
    found = [reference for finder in _finders for reference in finder(wanted)]
    return list(dict.fromkeys([wanted, *found]))
