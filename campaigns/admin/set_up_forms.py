"""The form of a campaign's own fields, in groups, each with what it means and what is allowed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone

from campaigns import words
from campaigns.recipe_parts import CampaignPart, Recipe
from campaigns.states import Approval, Attribution, LastReward, Programme, Proof, ReferrerPeriod, Rewarded
from desk.time_zones import by_region
from equipment.models import EquipmentModel

_LOCAL = "%Y-%m-%dT%H:%M"


class LocalTime(forms.DateTimeField):
    """A day and a time on the campaign's own clock; the form says which clock that is."""

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format=_LOCAL)
        super().__init__(required=False, widget=widget, input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)
        self.error_messages["invalid"] = "Write a day and a time, such as 2026-05-01 09:00."

    def to_python(self, value: Any) -> datetime | None:
        """The time as written, without a zone."""
        with timezone.override(UTC):  # where no hour is left out, whatever the clock of whoever writes does
            found = super().to_python(value)
        return found.replace(tzinfo=None) if found else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another minute was written."""
        try:
            written = self.to_python(data)
        except forms.ValidationError:
            return True
        return (initial.replace(second=0, microsecond=0) if initial else None) != written


def on_clock(at: datetime | None, zone: str) -> datetime | None:
    """An instant as the clock of `zone` shows it."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at else None


def from_clock(written: datetime | None, zone: str) -> datetime | None:
    """The instant at which the clock of `zone` shows this."""
    return written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if written else None


def _choice(choices: Any, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, help_text=help_text)


def _whole(least: int, most: int, help_text: str, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=most, required=required, help_text=help_text)


