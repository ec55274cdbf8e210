"""What is asked before a promise at risk is mended."""

from django import forms

from desk.admin.moves import MoveForm, ReasonForm
from referrals import fixes, substituting


class SubstituteForm(MoveForm):
    """What the customer reads, and how long they have."""

    reason = forms.CharField(
        label="Why something else", max_length=300, initial="The unit we promised you came back late.",
        help_text="The customer reads it. Name no other person.", widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days to answer", min_value=1, max_value=substituting.MOST_DAYS, initial=substituting.DAYS_TO_ANSWER,
        help_text="The unit is kept for them as long.",
    )  # fmt: skip


FIX_FORMS: dict[str, type[MoveForm]] = {fixes.SWAP: ReasonForm, fixes.SUBSTITUTE: SubstituteForm}
