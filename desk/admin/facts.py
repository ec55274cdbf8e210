"""The fields of a row as facts in words, for who reads the page and cannot write on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import BooleanField, JSONField
from django.utils.safestring import SafeString, mark_safe

from desk.labels import spoken

NOTHING = "–"
EMPTY = mark_safe('<span class="nothing">–</span>')
"""What the admin shows for an empty value."""
_WORDS = {True: "Yes", False: "No", None: "Not known"}


@dataclass(frozen=True)
class Field:
    """A label with its value, ready to be shown; `is_wide` takes a line of its own."""

    label: str
    value: object
    is_wide: bool = False


@dataclass(frozen=True)
class Group:
    """A heading with its facts; `unknown` names those that nothing is known of."""

    title: str
    fields: list[Field]
    unknown: str = ""


def groups(adminform: Any, row: Any) -> list[Group]:
    """The facts of a row in the groups of its form."""
    return [_group(fieldset.name or "", list(_fields(fieldset, row))) for fieldset in adminform]


def _group(title: str, fields: list[Field]) -> Group:
    empty = [field for field in fields if field.value in ("", NOTHING, EMPTY)]
    unknown = ", ".join(field.label if n == 0 else field.label[:1].lower() + field.label[1:] for n, field in enumerate(empty))
    return Group(title, [field for field in fields if field not in empty], unknown)


def _fields(fieldset: Any, row: Any) -> Iterable[Field]:
    for line in fieldset:
        for shown in line:
            name = shown.field["name"]
            value = _value(name, row, shown)
            yield Field(spoken(str(shown.field["label"])), value, _is_wide(value))


def _value(name: Any, row: Any, shown: Any) -> object:
    try:
        field, _, value = lookup_field(name, row, shown.model_admin)
    except (AttributeError, ValueError, FieldDoesNotExist, ObjectDoesNotExist):
        return shown.contents()
    if isinstance(field, BooleanField) or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(field, JSONField):
        return listed(value)
    return shown.contents()


def listed(value: Any) -> str:
    """What a field of JSON holds, in a line of words."""
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')}: {listed(known)}" for name, known in value.items()) or NOTHING
    if isinstance(value, (list, tuple)):
        return ", ".join(listed(known) for known in value) or NOTHING
    return _WORDS[value] if isinstance(value, bool) else str(value)


def _is_wide(value: object) -> bool:
    text = str(value)
    is_html = isinstance(value, SafeString)
    return len(text) > 160 and (not is_html or "<p" in text or "<a " not in text)
