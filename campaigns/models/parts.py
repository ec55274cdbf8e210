"""What a campaign is made of: rules, tiers, quotas, variants, promotions; and segments to reuse."""

from django.db import models
from django.db.models import F, Q

from campaigns.models.campaign import Campaign
from campaigns.states import Operator, Proof, RewardKind, Rhythm, Side
from equipment.models import EquipmentModel, Pool


class Segment(models.Model):
    """A reusable set of rules under a name."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    rules = models.JSONField(default=list, help_text="List of {field, operator, value, group, sentence}.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EligibilityRule(models.Model):
    """One condition. Rules of the same group are alternatives; every group must be met.

    Rules belong to a version of the campaign's rules: a live campaign changes by a new version, and what was decided under
    the old one stays decided.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rules")
    version = models.PositiveIntegerField(default=1)
    side = models.CharField(max_length=8, choices=Side, default=Side.REFERRER)
    group = models.CharField(max_length=40, default="", blank=True)
    field = models.CharField(max_length=60)
    operator = models.CharField(max_length=10, choices=Operator)
    value = models.JSONField()
    sentence = models.CharField(max_length=200, help_text="As customers read it.")
    is_sensitive = models.BooleanField(default=False)
    justification = models.CharField(max_length=300, blank=True, help_text="Why a sensitive fact may be used.")
    source = models.CharField(max_length=40, blank=True, help_text="Lawful source of a credit score.")

    class Meta:
        ordering = ["campaign", "version", "side", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(is_sensitive=False) | ~Q(justification=""), name="rule_sensitive_is_justified"),
            models.CheckConstraint(condition=~Q(sentence=""), name="rule_has_a_sentence"),
        ]
        indexes = [models.Index(fields=["campaign", "version", "side"], name="rule_of_version")]

    def __str__(self) -> str:
        return self.sentence


class Variant(models.Model):
    """One arm of a test."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="variants")
    key = models.SlugField()
    weight = models.PositiveSmallIntegerField(default=1)
    overrides = models.JSONField(default=dict, blank=True, help_text="Texts that differ in this arm: headline, pitch.")

    class Meta:
        ordering = ["campaign", "key"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="variant_key_unique_in_campaign")]

    def __str__(self) -> str:
        return self.key


class Promotion(models.Model):
    """A dated window that multiplies a bonus, adds to it, or swaps the model."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="promotions")
    key = models.SlugField()
    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    effect = models.CharField(max_length=8, choices=[("multiply", "Multiply"), ("add", "Add"), ("swap", "Swap the model")])
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    equipment_model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["campaign", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="promotion_key_unique_in_campaign"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="promotion_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(effect="swap", equipment_model__isnull=False) | (~Q(effect="swap") & Q(amount__isnull=False)),
                name="promotion_effect_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One more thing a friend can prove after the referral qualified, by the end of `within_days` from the sign-up.

    The first steps are the registration and the campaign's own proof; these come after them, in the order of `position`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    key = models.SlugField()
    title = models.CharField(max_length=120, help_text="As customers read it, such as “A first order of 50 EUR”.")
    position = models.PositiveSmallIntegerField(default=1)
    proof = models.CharField(max_length=20, choices=Proof)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, help_text="Smallest purchase that counts.")
    count = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many purchases.")
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many days active.")
    within_days = models.PositiveSmallIntegerField(default=90)

    class Meta:
        ordering = ["campaign", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="step_key_unique_in_campaign"),
            models.CheckConstraint(condition=~Q(proof=Proof.VERIFIED_SIGNUP), name="step_is_more_than_signing_up"),
            models.CheckConstraint(condition=~Q(proof=Proof.N_PURCHASES) | Q(count__gte=1), name="step_of_purchases_has_a_count"),
            models.CheckConstraint(
                condition=~Q(proof=Proof.DAYS_ACTIVE) | Q(days__gte=1, days__lte=F("within_days")), name="step_of_days_can_be_done"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Tier(models.Model):
    """One reward of a campaign: for which side, from which referral on, how often, what."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tiers")
    key = models.SlugField(help_text="Short name, unique in the campaign.")
    side = models.CharField(max_length=8, choices=Side)
    title = models.CharField(max_length=120)
    nth = models.PositiveIntegerField(default=1, help_text="The n of the rhythm.")
    rhythm = models.CharField(max_length=5, choices=Rhythm, default=Rhythm.EACH)
    kind = models.CharField(max_length=10, choices=RewardKind)
    equipment_model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, null=True, blank=True, related_name="tiers")
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, help_text="Money, points or percent.")
    discount = models.CharField(
        max_length=7, blank=True, choices=[("", "Percent"), ("fixed", "A fixed sum")], help_text="What the amount of a discount is."
    )
    step = models.ForeignKey(
        Step, on_delete=models.PROTECT, null=True, blank=True, related_name="tiers", help_text="Due when this step is done."
    )
    replaces = models.SlugField(
        blank=True, help_text="Key of the tier this one is given instead of, when both are due: an upgrade."
    )
    instead_of = models.SlugField(blank=True, help_text="Key of the tier the customer may have this one instead of: a choice.")
    cost = models.DecimalField(
        max_digits=10, decimal_places=2, default=0, help_text="What one reward costs us, against the budget."
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="tiers")

    class Meta:
        ordering = ["campaign", "side", "nth", "key"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="tier_key_unique_in_campaign"),
            models.CheckConstraint(condition=Q(nth__gte=1), name="tier_from_the_first_referral"),
            models.CheckConstraint(
                condition=Q(kind=RewardKind.EQUIPMENT, equipment_model__isnull=False)
                | Q(kind=RewardKind.PRODUCT)
                | (~Q(kind__in=[RewardKind.EQUIPMENT, RewardKind.PRODUCT]) & Q(amount__gt=0)),
                name="tier_kind_has_its_value",
            ),
            models.CheckConstraint(condition=Q(discount="") | Q(kind=RewardKind.DISCOUNT), name="tier_fixed_sum_is_a_discount"),
            models.CheckConstraint(
                condition=(Q(replaces="") | ~Q(replaces=F("key"))) & (Q(instead_of="") | ~Q(instead_of=F("key"))),
                name="tier_stands_for_another_tier",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Quota(models.Model):
    """How many units of a pool a campaign may have promised at one time."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="quotas")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()

    class Meta:
        ordering = ["campaign", "pool"]
        constraints = [models.UniqueConstraint(fields=["campaign", "pool"], name="quota_one_per_campaign_and_pool")]

    def __str__(self) -> str:
        return f"{self.units} of {self.pool}"
