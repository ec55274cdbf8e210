"""What a friend types."""

import re

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.country_names import names_in
from customers.models import AgreementVersion
from desk.refusals import Refused
from referrals.landing import Page

_TOUCH_LENGTH = 300
_JUST_NOW = _("We could not take your sign-up just now. Nothing was kept. Try again in a few minutes, or write to us.")
_OWN_FIELDS = {
    "terms_outdated": "accept",
    "email_invalid": "email",
    "name_missing": "name",
    "country_unknown": "country",
}
"""Refusals of what was typed, and the field each belongs to."""

_OWN_WORDS = frozenset({*_OWN_FIELDS, "code_not_active", "campaign_closed", "not_in_segment"})
"""Refusals whose own sentence may be shown: it says nothing about anybody but whoever typed."""


class SignUpForm(forms.Form):
    """Name, address and the yes to the terms; the country where it matters.

    `terms` is the number of the version on the page, `touch` the signed word for the visit that led here.
    """

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name."), "max_length": _("Write a name of at most 120 characters.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address like ben@example.org."),
            "max_length": _("Write an e-mail address of at most 254 characters."),
        },
    )
    country = forms.ChoiceField(
        label=_("Where you live"),
        choices=lambda: [("", _("Choose a country")), *names_in(get_language() or settings.LANGUAGE_CODE).items()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"required": _("Choose the country you live in."), "invalid_choice": _("Choose a country from the list.")},
    )
    accept = forms.BooleanField(error_messages={"required": _("Read the terms and tick this box to join.")})
    terms = forms.Field(required=False, widget=forms.HiddenInput)
    touch = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, page: Page, touch: str = "") -> None:
        super().__init__(data, initial={"terms": page.terms.number, "touch": touch})
        self.page = page
        if not page.asks_country:
            del self.fields["country"]

    def clean_name(self) -> str:
        """The name on one line."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_terms(self) -> AgreementVersion | None:
        """The version of the terms that was on the page, or None when nobody knows which."""
        number = str(self.cleaned_data["terms"])
        if not re.fullmatch(r"[0-9]{1,6}", number):
            return None
        return self.page.terms.agreement.versions.filter(number=int(number), published_at__isnull=False).first()

    def clean_touch(self) -> str:
        """The word for the visit; one that cannot be ours is dropped, for a sign-up never fails by it."""
        touch = str(self.cleaned_data["touch"] or "")
        return touch if len(touch) <= _TOUCH_LENGTH else ""

    def focus_first_error(self) -> None:
        """Put the cursor where something is wrong."""
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True

    def tell(self, refusal: Refused) -> None:
        """Show a refusal. None of them says whether the address belongs to somebody (see `joining`)."""
        field = _OWN_FIELDS.get(refusal.code)
        self.add_error(field if field in self.fields else None, _words(refusal))

    def show_current_terms(self) -> None:
        """When the terms changed since the page was opened: offer the new version, not yet accepted. What was typed stays."""
        if self.data.get("terms") == str(self.page.terms.number):
            return
        typed = {name: value for name, value in self.data.items() if name != "accept"}
        self.data = {**typed, "terms": str(self.page.terms.number)}


def _words(refusal: Refused) -> str:
    if refusal.code in _OWN_WORDS:
        return refusal.sentence
    return str(_JUST_NOW)
