"""Forms of what a campaign is made of: a tier, a promotion, a limit of a pool, an arm of a test.

Each form knows its list in the recipe, how to find one entry in it, and how to write one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify

from campaigns import words
from campaigns.admin.set_up_forms import LocalTime, from_clock, on_clock
from campaigns.recipe_parts import PromotionPart, QuotaPart, Recipe, StepPart, TierPart, VariantPart
from campaigns.states import Proof, Rewarded, RewardKind, Rhythm, Side
from desk import plurals
from equipment.models import EquipmentModel, Pool

_NONE = [("", "–")]


class PartForm(forms.Form):
    """One entry of a list of the recipe. `key` names the entry that is changed; empty for a new one."""

    parts: ClassVar[str]
    noun: ClassVar[str]

    def __init__(self, *args: Any, recipe: Recipe, key: str = "", **kwargs: Any) -> None:
        self.recipe, self.old_key = recipe, key
        part = self.find(recipe, key) if key else None
        initial = self.values_of(part) if part else {}
        super().__init__(*args, **{"label_suffix": "", "initial": {**kwargs.pop("initial", {}), **initial}, **kwargs})
        for name, field in self.fields.items():
            field.label = field.label or words.PART.get(name)
        self.prepare()

    @classmethod
    def key_of(cls, part: Any) -> str:
        """What names an entry in addresses."""
        return str(part.key)

    @classmethod
    def find(cls, recipe: Recipe, key: str) -> Any:
        """The entry of this key, or None."""
        return next((part for part in getattr(recipe, cls.parts) if cls.key_of(part) == key), None)

    def prepare(self) -> None:
        """Fit the fields to the recipe."""

    def values_of(self, part: Any) -> dict[str, Any]:
        """An entry as the form shows it."""
        return dict(vars(part))

    def written(self) -> Any:
        """The entry as the form says it."""
        raise TypeError("Each form writes its own kind of entry.")

    def changed(self, recipe: Recipe) -> Recipe:
        """The recipe with this entry: in place of the old one, or at the end."""
        parts = list(getattr(recipe, self.parts))
        places = [number for number, part in enumerate(parts) if self.key_of(part) == self.old_key]
        if self.old_key and places:
            parts[places[0]] = self.written()
        else:
            parts.append(self.written())
        return _with(recipe, self.parts, parts)

    def without(self, recipe: Recipe) -> Recipe:
        """The recipe without this entry."""
        return _with(recipe, self.parts, [part for part in getattr(recipe, self.parts) if self.key_of(part) != self.old_key])

    def field_of(self, key: str) -> str:
        """The field for a key such as `tiers[2].amount` or `tiers “bike”.equipment`; only this form's own list is asked about."""
        group, _, name = key.rpartition(".")
        return name if group.startswith(self.parts) else ""

    def new_key(self, text: str) -> str:
        """A key for a new entry, made from its words and free in its list."""
        taken = {self.key_of(part) for part in getattr(self.recipe, self.parts)}
        base = slugify(text)[:44].strip("-") or self.noun.replace(" ", "-")
        return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Let one of these be chosen."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _with(recipe: Recipe, name: str, parts: Sequence[Any]) -> Recipe:
    changed: dict[str, Any] = {name: tuple(parts)}
    return replace(recipe, **changed)


def models() -> list[tuple[str, str]]:
    """The models that can be lent, by SKU."""
    rows = EquipmentModel.objects.order_by("name").values_list("sku", "name", "loan_days")
    return [(sku, f"{name} for {plurals.days(days)}") for sku, name, days in rows]


def _money(help_text: str) -> forms.DecimalField:
    return forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2, help_text=help_text)


