"""Which columns a customer import knows, and maps for files that call them otherwise."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customers.declaring import proposed
from customers.models import Attribute
from customers.refusals import CustomerRefused
from desk.csv_files import CsvFile
from desk.csv_maps import ColumnMap, MapRefused, direct_map, load_map, map_of

SHIPPED = Path(__file__).parent / "maps"

REQUIRED = ("external_id", "name", "email")
"""Every customer in a file has these."""

FIELDS = (
    *REQUIRED,
    "phone", "language", "country", "region", "postcode", "city", "birth_year", "tags", "membership", "member_since",
    "activated_on", "verified_on", "origin", "origin_reason", "credit_score", "score_source", "scored_on",
)  # fmt: skip
"""All columns of a customer file; `attribute.<name>` comes on top for each declared attribute."""

_ATTRIBUTE = "attribute."
_ALLOWED = f"{', '.join(FIELDS)}, and attribute.<name> for a declared attribute"
_WORDS = {str: "text in quotation marks", list: "list of texts", bool: "true or false"}
_DECLARATION = {"label": str, "type": str, "choices": list, "is_sensitive": bool}


def is_field(name: str) -> bool:
    """Whether a column of this name can be imported; whether its attribute was declared is asked later."""
    return name in FIELDS or (name.startswith(_ATTRIBUTE) and len(name) > len(_ATTRIBUTE))


def attribute_names(columns: ColumnMap) -> list[str]:
    """Names of the attributes a map fills."""
    return [name.removeprefix(_ATTRIBUTE) for name in columns.fields() if name.startswith(_ATTRIBUTE)]


def map_for(file: CsvFile, mapping: Path | None) -> ColumnMap:
    """The map to read `file` with: the one in the TOML file `mapping` (or shipped under that name), or its own headings.

    Refuses with `map_invalid` naming the keys, or `column_missing`.
    """
    if mapping is None:
        columns = direct_map(file, allows=is_field)
        file.require(name for name in REQUIRED if name not in columns.columns)
        return columns
    return bound(load_map(_found(mapping), allows=is_field, allowed=_ALLOWED, sections=("attributes",)), file)


def map_with(content: Mapping[str, Any]) -> ColumnMap:
    """The map with these sections, not bound to a file yet. Refuses with `map_invalid`."""
    return map_of(content, allows=is_field, allowed=_ALLOWED, sections=("attributes",))


def bound(columns: ColumnMap, file: CsvFile) -> ColumnMap:
    """The map bound to a file, with all that every customer needs. Refuses with `map_invalid` or `column_missing`."""
    missing = [name for name in REQUIRED if name not in columns.fields()]
    if missing:
        raise MapRefused([f"columns.{name}: this field is needed; name the heading it is read from." for name in missing])
    return columns.bound_to(file)


def _found(mapping: Path) -> Path:
    shipped = SHIPPED / f"{mapping.name}.toml"
    return shipped if not mapping.exists() and mapping.name == str(mapping) and shipped.exists() else mapping


def attributes_for(columns: ColumnMap) -> dict[str, Attribute]:
    """The attributes a map fills or declares, by name; those its [attributes.<name>] sections add are not stored yet.

    Refuses with `map_invalid` naming a column whose attribute nobody declared, or a section that contradicts what is declared.
    """
    wanted = _proposals(columns)
    names = {*attribute_names(columns), *wanted}
    declared = {row.name: row for row in Attribute.objects.all()}
    problems = [
        f"{_ATTRIBUTE}{name}: no such attribute is declared. Declared are: {', '.join(declared) or 'none'}. Declare it under"
        f" Attributes, or in the map as [attributes.{name}]."
        for name in sorted(names - set(declared) - set(wanted))
    ]
    problems += [
        f"attributes.{name}.type: the attribute exists with the type {declared[name].type}. Take that, or another name."
        for name, row in wanted.items()
        if name in declared and (declared[name].type, declared[name].choices) != (row.type, row.choices)
    ]
    if problems:
        raise MapRefused(problems)
    return {name: declared.get(name) or wanted[name] for name in sorted(names)}


def _proposals(columns: ColumnMap) -> dict[str, Attribute]:
    sections = columns.extra.get("attributes", {})
    if not isinstance(sections, dict):
        raise MapRefused(["attributes: this must be sections, written [attributes.<name>]."])
    problems: list[str] = []
    found = [_proposal(name, section, problems) for name, section in sections.items()]
    if problems:
        raise MapRefused(problems)
    return {attribute.name: attribute for attribute in found if attribute is not None}


def _proposal(name: str, section: Any, problems: list[str]) -> Attribute | None:
    if not isinstance(section, Mapping):
        problems.append(f"attributes.{name}: this must be a section, written [attributes.{name}].")
        return None
    before = len(problems)
    for key, value in section.items():
        wanted = _DECLARATION.get(key)
        if wanted is None:
            problems.append(f"attributes.{name}.{key}: there is no such key. Keys are: {', '.join(_DECLARATION)}.")
        elif not isinstance(value, wanted):
            problems.append(f"attributes.{name}.{key}: give a {_WORDS[wanted]}.")
    if len(problems) > before:
        return None
    try:
        return proposed(**{"name": name, "label": name, "type": "text", **section})
    except CustomerRefused as refusal:
        problems.append(f"attributes.{name}: {refusal.sentence}")
        return None