def _money(help_text: str) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=10, decimal_places=2, required=False, help_text=help_text)


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading."""

    title: str
    fields: Sequence[forms.BoundField]
    note: str = ""


_GROUPS = (
    ("Basics", ("name", "programme", "owner")),
    ("What customers read", ("headline", "pitch", "language")),
    ("When", ("starts_at", "ends_at", "time_zone")),
    ("What is given, and who lets it go out", ("equipment", "rewarded", "approval", "risk_threshold", "hold_days")),
    ("What must be proved", ("proof", "proof_amount", "proof_count", "proof_days", "proof_within_days")),
    ("Who is credited", ("attribution", "attribution_days", "name_sharing")),
    ("Limits of the campaign", ("currency", "budget", "total_cap", "unit_days_cap", "last_reward")),
    ("Limits of one referrer", ("referrer_cap", "referrer_budget", "referrer_unit_days", "referrer_period", "referrer_days")),
    ("What ends a reward", ("claim_within_days", "balance_days", "lapse_days")),
    ("How often customers hear of it", ("news_cap", "news_cap_days")),
    ("Goals", tuple(f"goal_{name}" for name in words.GOALS)),
)


class SetUpForm(forms.Form):
    """Everything the campaign itself says. `frozen` fields can be read but no longer changed."""

    name = forms.CharField(max_length=120, help_text="Staff see it in lists; customers read it in mails. Up to 120 characters.")
    programme = _choice(Programme.choices, "Whom you ask to refer.")
    owner = forms.CharField(max_length=150, required=False, help_text="The team or person to ask about it.")
    headline = forms.CharField(
        max_length=120, help_text="The first thing a friend reads. Up to 60 characters reads best on a phone."
    )
    pitch = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Two or three sentences below the headline: what it is, and why join.",
    )
    language = _choice([], "The language of these texts. What they read in others stands on the tab Languages.")
    starts_at = LocalTime(help_text="Leave empty to launch by hand.")
    ends_at = LocalTime(help_text="Nobody can sign up from this minute on. Leave empty for no end.")
    time_zone = _choice([], "The clock and the calendar of this campaign.")
    equipment = _choice([], "The model this campaign is about. What each side gets stands on the tab Tiers.")
    rewarded = _choice(Rewarded.choices)
    approval = _choice(Approval.choices, "Before a reward goes out.")
    risk_threshold = _whole(0, 100, "0 to 100. Above it a person decides, and the reward waits.", required=True)
    hold_days = _whole(1, 365, "Days, 1 to 365. So long a unit waits for a friend who has not proved anything yet.", required=True)
    proof = _choice(Proof.choices, "Then the referral qualifies.")
    proof_amount = _money("In the campaign’s currency. Only for purchases; empty for any amount.")
    proof_count = _whole(1, 1000, "1 to 1000. Only for several purchases.")
    proof_days = _whole(1, 730, "Days, 1 to 730. Only for days as an active customer.")
    proof_within_days = _whole(1, 730, "Days from signing up, 1 to 730.", required=True)
    attribution = _choice(Attribution.choices, "When a friend came by more than one link.")
    attribution_days = _whole(1, 730, "Days, 1 to 730. An older visit no longer counts.", required=True)
    name_sharing = forms.TypedChoiceField(
        choices=[("False", "By link and code only"), ("True", "By link, code, or the inviter’s name")],
        coerce=lambda value: value == "True",
        help_text="A name works only for customers who chose to be found by it; nobody else can be looked up.",
    )
    currency = forms.CharField(min_length=3, max_length=3, help_text="Three capital letters, such as EUR.")
    budget = _money("In the currency above. At this sum the campaign pauses itself. Empty for no limit.")
    referrer_cap = _whole(1, 10**9, "How many rewards one person can earn. Empty for no limit.")
    total_cap = _whole(1, 10**9, "At this number the campaign pauses itself. Empty for no limit.")
    unit_days_cap = _whole(1, 10**9, "Units times days on loan, over all loans. At this number the campaign pauses itself.")
    last_reward = _choice(LastReward.choices, "Only money and points can be made smaller; equipment waits.")
    referrer_budget = _money("In the currency above. Empty for no limit.")
    referrer_unit_days = _whole(1, 10**9, "Days of loan one referrer can earn. Empty for no limit.")
    referrer_period = _choice(ReferrerPeriod.choices, "Days are those of the campaign’s own calendar.")
    referrer_days = _whole(1, 3650, "1 to 3650. Only for the last days.")
    claim_within_days = _whole(1, 3650, "A discount not used and a unit not collected by then expire. Empty: never.")
    balance_days = _whole(1, 3650, "What is left of credit and points after so many days expires. Empty: never.")
    news_cap = _whole(
        0, 1000, "Pieces of news, 0 to 1000. Empty: only the brand’s own limit counts, which always does. 0 sends none."
    )
    news_cap_days = _whole(1, 3650, "Days, 1 to 3650. Empty: in all, as long as the campaign runs.")
    lapse_days = _whole(1, 3650, "A membership that ends so soon after takes the reward back. Empty: it never does.")

    def __init__(
        self, *args: Any, recipe: Recipe, frozen: frozenset[str] = frozenset(), is_open: bool = True, **kwargs: Any
    ) -> None:
        self.recipe, self.frozen = recipe, frozen
        super().__init__(*args, **{"initial": _initial(recipe), "label_suffix": "", **kwargs})
        models = EquipmentModel.objects.order_by("name").values_list("sku", "name")
        self._field("equipment").choices = [(sku, f"{name} ({sku})") for sku, name in models]
        spoken = dict(settings.LANGUAGES)
        written = recipe.campaign.language
        self._field("language").choices = list({**spoken, written: spoken.get(written, written)}.items())
        self._field("time_zone").choices = by_region(recipe.campaign.time_zone)
        for name, label in words.GOALS.items():
            self.fields[f"goal_{name}"] = _goal(name, label)
        for name, field in self.fields.items():
            field.label = words.CAMPAIGN.get(name, field.label)
            field.disabled = not is_open or name in frozen

    def groups(self) -> Iterator[Group]:
        """The fields under their headings."""
        zone = self.recipe.campaign.time_zone.replace("_", " ")
        notes = {"When": f"Times are on the clock of {zone}.", "Goals": "What the progress of the campaign is measured against."}
        for title, names in _GROUPS:
            yield Group(title, [self[name] for name in names], notes.get(title, ""))

    def changed(self, recipe: Recipe) -> Recipe:
        """The recipe with what was written here; what was not touched stays to the second."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in self.changed_data if not name.startswith("goal_")}
        zone = values.get("time_zone", recipe.campaign.time_zone)
        for name in ("starts_at", "ends_at"):
            if name in values or ("time_zone" in values and name not in self.frozen):
                values[name] = from_clock(self.cleaned_data[name], zone)
        return replace(recipe, campaign=replace(recipe.campaign, **_tidy(values)), goals=self._goals(recipe))

    def field_of(self, key: str) -> str:
        """The field for a key of the recipe."""
        group, _, name = key.partition(".")
        return {"campaign": name, "goals": f"goal_{name}"}.get(group, "")

    def _goals(self, recipe: Recipe) -> tuple[tuple[str, int | float], ...]:
        goals = dict(recipe.goals)
        for name in words.GOALS:
            if f"goal_{name}" in self.changed_data:
                goals.pop(name, None)
                if (value := self.cleaned_data[f"goal_{name}"]) is not None:
                    goals[name] = int(value) if value == int(value) else float(value)
        return tuple(sorted(goals.items()))

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def _goal(name: str, label: str) -> forms.DecimalField:
    is_share = name in words.SHARES
    help_text = "A share from 0 to 1: 0.35 means 35 of 100." if is_share else "A number. Empty for no goal."
    most = 1 if is_share else 10**9
    return forms.DecimalField(label=label, required=False, min_value=0, max_value=most, decimal_places=6, help_text=help_text)


def _initial(recipe: Recipe) -> dict[str, Any]:
    part: CampaignPart = recipe.campaign
    values = dict(vars(part)) | {name: on_clock(getattr(part, name), part.time_zone) for name in ("starts_at", "ends_at")}
    return values | {f"goal_{name}": value for name, value in recipe.goals}


def _tidy(values: dict[str, Any]) -> dict[str, Any]:
    """Nought budgets and the like are told apart from none by the recipe; line ends of browsers are not."""
    return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in values.items()}
