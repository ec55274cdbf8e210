"""One line of a customer file, read and checked as a whole before anything is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from customers import fields
from customers.identity import email_key
from customers.import_maps import REQUIRED
from customers.models import Attribute
from desk.csv_files import Line
from desk.csv_imports import LineRefused
from desk.csv_maps import ColumnMap

_APART = frozenset({"phone", "credit_score", "score_source", "scored_on", "verified_on"})
"""Fields that need a look at another one; all others are cleaned by themselves."""


@dataclass(frozen=True)
class Score:
    """A credit score as a file gives it. Without a day it counts as of the day of the import."""

    score: int
    source: str
    scored_on: date | None


@dataclass(frozen=True)
class Person:
    """A good line: only what the file says, ready to store. `columns` are columns of `Customer`."""

    line: int
    external_id: str
    columns: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)
    score: Score | None = None
    verified_on: date | None = None

    @property
    def email_key(self) -> str:
        """The address for comparing."""
        return str(self.columns["email_key"])


class LineReader:
    """Takes lines apart by a map. All faults of a line are told at once."""

    def __init__(self, columns: ColumnMap, declared: Mapping[str, Attribute]) -> None:
        self._columns = columns
        self._declared = declared

    def read(self, line: Line) -> Person:
        """The person on this line. Raises `LineRefused`."""
        texts = {name: text for name, text in self._columns.read(line).items() if text.strip()}
        reading = _Reading(texts)
        for name in REQUIRED:
            if name not in texts:
                reading.problems.append((name, f"{name} is missing."))
        columns = reading.columns()
        attributes = {name: reading.attribute(row) for name, row in self._declared.items() if f"attribute.{name}" in texts}
        person = Person(
            line=line.number,
            external_id=columns.get("external_id", ""),
            columns=columns,
            attributes=attributes,
            score=reading.score(),
            verified_on=reading.take("verified_on", fields.day),
        )
        if reading.problems:
            raise LineRefused(*reading.problems)
        return person


class _Reading:
    """The texts of one line while they are cleaned, with the problems found so far."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.problems: list[tuple[str, str]] = []

    def take(self, name: str, clean: Callable[[str], Any]) -> Any:
        """The cleaned value of a field, None when the line has none or it is at fault."""
        if name not in self.texts:
            return None
        try:
            return clean(self.texts[name])
        except ValueError as error:
            self.problems.append((name, f"{name} {error}."))
            return None

    def columns(self) -> dict[str, Any]:
        """Columns of the customer this line fills."""
        plain = [name for name in self.texts if name not in _APART and name in fields.CLEANERS]
        columns = {name: self.take(name, fields.CLEANERS[name]) for name in plain}
        if "phone" in self.texts:
            columns["phone"] = self.take("phone", lambda text: fields.phone(text, columns.get("country") or ""))
        if columns.get("email"):
            columns["email_key"] = email_key(columns["email"])
        return columns

    def attribute(self, declared: Attribute) -> Any:
        """The value of a declared attribute."""
        return self.take(f"attribute.{declared.name}", lambda text: fields.attribute(declared, text))

    def score(self) -> Score | None:
        """The credit score, which needs a source."""
        score = self.take("credit_score", fields.score)
        source = self.take("score_source", fields.text_of(40))
        day = self.take("scored_on", fields.day)
        if score is None:
            return None
        if not source:
            self.problems.append(("score_source", "score_source is missing: a score needs the source it is from."))
            return None
        return Score(score, source, day)
