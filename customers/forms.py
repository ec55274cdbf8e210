"""What staff are asked about customers and agreements."""

from django import forms
from django.conf import settings

from customers.profiles import PROFILE
from customers.states import CHANNELS, AttributeType, Membership
from desk.admin.moves import MoveForm, ReasonForm


class ProfileForm(MoveForm):
    """The profile as it should be. Cleaning is the verb's; here is only what can be typed."""

    name = forms.CharField(max_length=120)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=40, required=False)
    language = forms.CharField(max_length=8)
    country = forms.CharField(max_length=60, required=False)
    region = forms.CharField(max_length=80, required=False)
    postcode = forms.CharField(max_length=16, required=False)
    city = forms.CharField(max_length=80, required=False)
    birth_year = forms.IntegerField(required=False)

    def prepare(self) -> None:
        """Begin with what is known."""
        self.initial.update({field: getattr(self.row, field) for field in self.fields if field in PROFILE})

    def clean(self) -> dict[str, object]:
        """Hand on the changes alone."""
        super().clean()
        return {field: value for field, value in self.cleaned_data.items() if field in self.changed_data}


class RegisterForm(MoveForm):
    """Who is registered by hand. Cleaning is the verb's."""

    name = forms.CharField(max_length=120)
    email = forms.CharField(label="E-mail", max_length=254)
    phone = forms.CharField(max_length=40, required=False, help_text="With the country, such as +49 170 1234567.")
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    country = forms.CharField(max_length=60, required=False)
    external_id = forms.CharField(label="Id in the CRM", max_length=64, required=False)
    membership = forms.ChoiceField(choices=Membership)
    origin_reason = forms.CharField(label="How they came", max_length=200, required=False, help_text="Name nobody.")

    def clean_external_id(self) -> str | None:
        """An id, or none at all."""
        return self.cleaned_data["external_id"].strip() or None


class VerifyForm(MoveForm):
    """How the registration was found to be real."""

    how = forms.CharField(label="How was it verified?", max_length=200, help_text="Such as “showed an identity card”. Name nobody.")


class ActivateForm(ReasonForm):
    """From which day the customer counts as active."""

    on = forms.DateField(label="Active from", widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ["on", "reason"]


class ConsentForm(MoveForm):
    """What the customer said about news and offers."""

    channel = forms.ChoiceField(choices=list(CHANNELS.items()))
    is_given = forms.ChoiceField(label="The customer said", choices=[("yes", "Yes, write to me"), ("no", "No, do not write")])
    how = forms.CharField(label="Where and with which words", max_length=200, help_text="Name nobody.")


class WordingForm(MoveForm):
    """The next version of an agreement."""

    body = forms.CharField(label="Wording", widget=forms.Textarea(attrs={"rows": 16}))

    def prepare(self) -> None:
        """Begin with the newest wording."""
        newest = self.row.versions.order_by("-number").first()
        self.initial["body"] = newest.body if newest else ""


class AttributeForm(MoveForm):
    """A field this company declares for itself."""

    name = forms.CharField(max_length=50, help_text="As written in rules and import maps: small letters, digits and _.")
    label = forms.CharField(max_length=80)
    type = forms.ChoiceField(choices=AttributeType)
    choices = forms.CharField(
        required=False, help_text="For “one of a list”: one a line.", widget=forms.Textarea(attrs={"rows": 3})
    )
    is_sensitive = forms.BooleanField(label="Sensitive: a rule may use it only with a written reason", required=False)

    def clean_choices(self) -> list[str]:
        """The lines."""
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
