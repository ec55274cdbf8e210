"""Maps from the headings and words of somebody else's CSV file to ours, as a TOML file.

    [columns]            our field = "Their heading", or a list of headings joined with a space
    [values.<field>]     "Their word" = "our word"; "*" = what every other word becomes
    [fixed]              our field = the same for every line
    [dates]              our field = "day first" (19.07.2024) or "month first" (07/19/2024), for days not written 2024-07-19

A heading that no column names is ignored, and told.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from desk.csv_files import CsvFile, FileRefused, Line
from desk.refusals import Invalid

SECTIONS = ("columns", "values", "fixed", "dates")
DAY_FIRST, MONTH_FIRST = "day first", "month first"
DATE_ORDERS = (DAY_FIRST, MONTH_FIRST)
"""How a column may write its days, beside year-month-day. Said for the whole column, never found out line by line."""

_MAX_BYTES = 1_000_000
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]00:00(?::00)?)?\Z")


class MapRefused(Invalid):
    """A map that cannot be used. `problems` names every faulty key with what is allowed; `sentence` holds them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("map_invalid", f"The map cannot be used. {' '.join(problems)}")
        self.problems = problems


@dataclass(frozen=True)
class ColumnMap:
    """What each of our fields is read from. `extra` holds sections only the importing app understands; `dates` the order of days."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> list[str]:
        """Our fields that this map fills."""
        return [*self.columns, *self.fixed]

    def ignored(self, file: CsvFile) -> list[str]:
        """Headings of the file that nothing is read from."""
        used = {heading.strip().casefold() for headings in self.columns.values() for heading in headings}
        return [heading for heading in file.header if heading and heading.casefold() not in used]

    def bound_to(self, file: CsvFile) -> "ColumnMap":
        """This map with headings spelled as in `file`. Refuses with `column_missing` when the file lacks one."""
        file.require(heading for headings in self.columns.values() for heading in headings)
        found = {name: tuple(file.find(heading) for heading in headings) for name, headings in self.columns.items()}
        return replace(self, columns=found)

    def read(self, line: Line) -> dict[str, str]:
        """Our fields of one line as text, words translated. Only for a bound map and a line without a problem."""
        texts = {name: self._translated(name, self._joined(line, headings)) for name, headings in self.columns.items()}
        return {**texts, **self.fixed}

    @staticmethod
    def _joined(line: Line, headings: tuple[str, ...]) -> str:
        return " ".join(part for heading in headings if (part := line.values[heading].strip()))

    def _translated(self, name: str, text: str) -> str:
        words = self.values.get(name)
        if words:
            # An empty cell says nothing, so "*" does not speak for it.
            text = words.get(text, words.get("*", text) if text else "")
        return as_iso_day(text, self.dates[name]) if name in self.dates else text

    def content(self) -> dict[str, Any]:
        """The map as sections of plain values, as a TOML file holds them."""
        columns = {name: list(headings) if len(headings) > 1 else headings[0] for name, headings in self.columns.items()}
        values = {name: dict(words) for name, words in self.values.items() if words}
        sections = {"columns": columns, "values": values, "fixed": dict(self.fixed), "dates": dict(self.dates), **self.extra}
        return {name: section for name, section in sections.items() if section}


def as_iso_day(text: str, order: str) -> str:
    """The day as year-month-day, when it is written in this order; anything else stays, to be judged by the usual rule."""
    found = _DAY.match(text.strip())
    if found is None:
        return text
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return f"{year:04}-{month:02}-{day:02}"


def direct_map(file: CsvFile, *, allows: Callable[[str], bool]) -> ColumnMap:
    """The map for a file whose headings are our own field names (in any case, spaces or hyphens for underscores)."""
    named = {heading: _as_field(heading) for heading in file.header if heading}
    columns: dict[str, tuple[str, ...]] = {}
    for heading, name in named.items():
        if allows(name):
            if name in columns:
                raise FileRefused(
                    "column_repeated", f"The columns “{columns[name][0]}” and “{heading}” both mean {name}. Remove one."
                )
            columns[name] = (heading,)
    return ColumnMap(columns)


def _as_field(heading: str) -> str:
    return "_".join(heading.casefold().replace("-", " ").split())


def load_map(path: Path, *, allows: Callable[[str], bool], allowed: str, sections: tuple[str, ...] = ()) -> ColumnMap:
    """Read a map from a file; see `map_of`."""
    return map_of(_content(path), allows=allows, allowed=allowed, sections=sections)


def parse_map(text: str) -> dict[str, Any]:
    """The sections of a map written as TOML. Refuses with `map_invalid`."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise MapRefused([f"This is not TOML: {error}."]) from error


