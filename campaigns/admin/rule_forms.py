"""Rules as fields a person fills in: one form for each rule, whose comparisons and value fit the field that was chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from campaigns.recipe_parts import RulePart, Value
from campaigns.rule_checks import LAWFUL_SOURCES, problems_of
from campaigns.rule_words import SEVERAL, choices_of, operator_words, sentence_of, unit_of
from campaigns.states import Side
from customers.facts import ATTRIBUTE_PREFIX, FIELDS, FactField, FactKind

MOST_RULES = 40
"""Rules one campaign's page takes."""

_LETTERS = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"A{n}" for n in range(MOST_RULES))]
_INPUTS = {FactKind.NUMBER: "number", FactKind.DATE: "date"}
_OWN_PLACE = frozenset({"source", "justification", "sentence", "group", "operator", "field"})
_FIRST_OPERATOR = {FactKind.NUMBER: "at_least", FactKind.DATE: "at_least"}
_FEW = 12
"""Values up to which boxes to tick are better than a list."""


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
    """One rule. Which comparisons there are, and how the value is typed, follows from the field chosen so far.

    `is_strict` says that the rule is to be saved: what is missing is a mistake only then. `part` is the rule when it is whole.
    """

    side = forms.CharField(widget=forms.HiddenInput)
    made = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    field = forms.ChoiceField(label="Field", required=False)
    operator = forms.ChoiceField(label="Comparison", required=False)
    value = forms.CharField(label="Value", required=False)
    group = forms.ChoiceField(label="How it counts", required=False)
    sentence = forms.CharField(label="Customers read", required=False, max_length=200)
    justification = forms.CharField(
        label="Why this campaign may use it", required=False, max_length=300, help_text="Needed: this field is sensitive."
    )
    source = forms.ChoiceField(label="Where the score comes from", required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        fields: Fields,
        groups: Sequence[str] = (),
        is_strict: bool = False,
        labels: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for name, label in (labels or {}).items():
            self.fields[name].label = label
        self.sent, self.known, self.is_strict = data, fields, is_strict
        self.part: RulePart | None = None
        self.chosen = fields.known.get(self._said("field"))
        self._fit_operator(data)
        self.is_several = self._said("operator") in SEVERAL
        self._offer("field", fields.choices())
        self._offer("operator", self._operators())
        self._offer("group", [("", "Must be met"), *((group, f"One of “{group}” is enough") for group in groups)])
        self._offer("source", [("", "Choose"), *((source, source.capitalize()) for source in LAWFUL_SOURCES)])
        self.fields["value"] = self._value_field()
        if data.get("added") == self.prefix:
            self.fields["field"].widget.attrs["autofocus"] = True

    @property
    def number(self) -> str:
        """The number by which the page names this rule."""
        return str(self.prefix).removeprefix("rules-")

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
    def group_said(self) -> str:
        """The set of alternatives this rule is in, or nothing."""
        return self._said("group")

    def clean(self) -> dict[str, Any]:
        """Everything together is one rule; what is wrong with it stands at the field it is wrong in."""
        data = super().clean() or {}
        if self.chosen is None or not data.get("operator"):
            if self.is_strict and "field" not in self.errors:
                self.add_error("field", "Choose a field, or remove this rule.")
            return data
        part = self._part(data)
        problems = problems_of(part, self.known.known)
        for key, problem in problems:
            name = key if key in _OWN_PLACE else "value"
            if self.is_strict or self._is_filled(name):
                self.add_error(name, _capital(problem) if self._is_filled(name) else _missing(name))
        self.part = None if problems or self.errors else part
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
        made = "" if value in ("", ()) else sentence_of(self.chosen, data["operator"], value)
        is_own = written and written != data.get("made", "")
        self._put("made", made)
        if not is_own:
            self._put("sentence", made)
        return str(written) if is_own else made

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
        """What was sent, before anything is checked."""
        return str(self.data.get(self.add_prefix(name), ""))

    def _is_filled(self, name: str) -> bool:
        return bool(self._said(name).strip())

    def _put(self, name: str, value: str) -> None:
        """Show `value` when the form is shown again."""
        self.sent[self.add_prefix(name)] = value

    def _fit_operator(self, data: QueryDict) -> None:
        """After another field was chosen, begin with a comparison that fits it."""
        if self.chosen is not None and self._said("operator") not in self.chosen.operators:
            data[self.add_prefix("operator")] = _FIRST_OPERATOR.get(self.chosen.kind, "is")

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
        return forms.CheckboxSelectMultiple() if len(choices) <= _FEW else forms.SelectMultiple(attrs={"size": 6})

    def _typed_field(self) -> forms.Field:
        assert self.chosen is not None
        if self.is_several:
            hint = "Separate several values with commas."
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            return forms.CharField(label="Values", required=False, help_text=hint, widget=widget)
        kind = _INPUTS.get(self.chosen.kind, "text")
        attrs = {"type": kind, "autocomplete": "off", **({"step": "any"} if kind == "number" and not unit_of(self.chosen) else {})}
        return forms.CharField(label="Value", required=False, widget=forms.TextInput(attrs=attrs))


class Editor:
    """All rules of a page being edited, as sent by it or as stored. Nothing is saved by it."""

    def __init__(
        self,
        data: QueryDict,
        known: Mapping[str, FactField],
        *,
        is_strict: bool = False,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self.data, self.fields = data, Fields(known)
        self.total = _whole(data.get("total", ""))
        groups = {side: _groups(data, side, self.total) for side in Side.values}
        self.forms = [
            RuleForm(
                data,
                prefix=f"rules-{n}",
                fields=self.fields,
                groups=groups[data.get(f"rules-{n}-side", "")],
                is_strict=is_strict,
                labels=labels,
            )
            for n in range(self.total)
            if data.get(f"rules-{n}-side") in Side.values
        ]
        self.is_whole = all([form.is_valid() and form.part is not None for form in self.forms])

    @property
    def parts(self) -> tuple[RulePart, ...]:
        """The rules that are whole."""
        return tuple(form.part for form in self.forms if form.part is not None)

    def blocks(self, side: str) -> list[list[RuleForm]]:
        """The forms of one side, those of one set of alternatives together, in their order."""
        found: dict[str, list[RuleForm]] = {}
        for form in self.forms:
            if form.data[form.add_prefix("side")] == side:
                found.setdefault(form.group_said or str(form.prefix), []).append(form)
        return list(found.values())


def as_sent(parts: Sequence[RulePart], known: Mapping[str, FactField]) -> QueryDict:
    """Stored rules as the page would send them."""
    data = QueryDict(mutable=True)
    data["total"] = str(len(parts))
    for n, part in enumerate(parts):
        for name, value in _entries(part, known):
            data.setlist(f"rules-{n}-{name}", value)
    return data


def with_rule(data: QueryDict, side: str) -> QueryDict:
    """The same with one more rule, of which nothing is chosen yet; the page goes on there (`added`)."""
    changed = data.copy()
    total = _whole(data.get("total", ""))
    if total < MOST_RULES:
        changed[f"rules-{total}-side"] = side
        changed["total"] = str(total + 1)
        changed["added"] = f"rules-{total}"
    return changed


def without_rule(data: QueryDict, number: str) -> QueryDict:
    """The same without the rule of that number."""
    changed = data.copy()
    changed.pop(f"rules-{number}-side", None)
    return changed


def _entries(part: RulePart, known: Mapping[str, FactField]) -> Iterator[tuple[str, list[str]]]:
    field = known.get(part.field)
    words = [_word(one) for one in part.value] if isinstance(part.value, tuple) else [_word(part.value)]
    is_typed = field is None or not choices_of(field)
    yield "value", [", ".join(words)] if is_typed else words
    yield "made", [sentence_of(field, part.operator, part.value) if field else ""]
    for name in ("side", "field", "operator", "group", "sentence", "justification", "source"):
        yield name, [getattr(part, name)]


def _groups(data: QueryDict, side: str, total: int) -> list[str]:
    """Names of the sets of alternatives of one side, and a free one."""
    mine = [n for n in range(total) if data.get(f"rules-{n}-side") == side]
    used = list(dict.fromkeys(name for n in mine if (name := data.get(f"rules-{n}-group", ""))))
    return [*used, next(letter for letter in _LETTERS if letter not in used)]


def _whole(text: str) -> int:
    return min(int(text), MOST_RULES) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _missing(name: str) -> str:
    return {"value": "Give a value.", "justification": "Write why this campaign may use it.", "source": "Choose the source."}.get(
        name, "This is missing."
    )


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
