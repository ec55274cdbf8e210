"""What staff are asked about campaigns."""

from django import forms

from campaigns import recipes
from desk.admin.moves import MoveForm, ReasonForm


class FreeReasonForm(MoveForm):
    """A reason that may be left out."""

    reason = forms.CharField(
        label="Reason", required=False, max_length=300, help_text="May stay empty. Stays on the trail: name nobody."
    )


class PauseReasonForm(ReasonForm):
    """Why a campaign takes a break, for colleagues."""

    reason = forms.CharField(
        label="Reason", max_length=300,
        help_text="Colleagues read it in the head of the campaign. Customers read that the offer takes a break, not why.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class RecipeForm(MoveForm):
    """A campaign as the text of a recipe."""

    recipe = forms.CharField(
        label="Recipe",
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "recipe"}),
    )

    def prepare(self) -> None:
        """Begin with the campaign as it is."""
        if self.row is not None:
            self.initial["recipe"] = recipes.dump(self.row)
