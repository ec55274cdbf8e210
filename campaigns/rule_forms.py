"""Rules as fields a person fills in: one form for each rule, whose comparisons and value fit the field that was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from campaigns.recipe_parts import RulePart, Value
from campaigns.rule_checks import LAWFUL_SOURCES, problems_of
from campaigns.rule_words import SEVERAL, choices_of, operator_words, sentence_of, unit_of
from customers.facts import ATTRIBUTE_PREFIX, FIELDS, FactField, FactKind

MOST_RULES = 40
"""Rules one campaign's page takes."""

_INPUTS = {FactKind.NUMBER: "number", FactKind.DATE: "date"}
_FIELD_ERRORS = {"source": "source", "justification": "justification", "sentence": "sentence", "group": "group", "operator": "operator"}  # fmt: skip


@dataclass(frozen=True)
class Fields:
    """The fields rules may ask about here, by name."""

    known: Mapping[str, FactField]

    def choices(self) -> list[Any]:
        """For a list to choose from: what every installation has, and the company's own."""
        own = [(name, field.label) for name, field in self.known.items() if name.startswith(ATTRIBUTE_PREFIX)]
        built_in = [(name, field.label) for name, field in self.known.items() if name in FIELDS]
        groups = [("What we know of customers", built_in), *([("Fields of your own", own)] if own else [])]
        return [("", "Choose a field"), *groups]


class RuleForm(forms.Form):
    """One rule. Which comparisons there are, and how the value is typed, follows from the field chosen so far."""

    side = forms.CharField(widget=forms.HiddenInput)
    made = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    field = forms.ChoiceField(label="Field")
    operator = forms.ChoiceField(label="Comparison")
    value = forms.CharField(label="Value", required=False)
    group = forms.ChoiceField(label="How it counts", required=False)
    sentence = forms.CharField(label="Customers read", required=False, max_length=200)
    justification = forms.CharField(
        label="Why this campaign may use it", required=False, max_length=300, help_text="Needed: this field is sensitive."
    )
    source = forms.ChoiceField(label="Where the score comes from", required=False)
    removed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, fields: Fields, groups: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.known = fields
        self.chosen = fields.known.get(self._said("field"))
        self.is_several = self._said("operator") in SEVERAL
        self._offer("field", fields.choices())
        self._offer("operator", self._operators())
        self._offer("group", [("", "Must be met"), *((group, f"One of “{group}” is enough") for group in groups)])
        self._offer("source", [("", "Choose"), *((source, source.capitalize()) for source in LAWFUL_SOURCES)])
        self.fields["value"] = self._value_field()

    @property
    def unit(self) -> str:
        """What the value counts."""
        return unit_of(self.chosen) if self.chosen else ""

    @property
    def is_sensitive(self) -> bool:
        """Whether the field needs a reason."""
        return self.chosen is not None and self.chosen.is_sensitive

    @property
    def asks_for_source(self) -> bool:
        """Whether the field is a score."""
        return self.chosen is not None and self.chosen.name == "credit_score"

    @property
    def is_removed(self) -> bool:
        """Whether the rule is to go."""
        return self._said("removed") in ("on", "1", "True")

    def is_blank(self) -> bool:
        """Whether nothing was chosen yet."""
        return not self._said("field")

    def clean(self) -> dict[str, Any]:
        """Everything together is one rule; what is wrong with it stands at the field it is wrong in."""
        data = super().clean() or {}
        self.part: RulePart | None = None
        if self.chosen is None or not data.get("operator"):
            return data
        part = self._part(data)
        for key, problem in problems_of(part, self.known.known):
            self.add_error(_FIELD_ERRORS.get(key, "value"), _capital(problem))
        if not self.errors:
            self.part = part
        return data

    def _part(self, data: dict[str, Any]) -> RulePart:
        assert self.chosen is not None
        value = self._value(data.get("value"))
        return RulePart(
            side=data.get("side", ""),
            field=self.chosen.name,
            operator=data["operator"],
            value=value,
            sentence=self._sentence(data, value),
            group=data.get("group", ""),
            justification=data.get("justification", "") if self.is_sensitive else "",
            source=data.get("source", "") if self.asks_for_source else "",
        )

    def _sentence(self, data: dict[str, Any], value: Value) -> str:
        """What was written, or the sentence made from the rule while nobody wrote another."""
        written = data.get("sentence", "")
        assert self.chosen is not None
        is_empty = value in ("", ())
        self.now_made = "" if is_empty else sentence_of(self.chosen, data["operator"], value)
        return written if written and written != data.get("made", "") else self.now_made

    def _value(self, said: Any) -> Value:
        assert self.chosen is not None
        words = said if isinstance(said, list) else [said or ""]
        if self.is_several and not isinstance(said, list):
            words = [word.strip() for word in str(said or "").replace("\n", ",").split(",")]
        typed = tuple(_typed(self.chosen.kind, str(word).strip()) for word in words if str(word).strip())
        if self.is_several:
            return typed
        return typed[0] if typed else ""

    def _said(self, name: str) -> str:
        """What was sent or begun with, before anything is checked."""
        if self.is_bound:
            return str(self.data.get(self.add_prefix(name), ""))
        return str(self.initial.get(name, ""))

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _operators(self) -> list[tuple[str, str]]:
        if self.chosen is None:
            return []
        operators = ("is",) if self.chosen.kind == FactKind.YES_NO else self.chosen.operators
        said = self._said("operator")
        kept = (*operators, said) if said in self.chosen.operators and said not in operators else operators
        return [(operator, operator_words(self.chosen, operator)) for operator in kept]

    def _value_field(self) -> forms.Field:
        if self.chosen is None:
            return forms.CharField(label="Value", required=False)
        choices = choices_of(self.chosen)
        if choices and self.is_several:
            return forms.MultipleChoiceField(
                label="Values", choices=choices, required=False, widget=self._several_widget(choices),
                error_messages={"invalid_choice": "“%(value)s” is not one of the values; choose from the list."},
            )  # fmt: skip
        if choices:
            return forms.ChoiceField(label="Value", choices=[("", "Choose"), *choices], required=False)
        return self._typed_field()

    def _several_widget(self, choices: list[tuple[str, str]]) -> forms.Widget:
        # Two hundred boxes to tick are no help; a list in which several can be marked is.
        return forms.CheckboxSelectMultiple() if len(choices) <= 12 else forms.SelectMultiple(attrs={"size": 6})

    def _typed_field(self) -> forms.Field:
        assert self.chosen is not None
        if self.is_several:
            hint = "Separate several values with commas."
            return forms.CharField(label="Values", required=False, help_text=hint, widget=forms.TextInput(attrs={"autocomplete": "off"}))
        kind = _INPUTS.get(self.chosen.kind, "text")
        attrs = {"type": kind, "autocomplete": "off", **({"step": "any"} if kind == "number" and not unit_of(self.chosen) else {})}
        return forms.CharField(label="Value", required=False, widget=forms.TextInput(attrs=attrs))