class TierForm(PartForm):
    """What one side gets, and when."""

    parts, noun = "tiers", "tier"

    side = forms.ChoiceField(choices=Side.choices, widget=forms.RadioSelect)
    rhythm = forms.ChoiceField(
        choices=[(Rhythm.EACH, "Each time, from this one on"), (Rhythm.ONCE, "Once, at this one"), (Rhythm.EVERY, "Every so many")],
        help_text="For the friend it is always each time: a friend joins once.",
    )
    nth = forms.IntegerField(
        label="Which friend", min_value=1, max_value=10_000, initial=1, help_text="1 for the first friend, 3 for the third."
    )
    kind = forms.ChoiceField(choices=RewardKind.choices)
    equipment = forms.ChoiceField(required=False, label="Equipment", help_text="Only for loaner equipment.")
    amount = _money("For credit and cash money, for a discount percent, for points a number. Not for equipment and products.")
    discount = forms.ChoiceField(
        required=False, choices=[("", "Percent"), ("fixed", "A fixed sum")], help_text="Only for a discount."
    )
    title = forms.CharField(max_length=120, help_text="As customers read it, such as “Two weeks with a camera”.")
    step = forms.ChoiceField(required=False, help_text="Empty: as soon as the referral qualifies.")
    replaces = forms.ChoiceField(required=False, help_text="Where both are due, only this one is given.")
    instead_of = forms.ChoiceField(required=False, help_text="The customer chooses which of them to have.")
    cost = _money("What giving it once costs us; counted against the budget.")
    variant = forms.ChoiceField(required=False, help_text="Empty: in every arm of the test.")

    def prepare(self) -> None:
        """Offer the models of this house and the arms of this campaign."""
        self.offer("equipment", [*_NONE, *models()])
        self.offer("variant", [("", "Every arm"), *((arm.key, arm.key) for arm in self.recipe.variants)])
        self.offer("step", [("", "–"), *((step.key, step.title) for step in self.recipe.steps)])
        others = [(tier.key, f"{tier.title} ({tier.key})") for tier in self.recipe.tiers if tier.key != self.old_key]
        self.offer("replaces", [*_NONE, *others])
        self.offer("instead_of", [*_NONE, *others])
        currency = self.recipe.campaign.currency
        self.fields["cost"].label = f"Cost of one, {currency}"
        if self.recipe.campaign.rewarded != Rewarded.BOTH:
            self.fields["side"].help_text = "Who is rewarded stands on the tab Set-up."
        for name, is_of_use in (("variant", self.recipe.variants), ("step", self.recipe.steps), ("replaces", others)):
            if not is_of_use:
                self.fields[name].widget = forms.HiddenInput()
        if not others:
            self.fields["instead_of"].widget = forms.HiddenInput()

    def written(self) -> TierPart:
        """The tier; what its kind has no use for is left out."""
        data = self.cleaned_data
        is_equipment, is_amount = (
            data["kind"] == RewardKind.EQUIPMENT,
            data["kind"] not in (RewardKind.EQUIPMENT, RewardKind.PRODUCT),
        )
        is_friend = data["side"] == Side.REFEREE
        return TierPart(
            key=self.old_key or self.new_key(data["title"]),
            side=data["side"],
            title=data["title"],
            kind=data["kind"],
            nth=1 if is_friend else data["nth"],
            rhythm=Rhythm.EACH.value if is_friend else data["rhythm"],
            equipment=data["equipment"] if is_equipment else "",
            amount=data["amount"] if is_amount else None,
            cost=data["cost"] or TierPart.cost,
            discount=data["discount"] if data["kind"] == RewardKind.DISCOUNT else "",
            **{name: data[name] for name in ("variant", "step", "replaces", "instead_of")},
        )


class StepForm(PartForm):
    """One more thing a friend can prove once the referral has qualified."""

    parts, noun = "steps", "step"

    title = forms.CharField(max_length=120, help_text="As customers read it, such as “A first order of 50 EUR”.")
    proof = forms.ChoiceField(choices=[choice for choice in Proof.choices if choice[0] != Proof.VERIFIED_SIGNUP])
    amount = _money("Smallest purchase that counts. Only for purchases; empty for any amount.")
    count = forms.IntegerField(required=False, min_value=1, max_value=1000, help_text="Only for several purchases.")
    days = forms.IntegerField(required=False, min_value=1, max_value=730, help_text="Only for days as an active customer.")
    within_days = forms.IntegerField(
        min_value=1, max_value=730, initial=90, help_text="1 to 730. After that it can no longer be done."
    )
    position = forms.IntegerField(min_value=1, max_value=100, initial=1, help_text="1 for the first step after qualifying.")

    def prepare(self) -> None:
        """A new step comes last."""
        self.fields["amount"].label = f"Smallest purchase, {self.recipe.campaign.currency}"
        if not self.old_key:
            self.fields["position"].initial = len(self.recipe.steps) + 1

    def written(self) -> StepPart:
        """The step; what its proof has no use for is left out."""
        data = self.cleaned_data
        is_purchase = data["proof"] in (Proof.FIRST_PURCHASE, Proof.N_PURCHASES)
        return StepPart(
            key=self.old_key or self.new_key(data["title"]),
            title=data["title"],
            proof=data["proof"],
            position=data["position"],
            amount=data["amount"] if is_purchase else None,
            count=data["count"] if data["proof"] == Proof.N_PURCHASES else None,
            days=data["days"] if data["proof"] == Proof.DAYS_ACTIVE else None,
            within_days=data["within_days"],
        )


