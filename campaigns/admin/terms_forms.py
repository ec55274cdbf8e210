"""Forms of the tab Terms: which documents a campaign uses, a next version, a new document."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings

from campaigns.models import Campaign
from campaigns.recipe_parts import AgreementPart, Recipe
from customers.models import Agreement, AgreementVersion

SIDES = {"campaign": "terms", "loan": "loan_terms"}
"""The part of the recipe for each word in an address."""
NAMES = {"campaign": "Campaign terms", "loan": "Loan terms"}


class ChoiceForm(forms.Form):
    """Which published documents the campaign uses."""

    terms = forms.ChoiceField(label="Campaign terms", required=False, help_text="Accepted by friends when they sign up.")
    loan_terms = forms.ChoiceField(label="Loan terms", required=False, help_text="Accepted by whoever collects equipment.")

    def __init__(self, *args: Any, recipe: Recipe, is_open: bool, **kwargs: Any) -> None:
        initial = {name: part.slug if (part := getattr(recipe, name)) else "" for name in ("terms", "loan_terms")}
        super().__init__(*args, **{"initial": initial, "label_suffix": "", **kwargs})
        public = Agreement.objects.filter(versions__published_at__isnull=False).distinct().order_by("title")
        choices = [("", "None"), *((one.slug, f"{one.title} ({one.slug})") for one in public)]
        for field in self.fields.values():
            assert isinstance(field, forms.ChoiceField)
            field.choices, field.disabled = choices, not is_open

    def changed(self, recipe: Recipe) -> Recipe:
        """The recipe with these documents in their current wording."""
        return replace(recipe, terms=_part(self.cleaned_data["terms"]), loan_terms=_part(self.cleaned_data["loan_terms"]))

    def field_of(self, key: str) -> str:
        """The field for a key of the recipe."""
        return key.partition(".")[0]


class WordingForm(forms.Form):
    """The next wording of a document."""

    body = forms.CharField(
        label="Wording",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text="Plain text; an empty line begins a new paragraph. Up to 100,000 characters.",
    )


class TranslationForm(forms.Form):
    """What exactly one wording reads in the other languages."""

    def __init__(self, *args: Any, version: AgreementVersion, may_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for code, name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                self.fields[code] = forms.CharField(
                    label=str(name), required=False, max_length=100_000, initial=version.reads_in(code), disabled=not may_change,
                    widget=forms.Textarea({"rows": 12, "lang": code}),
                )  # fmt: skip


class DocumentForm(WordingForm):
    """A new document."""

    title = forms.CharField(max_length=120, help_text="As customers read it above the text, such as “Terms of Share the view”.")
    slug = forms.SlugField(
        label="Short name", max_length=50, help_text="In its public address, for good: letters, digits and hyphens."
    )
    field_order = ["title", "slug", "body"]

    def clean_slug(self) -> str:
        """A document of this name must not be there yet: publishing would change what others use."""
        slug: str = self.cleaned_data["slug"]
        if Agreement.objects.filter(slug=slug).exists():
            raise forms.ValidationError("There is such a document already. Choose it on the tab Terms, or take another short name.")
        return slug

    def part(self) -> AgreementPart:
        """The document as a recipe holds it."""
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        return AgreementPart(self.cleaned_data["slug"], self.cleaned_data["title"], body)


def others_using(agreement: Agreement, campaign: Campaign) -> list[Campaign]:
    """Other campaigns with this document, which a new version changes too."""
    rows = Campaign.objects.exclude(pk=campaign.pk)
    return list((rows.filter(campaign_terms=agreement) | rows.filter(loan_terms=agreement)).order_by("name"))


def _part(slug: str) -> AgreementPart | None:
    agreement = Agreement.objects.filter(slug=slug).first() if slug else None
    version = agreement.current() if agreement else None
    return AgreementPart(agreement.slug, agreement.title, version.body) if agreement and version else None
