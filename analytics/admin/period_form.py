"""Choosing a period: a number of days up to today, the whole life of a campaign, or two days of one's own."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from analytics.periods import Period, period, whole_life
from campaigns.models import Campaign

SPANS = (("life", "Since the launch"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"))
"""Periods with a name, to be chosen with one click: `span` in the address."""
LONGEST = 3660
"""Days a period may have."""


class PeriodForm(forms.Form):
    """A period in a campaign's own days: `span` of the address, or `first` and `last`. For bad input it is the whole life."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To, included", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, Any], *, campaign: Campaign, at: datetime) -> None:
        self.campaign, self.life = campaign, whole_life(campaign, at=at)
        spanned = self._spanned(data.get("span", "life"), campaign.day_of(at))
        self.span = data.get("span", "life") if not {"first", "last"} & set(data) else ""
        super().__init__({"first": data.get("first", spanned.first), "last": data.get("last", spanned.last)}, label_suffix="")

    def clean(self) -> dict[str, Any]:
        """The two days in their order, and not too far apart."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "The period ends before it starts. Give the earlier day first.")
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", f"A period has at most {LONGEST:,} days.")
        return data

    def chosen(self) -> Period:
        """The period."""
        if not self.is_valid():
            return self.life
        return period(self.campaign, self.cleaned_data["first"], self.cleaned_data["last"])

    def spans(self) -> list[dict[str, Any]]:
        """The periods with a name, and which is shown."""
        return [{"value": value, "label": label, "is_here": value == self.span} for value, label in SPANS]

    def _spanned(self, span: str, today: date) -> Period:
        if span not in dict(SPANS) or span == "life":
            return self.life
        return period(self.campaign, today - timedelta(days=int(span) - 1), today)
