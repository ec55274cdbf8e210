"""How models and places are written on their pages."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS

from desk.speaking import key_of, rewritten
from desk.time_zones import by_region
from equipment.forms import LinesField


class OpenDaysField(forms.MultipleChoiceField):
    """Days of the week, ticked one by one; stored as seven digits, Monday first, 1 for open."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        days = [(str(day), name) for day, name in WEEKDAYS.items()]
        super().__init__(choices=days, error_messages={"required": "Tick one day at least."}, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The digits as ticks; what was ticked and refused as it was."""
        return [str(day) for day, digit in enumerate(value) if digit == "1"] if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The ticks as digits."""
        ticked = super().clean(value)
        return "".join("1" if str(day) in ticked else "0" for day in WEEKDAYS)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other days are ticked."""
        return super().has_changed(self.prepare_value(initial), data)


TRANSLATED = {"name": "Name", "summary": "Summary", "setup_guide": "How it is set up", "return_protocol": "How it is brought back"}
"""Texts that borrowers read in their own language, and how each is called."""


def in_order(names: Iterable[str], *, is_written: bool) -> list[str]:
    """Fields of a page, each text followed by what it reads in the other languages; where nobody writes, by nothing."""
    beside = {text: [f"{text}_{code}" for code, _ in _others()] if is_written else [] for text in TRANSLATED}
    originals = [name for name in names if name.rpartition("_")[0] not in TRANSLATED]
    return [one for name in originals for one in (name, *beside.get(name, ()))]


def _others() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def _translation(text: str, code: str, name: str) -> forms.CharField:
    is_line = text in ("name", "summary")
    attrs = {"lang": code, "class": "vTextField" if is_line else "vLargeTextField"}
    return forms.CharField(
        label=f"{TRANSLATED[text]} ({name})", required=False, max_length=200 if is_line else 5000,
        widget=forms.TextInput(attrs) if is_line else forms.Textarea({**attrs, "rows": 4}),
        help_text="Left empty, borrowers read the original. When the original changes, write it anew: the old one is not shown with it.",
    )  # fmt: skip


class TranslatedForm(forms.ModelForm):
    """Holds beside each text what it reads in the other languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text, code, name in _fields():
            known = self.instance.translations.get(code, {})
            self.initial.setdefault(name, known.get(key_of(getattr(self.instance, text)), ""))

    def clean(self) -> dict[str, Any]:
        """Keep what was typed with the original it was typed beside. An original that came back finds its translation again."""
        typed = super().clean() or self.cleaned_data
        for text, code, name in _fields():
            original = key_of(typed.get(text) or "")
            if name in self.changed_data and original:
                known = self.instance.translations
                self.instance.translations = rewritten(known, language=code, key=original, text=typed.get(name, ""))
        return typed


def _fields() -> Iterator[tuple[str, str, str]]:
    """Text, language and name of each field for a translation."""
    return ((text, code, f"{text}_{code}") for text in TRANSLATED for code, _ in _others())


TranslatedForm.declared_fields.update(
    {f"{text}_{code}": _translation(text, code, name) for text in TRANSLATED for code, name in _others()}
)


class ModelForm(TranslatedForm):
    """A model's page: its lists are written as lines, its texts in several languages."""

    checklist = LinesField(label="Checklist", help_text="What is ticked at hand-over, one a line.")
    accessories = LinesField(
        label="Accessories", help_text="What goes along and has to come back, one a line. What is missing then stays open."
    )


class PoolForm(forms.ModelForm):
    """A place's page: days are ticked, and its clock is found by the name of a city."""

    open_days = OpenDaysField(label="Open on", initial="1111100")
    time_zone = forms.ChoiceField(
        label="Time zone", initial="UTC", help_text="The clock of this place: its days begin and end by it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = by_region(self.instance.time_zone)  # type: ignore[attr-defined]