class PromotionForm(PartForm):
    """A dated window, and what it changes."""

    parts, noun = "promotions", "promotion"

    name = forms.CharField(max_length=120, help_text="As staff and customers call it, such as “Easter week”.")
    starts_at = LocalTime()
    ends_at = LocalTime()
    effect = forms.ChoiceField(choices=list(words.EFFECTS.items()))
    amount = _money("2 doubles when multiplied; added, it is money, percent or points as the tier has it. Not for another model.")
    equipment = forms.ChoiceField(required=False, label="Model instead", help_text="Only when another model is lent.")

    def prepare(self) -> None:
        """Offer the models; say on which clock the window is."""
        self.offer("equipment", [*_NONE, *models()])
        for name in ("starts_at", "ends_at"):
            self.fields[name].required = True
        self.fields["ends_at"].help_text = "Up to this minute."
        self.fields["starts_at"].help_text = f"On the clock of {self.recipe.campaign.time_zone.replace('_', ' ')}."

    def values_of(self, part: PromotionPart) -> dict[str, Any]:
        """With both ends on the campaign's clock."""
        zone = self.recipe.campaign.time_zone
        return dict(vars(part)) | {name: on_clock(getattr(part, name), zone) for name in ("starts_at", "ends_at")}

    def written(self) -> PromotionPart:
        """The window; a value its effect has no use for is left out."""
        data, zone = self.cleaned_data, self.recipe.campaign.time_zone
        is_swap = data["effect"] == "swap"
        starts_at, ends_at = from_clock(data["starts_at"], zone), from_clock(data["ends_at"], zone)
        assert starts_at is not None and ends_at is not None, "both are required"
        return PromotionPart(
            key=self.old_key or self.new_key(data["name"]),
            name=data["name"],
            starts_at=starts_at,
            ends_at=ends_at,
            effect=data["effect"],
            amount=None if is_swap else data["amount"],
            equipment=data["equipment"] if is_swap else "",
        )


class QuotaForm(PartForm):
    """How many units of a pool the campaign may have promised at one time."""

    parts, noun = "quotas", "limit"

    pool = forms.ChoiceField(label="Pool")
    units = forms.IntegerField(
        label="Units at one time, at most",
        min_value=0,
        max_value=100_000,
        help_text="Held, waiting or out with a customer of this campaign.",
    )

    @classmethod
    def key_of(cls, part: QuotaPart) -> str:
        """The pool, as an address can hold it."""
        return f"{part.sku}@{part.place.replace('/', '~')}"

    def prepare(self) -> None:
        """Offer the pools; one that has a limit keeps it under its own name."""
        pools = Pool.objects.select_related("model").order_by("model__name", "place")
        self.offer("pool", [(_pool(pool.model.sku, pool.place), str(pool)) for pool in pools])
        if self.old_key:
            self.fields["pool"].disabled = True

    def values_of(self, part: QuotaPart) -> dict[str, Any]:
        """The pool by its name."""
        return {"pool": _pool(part.sku, part.place), "units": part.units}

    def written(self) -> QuotaPart:
        """The limit."""
        sku, _, place = self.cleaned_data["pool"].partition("@")
        return QuotaPart(sku=sku, place=place, units=self.cleaned_data["units"])


class VariantForm(PartForm):
    """One arm of a test: how many visitors see it, and which words differ."""

    parts, noun = "variants", "arm"

    key = forms.SlugField(max_length=50, label="Short name", help_text="Letters, digits and hyphens; seen in figures.")
    weight = forms.IntegerField(
        min_value=0, max_value=1000, initial=1, help_text="0 to 1000. With 1 and 3, one of four sees the first."
    )
    headline = forms.CharField(required=False, max_length=120, help_text="Empty: the campaign’s own.")
    pitch = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), help_text="Empty: the campaign’s own."
    )

    def prepare(self) -> None:
        """The short name of an arm stays: figures and tiers know it."""
        if self.old_key:
            self.fields["key"].disabled = True

    def written(self) -> VariantPart:
        """The arm."""
        return VariantPart(**{name: self.cleaned_data[name] for name in ("key", "weight", "headline", "pitch")})


def _pool(sku: str, place: str) -> str:
    return f"{sku}@{place}"


FORMS: dict[str, type[PartForm]] = {
    "tier": TierForm,
    "step": StepForm,
    "promotion": PromotionForm,
    "limit": QuotaForm,
    "arm": VariantForm,
}
"""The forms by the word in their addresses."""
