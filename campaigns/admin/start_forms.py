"""What a new campaign begins with, and how it is called."""

from typing import Any

from django import forms

from campaigns import recipes, starting
from campaigns.admin.part_forms import models
from campaigns.models import Campaign
from campaigns.recipe_parts import Recipe

COPY, TEXT = "copy", "text"


class StartForm(forms.Form):
    """A recipe from the shelf, a copy, or a text; a name; a short name made from it."""

    begin = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    campaign = forms.ChoiceField(label="Campaign to copy", required=False)
    text = forms.CharField(
        label="Recipe",
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "recipe"}),
        help_text="A campaign as text, such as a download of another one.",
    )
    equipment = forms.ChoiceField(
        label="Equipment",
        required=False,
        help_text="What is lent. The rest of the recipe stays as it is, and can be changed afterwards.",
    )
    name = forms.CharField(max_length=120, help_text="Staff see it in lists, customers in mails. Up to 120 characters.")
    slug = forms.SlugField(
        label="Short name",
        required=False,
        max_length=50,
        help_text="In addresses and on the trail, for good: letters, digits and hyphens. Left empty, it is made from the name.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.shelf = starting.shelf()
        known = Campaign.objects.order_by("name").values_list("slug", "name")
        self._offer("begin", [*((one.name, one.title) for one in self.shelf), (COPY, "Copy a campaign"), (TEXT, "Paste a recipe")])
        self._offer("campaign", [("", "Choose a campaign"), *((slug, f"{name} ({slug})") for slug, name in known)])
        self._offer("equipment", [("", "As the recipe says"), *models()])
        self.fields["name"].widget.attrs["data-slug-from"] = ""
        self.fields["slug"].widget.attrs["data-slug"] = ""

    def clean(self) -> dict[str, Any]:
        """Each way to begin needs its own thing; a slug that is left empty is made."""
        data = super().clean() or {}
        if data.get("begin") == COPY and not data.get("campaign"):
            self.add_error("campaign", "Choose the campaign to copy.")
        if data.get("begin") == TEXT and not data.get("text", "").strip():
            self.add_error("text", "Paste the recipe here.")
        if not data.get("slug") and data.get("name"):
            data["slug"] = starting.slug_for(data["name"])
        return data

    def recipe(self) -> Recipe:
        """What was chosen. Raises `RecipeInvalid` for a text that is none."""
        data = self.cleaned_data
        if data["begin"] == COPY:
            recipe = starting.copy_of(Campaign.objects.get(slug=data["campaign"]))
        elif data["begin"] == TEXT:
            recipe = recipes.parse(data["text"])
        else:
            recipe = starting.from_shelf(data["begin"])
        return starting.about(recipe, data["equipment"])

    def field_of(self, key: str) -> str:
        """The field for a key of the recipe: its name, its slug, its model; everything else is the text's."""
        by_key = {"campaign.slug": "slug", "campaign.name": "name"}
        if key.endswith(".equipment"):
            return "equipment"
        return by_key.get(key, "text" if self.cleaned_data.get("begin") == TEXT else "")

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