def initial_of(part: RulePart, known: Mapping[str, FactField]) -> dict[str, Any]:
    """What the form of a stored rule begins with."""
    field = known.get(part.field)
    made = sentence_of(field, part.operator, part.value) if field else ""
    return {
        "side": part.side,
        "field": part.field,
        "operator": part.operator,
        "value": _shown_value(field, part.value),
        "group": part.group,
        "sentence": part.sentence,
        "made": made,
        "justification": part.justification,
        "source": part.source,
    }


def _shown_value(field: FactField | None, value: Value) -> Any:
    words = [_word(one) for one in value] if isinstance(value, tuple) else _word(value)
    if isinstance(words, list) and not (field and choices_of(field)):
        return ", ".join(words)
    return words


def _word(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _typed(kind: FactKind, word: str) -> str | int | float | bool:
    """A typed word as the value its field has; what cannot be one stays a word, and the check of rules says so."""
    if kind == FactKind.YES_NO:
        return word == "yes" if word in ("yes", "no") else word
    if kind == FactKind.NUMBER:
        try:
            return int(word)
        except ValueError:
            return _decimal(word)
    return word


def _decimal(word: str) -> str | float:
    try:
        number = round(float(word), 6)
    except ValueError:
        return word
    return number if abs(number) < float("inf") else word


def _capital(problem: str) -> str:
    """A problem as a sentence."""
    return f"{problem[:1].upper()}{problem[1:].rstrip('.')}."
