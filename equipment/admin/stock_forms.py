"""How models and places are written on their pages."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS

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


class ModelForm(forms.ModelForm):
    """A model's page: its lists are written as lines."""

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
