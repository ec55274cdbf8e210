"""What can be imported in the browser: each app that imports something registers a kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.csv_files import CsvFile
from desk.csv_imports import Course
from desk.csv_maps import ColumnMap


@dataclass(frozen=True)
class ImportField:
    """A field of ours that a column can be read into.

    `words` are the only values it takes, each with its label; `clean` raises `ValueError` for a word that must be translated
    because it is none of them and cannot be understood. `also` are headings it often has, `parts` headings of columns that
    fill it together; `can_be_fixed` offers it as the same for every line.
    """

    name: str
    label: str
    help: str = ""
    is_required: bool = False
    words: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    is_day: bool = False
    parts: tuple[str, ...] = ()
    clean: Callable[[str], Any] | None = None
    can_be_fixed: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether the file's own words for it may need translating."""
        return bool(self.words) or self.clean is not None

    def takes(self, word: str) -> bool:
        """Whether the word can stay as it is."""
        if word.strip().lower() in {ours.lower() for ours, _ in self.words}:
            return True
        if self.clean is None:
            return not self.words
        try:
            self.clean(word)
        except ValueError:
            return False
        return True


@dataclass(frozen=True)
class ImportOption:
    """A choice beside the columns, off unless taken; the course is told it by name."""

    name: str
    label: str
    permission: str


CourseOf = Callable[..., Course[Any]]
"""Makes the course of a kind from its bound map; told `at`, `by`, `is_dry_run`, `taken`, `watch` and the options of the kind."""


@dataclass(frozen=True)
class ImportKind:
    """One kind of file. `key` is the field by which a row is known again, `known` answers which keys of these are known."""

    name: str
    label: str
    one: str
    about: str
    permission: str
    key: str
    fields: Callable[[Mapping[str, Any]], Sequence[ImportField]]
    map_with: Callable[[Mapping[str, Any]], ColumnMap]
    bound: Callable[[ColumnMap, CsvFile], ColumnMap]
    course_of: CourseOf
    known: Callable[[Sequence[str]], set[str]]
    list_url: str
    maps: Path | None = None
    options: tuple[ImportOption, ...] = ()

    def shipped_maps(self) -> list[str]:
        """Names of the maps that come with the program."""
        return sorted(path.stem for path in self.maps.glob("*.toml")) if self.maps else []


_registered: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Offer a kind; the same name replaces."""
    _registered[kind.name] = kind


def kind_called(name: str) -> ImportKind:
    """The kind of this name. Raises `KeyError`."""
    return _registered[name]


def kinds() -> list[ImportKind]:
    """All kinds, in the order they were registered."""
    return list(_registered.values())
