"""What customers type in their pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from equipment.requesting import LONGEST_WORDS
from referrals import wording
from referrals.states import FeedbackStep

STEPS = {
    FeedbackStep.JOINING: _("Joining"),
    FeedbackStep.INVITING: _("Inviting friends"),
    FeedbackStep.COLLECTING: _("Collecting it"),
    FeedbackStep.BORROWING: _("Using it"),
    FeedbackStep.RETURNING: _("Bringing it back"),
}
"""What a customer is asked about, in their own language."""


class PortalForm(forms.Form):
    """A form whose first mistake gets the cursor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def focus_first_error(self) -> None:
        """Put the cursor where something is wrong."""
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True


def _words(label: Any, *, rows: int = 4, required: Any = "", most: int = LONGEST_WORDS) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required, "max_length": _("Write at most %(limit_value)d characters.")},
    )


class ReturnForm(PortalForm):
    """The day on which something is brought back."""

    on = forms.TypedChoiceField(
        label=_("Which day suits you?"),
        coerce=date.fromisoformat,
        error_messages={"required": _("Choose a day."), "invalid_choice": _("Choose one of the days in the list.")},
    )

    def __init__(self, *args: Any, days: Sequence[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["on"], [("", _("Choose a day")), *((day.isoformat(), wording.day(day)) for day in days)])


class ExtendForm(PortalForm):
    """How much longer."""

    until = forms.DateField(
        label=_("Until which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2026-05-31.")},
    )
    words = _words(_("Why? You may leave this empty."), rows=3)


class ProblemForm(PortalForm):
    """What is not right."""

    words = _words(_("What is not right?"), required=_("Say in a few words what is wrong, so that we can help."))


DECLINE_REASONS = {
    "not-needed": _("I do not need it any more"),
    "no-time": _("I cannot collect it in time"),
    "terms": _("I do not accept the terms"),
    "other": _("Another reason"),
}
_KEPT_REASONS = {
    "not-needed": "The borrower does not need it any more.",
    "no-time": "The borrower cannot collect it in time.",
    "terms": "The borrower does not accept the terms.",
    "other": "The borrower gave no reason.",
}
"""What the trail keeps: words of ours, for a borrower's own may name somebody."""


class DeclineForm(PortalForm):
    """Why it is not wanted."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[("", _("Choose a reason")), *DECLINE_REASONS.items()],
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose one of the reasons in the list.")},
    )

    @property
    def kept_reason(self) -> str:
        """The reason as the trail keeps it."""
        return _KEPT_REASONS[self.cleaned_data["reason"]]


class ProfileForm(PortalForm):
    """What we call the customer, and in which language."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name."), "max_length": _("Write a name of at most 120 characters.")},
    )
    language = forms.ChoiceField(
        label=_("Language of these pages and of our mails"),
        choices=lambda: settings.LANGUAGES,
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )


class EraseForm(PortalForm):
    """That it is meant."""

    sure = forms.BooleanField(
        label=_("Delete what you keep of me. I know that this cannot be undone."),
        error_messages={"required": _("Tick the box if you mean it.")},
    )


class ObjectForm(PortalForm):
    """Why a decision is not right."""

    words = _words(_("Why should we look again?"), required=_("Say in a few words why you object; a person reads them."))


class HelpForm(PortalForm):
    """A question to us."""

    question = _words(_("What would you like to know?"), required=_("Write your question."), most=2000)


class FeedbackForm(PortalForm):
    """How a step was."""

    step = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages={"required": _("Choose what your answer is about."), "invalid_choice": _("Choose one from the list.")},
    )
    score = forms.TypedChoiceField(
        label=_("How was it?"),
        coerce=int,
        choices=[
            ("5", _("5: very good")), ("4", _("4: good")), ("3", _("3: all right")), ("2", _("2: not so good")), ("1", _("1: bad")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number from 1 to 5."), "invalid_choice": _("Choose a number from 1 to 5.")},
    )  # fmt: skip
    words = _words(_("Would you like to say more?"))
    about = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["step"], [("", _("Choose one")), *((step.value, STEPS[step]) for step in FeedbackStep)])


class StoryForm(PortalForm):
    """A story for friends to read."""

    offer = forms.ChoiceField(
        label=_("About which offer?"),
        error_messages={"required": _("Choose an offer."), "invalid_choice": _("Choose one from the list.")},
    )
    text = _words(_("Your story"), required=_("Write your story."), rows=6, most=600)
    consents = forms.BooleanField(
        label=_("Show it to my friends, under my first name. I can take it back at any time."),
        error_messages={"required": _("Tick the box: without your consent we show your story to nobody.")},
    )

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["offer"], offers)


def _offer(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
