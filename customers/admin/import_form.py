"""The form in which the columns of a file are named: one row for each column, and below it what its words mean."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from customers.import_kinds import ImportField, ImportKind
from customers.import_proposals import word_for
from desk.csv_guesses import AMBIGUOUS, Column
from desk.csv_maps import DATE_ORDERS, DAY_FIRST, MONTH_FIRST, MapRefused
from desk.refusals import Refused

_ORDERS = ((DAY_FIRST, "Day first: 19.07.2024"), (MONTH_FIRST, "Month first: 07/19/2024"))
_MAX_WORDS = 60


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file as the page shows it."""

    column: Column
    field: Any
    dates: Any
    words: Sequence[Any]


class ColumnsForm(forms.Form):
    """Which of our fields each column is read into. `content` are the sections of the map to begin with."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: ImportKind, seen: Sequence[Column], content: Mapping[str, Any], user: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.kind, self.seen = kind, seen
        self.base = self._kept() if self.is_bound else dict(content)
        self.known = {each.name: each for each in kind.fields(self.base)}
        self.initial["kept"] = json.dumps({name: self.base[name] for name in ("attributes", "values") if name in self.base})
        self._add_columns()
        self._add_fixed()
        self.options = [option for option in kind.options if user.has_perm(option.permission)]
        for option in self.options:
            self.fields[f"option_{option.name}"] = forms.BooleanField(label=option.label, required=False)

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.data.get("kept") or "{}")
        except ValueError:
            return {}
        return {
            name: kept[name] for name in ("attributes", "values") if isinstance(kept, dict) and isinstance(kept.get(name), dict)
        }

    def _add_columns(self) -> None:
        choices = [
            ("", "– not read –"),
            *((each.name, f"{each.label}{' *' if each.is_required else ''}") for each in self.known.values()),
        ]
        read_into = {
            heading.casefold(): name
            for name, headings in self.base.get("columns", {}).items()
            for heading in (headings if isinstance(headings, list) else [headings])
        }
        for place, column in enumerate(self.seen):
            chosen = read_into.get(column.heading.casefold(), "")
            label = f"Read {column.heading} as"
            self.fields[f"column_{place}"] = forms.ChoiceField(label=label, choices=choices, required=False, initial=chosen)
            if column.dates:
                self._add_order(place, column, self.base.get("dates", {}).get(chosen, ""))
            now = self.data.get(f"column_{place}", "") if self.is_bound else chosen
            self._add_words(place, column, self.known.get(now))

    def _add_order(self, place: int, column: Column, order: str) -> None:
        is_unsure = column.dates == AMBIGUOUS
        first = order or ("" if is_unsure else column.dates)
        choices = [("", "Choose: the file does not show it"), *_ORDERS] if is_unsure else list(_ORDERS)
        self.fields[f"dates_{place}"] = forms.ChoiceField(
            label=f"How {column.heading} writes its days", choices=choices, required=False, initial=first
        )

    def _add_words(self, place: int, column: Column, field: ImportField | None) -> None:
        """Ask what the column's words mean, when it is read into a field that takes certain words only."""
        if field is None or not field.is_translated:
            return
        chosen = self.base.get("values", {}).get(field.name, {})
        strange = [word for word in column.words if word in chosen or not field.takes(word)]
        for number, word in enumerate(strange[:_MAX_WORDS]):
            name = f"word_{place}_{field.name}_{number}"
            label, first = f"{column.heading}: {word} means", word_for(field, word, chosen)
            if field.words:
                choices = [("", "– left as it is –"), *field.words]
                made: forms.Field = forms.ChoiceField(label=label, choices=choices, required=False, initial=first)
            else:
                made = forms.CharField(label=label, required=False, max_length=80, initial=first)
            made.word = word  # type: ignore[attr-defined]
            self.fields[name] = made

    def _add_fixed(self) -> None:
        fixed = self.base.get("fixed", {})
        for each in self.known.values():
            if each.can_be_fixed:
                made: forms.Field = forms.CharField(label=each.label, help_text=each.help, required=False, max_length=200)
                if each.words:
                    made = forms.ChoiceField(label=each.label, choices=[("", "–"), *each.words], required=False)
                made.initial = fixed.get(each.name, "")
                self.fields[f"fixed_{each.name}"] = made

    def rows(self) -> list[ColumnRow]:
        """The columns as the page shows them."""
        return [
            ColumnRow(
                column,
                self[f"column_{place}"],
                self[f"dates_{place}"] if f"dates_{place}" in self.fields else None,
                [self[name] for name in self.fields if name.startswith(f"word_{place}_")],
            )
            for place, column in enumerate(self.seen)
        ]

    def fixed_fields(self) -> list[Any]:
        """What can be the same for every line."""
        return [self[name] for name in self.fields if name.startswith("fixed_")]

    def option_fields(self) -> list[Any]:
        """Choices beside the columns."""
        return [self[name] for name in self.fields if name.startswith("option_")]

    def has_fixed(self) -> bool:
        """Whether something is the same for every line, so that the page shows it open."""
        return any(bound.value() for bound in self.fixed_fields()) or any(bound.errors for bound in self.fixed_fields())

    def clean(self) -> dict[str, Any]:
        """The sections of the map, judged as a whole; `content` holds them when they are good."""
        data = super().clean() or {}
        self._refuse_doubles(data)
        self._ask_orders(data)
        self._ask_words(data)
        self._refuse_both(data)
        if self.errors:
            return data
        self.content = self._content(data)
        try:
            self.kind.map_with(self.content)
        except MapRefused as refusal:
            for problem in refusal.problems:
                self.add_error(None, problem)
        except Refused as refusal:
            self.add_error(None, refusal.sentence)
        missing = [each.label for each in self.known.values() if each.is_required and not self._is_filled(each.name)]
        if missing:
            self.add_error(None, f"Still needed: {', '.join(missing)}. Choose a column for each.")
        return data

    def _is_filled(self, name: str) -> bool:
        return name in self.content.get("columns", {}) or name in self.content.get("fixed", {})

    def _refuse_doubles(self, data: Mapping[str, Any]) -> None:
        first: dict[str, str] = {}
        for place, column in enumerate(self.seen):
            name = data.get(f"column_{place}")
            if name and name in first and not self.known[name].parts:
                sentence = f"{self.known[name].label} is read from {first[name]} already. Choose another field, or none."
                self.add_error(f"column_{place}", sentence)
            elif name:
                first.setdefault(name, column.heading)

    def _refuse_both(self, data: Mapping[str, Any]) -> None:
        read = {data.get(f"column_{place}"): column.heading for place, column in enumerate(self.seen)}
        for name in self.known.keys() & read.keys():
            if data.get(f"fixed_{name}"):
                self.add_error(
                    f"fixed_{name}", f"The column {read[name]} says it line by line. Leave this empty, or do not read the column."
                )

    def _ask_orders(self, data: Mapping[str, Any]) -> None:
        for place, column in enumerate(self.seen):
            field = self.known.get(data.get(f"column_{place}") or "")
            if column.dates == AMBIGUOUS and field is not None and field.is_day and not data.get(f"dates_{place}"):
                self.add_error(f"dates_{place}", f"{column.samples[0]} could be read both ways. Say which comes first.")

    def _ask_words(self, data: Mapping[str, Any]) -> None:
        """Words of a column that was only now given its field are asked once."""
        for name, made in self.fields.items():
            if name.startswith("word_") and name not in self.data:
                place = int(name.split("_")[1])
                self.add_error(f"column_{place}", f"Say below what the words of {self.seen[place].heading} mean, then go on.")
                made.required = False

    def _content(self, data: Mapping[str, Any]) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        values: dict[str, dict[str, str]] = {}
        dates: dict[str, str] = {}
        for place, column in enumerate(self.seen):
            name = data.get(f"column_{place}")
            if not name:
                continue
            columns[name] = [*columns.get(name, []), column.heading]
            words = {**self.base.get("values", {}).get(name, {}), **self._words(data, place)}
            if words := {theirs: ours for theirs, ours in words.items() if ours}:
                values[name] = words
            if data.get(f"dates_{place}") in DATE_ORDERS and self.known[name].is_day:
                dates[name] = data[f"dates_{place}"]
        fixed = {each.name: data[f"fixed_{each.name}"] for each in self.known.values() if data.get(f"fixed_{each.name}")}
        read = {name: headings if len(headings) > 1 else headings[0] for name, headings in columns.items()}
        sections = {"columns": read, "values": values, "fixed": fixed, "dates": dates, "attributes": self._attributes(columns)}
        return {name: section for name, section in sections.items() if section}

    def _words(self, data: Mapping[str, Any], place: int) -> dict[str, str]:
        made = {name: field for name, field in self.fields.items() if name.startswith(f"word_{place}_")}
        return {field.word: data.get(name, "") for name, field in made.items()}  # type: ignore[attr-defined]

    def _attributes(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        return {name: how for name, how in self.base.get("attributes", {}).items() if f"attribute.{name}" in columns}
