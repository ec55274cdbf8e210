"""Referrals, who is credited, what was proved and what was promised."""

from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign, Step, Tier
from campaigns.states import Attribution, Side
from customers.models import Customer
from desk.references import new_reference
from equipment.models import Loan
from referrals.models.codes import Code, Touch
from referrals.states import ConversionKind, Progress, Standing


def referral_reference() -> str:
    """A fresh opaque name for a referral."""
    return new_reference("ref")


class Referral(models.Model):
    """A friend who signed up through a code. Progress and standing are two axes and never mixed."""

    subject_type = "referral"

    reference = models.CharField(max_length=24, unique=True, default=referral_reference, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="referrals")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="referrals")
    referrer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referrals_made")
    referee = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referrals_received")
    progress = models.CharField(max_length=10, choices=Progress, default=Progress.SIGNED_UP)
    progress_reason = models.CharField(max_length=300)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.CLEAR)
    standing_reason = models.CharField(max_length=300, blank=True)
    variant = models.CharField(max_length=50, blank=True)
    qualified_number = models.PositiveIntegerField(
        null=True, blank=True, help_text="The how-many-eth qualified referral of this referrer in this campaign."
    )
    risk = models.PositiveSmallIntegerField(default=0, help_text="0 to 100, from the signals.")
    signed_up_at = models.DateTimeField()
    proof_due_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    qualified_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-signed_up_at", "-id"]
        permissions = [
            ("verify_referral", "Can verify a referral by hand"),
            ("review_referral", "Can clear, flag and block referrals"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "referee"], condition=~Q(progress=Progress.EXPIRED), name="referral_referee_once_per_campaign"
            ),
            models.UniqueConstraint(fields=["campaign", "referrer", "qualified_number"], name="referral_qualified_numbers_unique"),
            models.CheckConstraint(condition=~Q(referrer=F("referee")), name="referral_nobody_refers_themselves"),
            models.CheckConstraint(
                condition=~Q(progress__in=[Progress.VERIFIED, Progress.QUALIFIED]) | Q(verified_at__isnull=False),
                name="referral_verified_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(progress=Progress.QUALIFIED) | Q(qualified_at__isnull=False, qualified_number__isnull=False),
                name="referral_qualified_has_instant_and_number",
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.CLEAR) | ~Q(standing_reason=""), name="referral_doubted_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(risk__lte=100), name="referral_risk_up_to_100"),
        ]
        indexes = [
            models.Index(fields=["campaign", "progress"], name="referral_campaign_progress"),
            models.Index(fields=["progress", "proof_due_at"], name="referral_progress_due"),
            models.Index(fields=["referrer", "campaign"], name="referral_of_referrer"),
            models.Index(fields=["signed_up_at", "id"], name="referral_newest"),
            models.Index(fields=["campaign", "signed_up_at", "id"], name="referral_newest_of_campaign"),
            models.Index(fields=["progress", "signed_up_at", "id"], name="referral_newest_by_progress"),
            models.Index(
                fields=["standing", "signed_up_at", "id"], condition=~Q(standing=Standing.CLEAR), name="referral_newest_doubted"
            ),
            models.Index(
                fields=["campaign", "standing", "signed_up_at", "id"],
                condition=~Q(standing=Standing.CLEAR),
                name="referral_doubted_of_campaign",
            ),
            models.Index(fields=["risk", "id"], name="referral_risk"),
        ]

    def __str__(self) -> str:
        return self.reference

    def concerns(self) -> list[str]:
        """On whose and on which pages the trail shows what happens to it: both people, the campaign and the code."""
        return [self.referrer.reference, self.referee.reference, self.campaign.slug, self.code.code]


class Credit(models.Model):
    """The share of a referral that a touch or a code earned. Weights of a referral sum to exactly 1."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="credits")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="credits")
    touch = models.ForeignKey(Touch, on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    model = models.CharField(max_length=16, choices=Attribution)
    policy_version = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(max_digits=13, decimal_places=12)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=1), name="credit_weight_a_share")]

    def __str__(self) -> str:
        return f"{self.weight.normalize():f} to {self.code}"


class Conversion(models.Model):
    """Something a customer did that counts, told once: unique per kind and external id."""

    kind = models.CharField(max_length=12, choices=ConversionKind)
    external_id = models.CharField(max_length=80)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversions")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="conversions")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "external_id"], name="conversion_told_once"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | ~Q(currency=""), name="conversion_amount_has_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.external_id}"

    @property
    def reference(self) -> str:
        """The name the teller gave it."""
        return self.external_id


class StepDone(models.Model):
    """That a referral did one step more after it qualified. Once per step."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps_done")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="done")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "steps done"
        constraints = [models.UniqueConstraint(fields=["referral", "step"], name="step_done_once_per_referral")]

    def __str__(self) -> str:
        return f"{self.step} by {self.referral}"

    @property
    def reference(self) -> str:
        """The public name of the referral."""
        return self.referral.reference


class Signal(models.Model):
    """Something about a referral that makes it look doubtful, named, with the evidence in words."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="signals")
    name = models.CharField(max_length=40)
    strength = models.PositiveSmallIntegerField(help_text="0 to 100.")
    evidence = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-strength", "id"]
        constraints = [models.UniqueConstraint(fields=["referral", "name"], name="signal_once_per_referral")]

    def __str__(self) -> str:
        return self.name


class Promise(models.Model):
    """What we said in public: this side of this referral gets this tier's unit, held or in the queue."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="promises")
    side = models.CharField(max_length=8, choices=Side)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="promises")
    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="promise")
    made_at = models.DateTimeField()
    promised_by = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until when, as it was said, the unit can be collected at the latest; empty: nobody could say.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "side", "tier"], name="promise_once_per_referral_side_and_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} for the {self.get_side_display().lower()}"