def map_of(content: Mapping[str, Any], *, allows: Callable[[str], bool], allowed: str, sections: tuple[str, ...] = ()) -> ColumnMap:
    """The map with these sections. `allows` says whether a field exists, `allowed` lists the fields in words, `sections` are extra ones.

    Refuses with every problem at once.
    """
    problems = [
        f"[{section}] is no section of a map. Sections are: {', '.join((*SECTIONS, *sections))}."
        for section in content
        if section not in (*SECTIONS, *sections)
    ]
    tables = {section: _table(content, section, problems) for section in SECTIONS}
    for section, table in tables.items():
        problems += [f"{section}.{name}: there is no such field. Fields are: {allowed}." for name in table if not allows(name)]
    columns = {name: _headings(name, value, problems) for name, value in tables["columns"].items()}
    values = {name: _words(name, value, problems) for name, value in tables["values"].items()}
    fixed = {name: _word(f"fixed.{name}", value, problems) for name, value in tables["fixed"].items()}
    problems += _misplaced(tables)
    if problems:
        raise MapRefused(problems)
    extra = {name: content[name] for name in sections if name in content}
    return ColumnMap(columns, values, fixed, extra, dict(tables["dates"]))


def _misplaced(tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    columns = tables["columns"]
    return [
        *(f"fixed.{name}: this field is under [columns] too. Keep one." for name in tables["fixed"] if name in columns),
        *(
            f"values.{name}: this field is not under [columns], so nothing would be translated."
            for name in tables["values"]
            if name not in columns
        ),
        *(
            f"dates.{name}: write one of {' or '.join(repr(known) for known in DATE_ORDERS)}."
            for name, order in tables["dates"].items()
            if order not in DATE_ORDERS
        ),
        *(f"dates.{name}: this field is not under [columns]." for name in tables["dates"] if name not in columns),
    ]


def to_toml(content: Mapping[str, Any]) -> str:
    """A map as the text of a TOML file that `load_map` reads again."""
    written = []
    for section, table in content.items():
        plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
        if plain:
            written.append("\n".join([f"[{section}]", *(f"{_key(key)} = {_literal(value)}" for key, value in plain.items())]))
        for key, inner in table.items():
            if isinstance(inner, Mapping):
                rows = (f"{_literal(word)} = {_literal(value)}" for word, value in inner.items())
                written.append("\n".join([f"[{section}.{_key(key)}]", *rows]))
    return "\n\n".join(written) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _literal(name)


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise MapRefused([f"{path.name} is larger than {_MAX_BYTES // 1_000_000} MB; no map is."])
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MapRefused([f"{path} cannot be opened: {error.strerror or error}."]) from error
    except UnicodeDecodeError as error:
        raise MapRefused([f"{path.name}, byte {error.start + 1}, is not UTF-8. Save the map as UTF-8."]) from error
    except tomllib.TOMLDecodeError as error:
        raise MapRefused([f"{path.name} is not TOML: {error}."]) from error


def _table(content: Mapping[str, Any], section: str, problems: list[str]) -> dict[str, Any]:
    table = content.get(section, {})
    if isinstance(table, dict):
        return _flat(table, is_nested=section == "values")
    problems.append(f"{section}: this must be a section, written [{section}].")
    return {}


def _flat(table: Mapping[str, Any], *, is_nested: bool) -> dict[str, Any]:
    """TOML reads `attribute.size = …` as a table in a table; our field is called `attribute.size`.

    In [values] every field is a table already (`is_nested`), so only a table of tables is taken apart.
    """
    flat: dict[str, Any] = {}
    for key, value in table.items():
        is_split = isinstance(value, dict) and (not is_nested or any(isinstance(inner, dict) for inner in value.values()))
        flat |= {f"{key}.{name}": item for name, item in value.items()} if is_split else {key: value}
    return flat


def _headings(name: str, value: Any, problems: list[str]) -> tuple[str, ...]:
    headings = tuple(value) if isinstance(value, list) else (value,)
    if headings and all(isinstance(heading, str) and heading.strip() for heading in headings):
        return headings
    problems.append(f"columns.{name}: give the heading in quotation marks, or a list of headings.")
    return ()


def _words(name: str, value: Any, problems: list[str]) -> dict[str, str]:
    if isinstance(value, dict):
        return {theirs: _word(f"values.{name}.{theirs}", ours, problems) for theirs, ours in value.items()}
    problems.append(f'values.{name}: this must be a section [values.{name}] with lines "their word" = "our word".')
    return {}


def _word(key: str, value: Any, problems: list[str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | date):
        return str(value)
    problems.append(f"{key}: give a text in quotation marks, a whole number, a day, true or false.")
    return ""
