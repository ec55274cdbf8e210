"""How a new file is probably to be read: from the last one like it, from a map that comes with the program, from its headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from customers.country_names import COUNTRY_NAMES
from customers.import_kinds import ImportField, ImportKind
from customers.models import ImportRun
from customers.states import ImportState
from desk.csv_files import CsvFile
from desk.csv_guesses import AMBIGUOUS, Column, lost_zeros, match_headings
from desk.csv_maps import ColumnMap, load_map
from desk.refusals import Refused

_COUNTRIES = {name.casefold(): code for code, name in COUNTRY_NAMES.items()}
_LOOKED_BACK = 20


@dataclass(frozen=True)
class Proposal:
    """A map to begin with, as sections, and where it comes from in words."""

    content: dict[str, Any] = field(default_factory=dict)
    source: str = ""


def proposal_for(kind: ImportKind, file: CsvFile, columns: Sequence[Column]) -> Proposal:
    """The best of all that fit: the one that reads most columns, an earlier import before a shipped map before a guess."""
    found = [*_earlier(kind, file), *_shipped(kind, file), _guessed(kind, file)]
    best = max(found, key=lambda each: sum(len(_list(headings)) for headings in each.content.get("columns", {}).values()))
    return Proposal(with_dates(kind, best.content, columns), best.source)


def shipped_map(kind: ImportKind, name: str) -> dict[str, Any]:
    """The sections of a map that comes with the program. Raises `KeyError` for a name there is not."""
    if kind.maps is None or name not in kind.shipped_maps():
        raise KeyError(name)
    return load_map(kind.maps / f"{name}.toml", allows=lambda _: True, allowed="", sections=("attributes",)).content()


def _earlier(kind: ImportKind, file: CsvFile) -> list[Proposal]:
    runs = ImportRun.objects.filter(kind=kind.name, state=ImportState.DONE).exclude(mapping={}).order_by("-finished_at")
    for run in runs[:_LOOKED_BACK]:
        if _fits(kind, file, run.mapping):
            return [Proposal(run.mapping, f"Read like {run.file_name}, which you imported on {run.finished_at:%-d %b %Y}.")]
    return []


def _shipped(kind: ImportKind, file: CsvFile) -> list[Proposal]:
    maps = {name: shipped_map(kind, name) for name in kind.shipped_maps()}
    return [
        Proposal(content, f"The columns are those of the map “{name}” that comes with the program.")
        for name, content in maps.items()
        if _fits(kind, file, content)
    ]


def _fits(kind: ImportKind, file: CsvFile, content: Mapping[str, Any]) -> bool:
    try:
        kind.bound(kind.map_with(content), file)
    except Refused:
        return False
    return True


def _guessed(kind: ImportKind, file: CsvFile) -> Proposal:
    fields = kind.fields({})
    names = {each.name: (each.label, *each.also) for each in fields}
    found = match_headings((heading for heading in file.header if heading), names)
    columns: dict[str, Any] = {name: heading for heading, name in found.items()}
    for each in fields:
        together = [heading for heading in file.header if heading and match_headings([heading], {"": each.parts})]
        if each.parts and each.name not in columns and together:
            columns[each.name] = together if len(together) > 1 else together[0]
    ours = all(name == heading for name, heading in columns.items())
    source = "The columns have our own names." if columns and ours else "Guessed from the headings. Look at each one."
    return Proposal(
        {"columns": columns} if columns else {}, source if columns else "No heading is one we know. Choose for each column."
    )


def _list(headings: Any) -> list[str]:
    return list(headings) if isinstance(headings, list) else [headings]


def with_dates(kind: ImportKind, content: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    """The map with the order of days where a column shows it and the map does not say it."""
    orders = {column.heading.casefold(): column.dates for column in columns}
    days = {each.name for each in kind.fields(content) if each.is_day}
    dates = dict(content.get("dates", {}))
    for name, headings in content.get("columns", {}).items():
        order = orders.get(_list(headings)[0].casefold(), "")
        if name in days and order and order != AMBIGUOUS:
            dates.setdefault(name, order)
    return {**content, "dates": dates} if dates else dict(content)


def word_for(wanted: ImportField, word: str, chosen: Mapping[str, str]) -> str:
    """Our word for one of theirs: as chosen, or for countries by name; "" when nothing is known."""
    if word in chosen or "*" in chosen:
        return chosen.get(word, chosen.get("*", ""))
    if wanted.words:
        folded = word.strip().casefold()
        return next((ours for ours, label in wanted.words if folded in (ours, label.casefold())), "")
    if wanted.takes(word):
        return word
    return _COUNTRIES.get(word.strip().casefold(), "") if wanted.name == "country" else ""


def warnings_for(kind: ImportKind, file: CsvFile, columns: ColumnMap, seen: Sequence[Column]) -> list[str]:
    """What a spreadsheet seems to have done to the columns that are read."""
    used = {heading.casefold() for headings in columns.columns.values() for heading in headings}
    found = [f"{column.heading}: {warning}" for column in seen if column.heading.casefold() in used for warning in column.warnings]
    (heading, *_) = columns.columns.get(kind.key, ("",))
    if file.find(heading):
        values = (line.values[file.find(heading)].strip() for line in file.lines() if not line.problem)
        lost = lost_zeros(values, kind.known)
        if lost:
            found.append(
                f"{heading}: {len(lost)} of the first 500 numbers, such as {lost[0]}, would be known with zeros in front. A spreadsheet"
                " has taken them away, and new rows would be made. Export the column as text."
            )
    return found
