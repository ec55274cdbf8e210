"""The campaign itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from campaigns.states import Approval, Attribution, CampaignState, LastReward, Programme, Proof, ReferrerPeriod, Rewarded
from customers.models import Agreement
from desk.speaking import Words, said
from equipment.models import EquipmentModel


class Campaign(models.Model):
    """A referral campaign: who may take part, what must be proved, who gets what, within which limits.

    Durations are in days. Money is in `currency` (ISO 4217). A day is a day in `time_zone`. An empty limit means none.
    """

    subject_type = "campaign"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    headline = models.CharField(max_length=120, help_text="The offer in a sentence, on the landing page.")
    pitch = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en", help_text="The language its texts are written in.")
    translations = models.JSONField(default=dict, blank=True, help_text="Language -> text -> what it reads in that language.")
    programme = models.CharField(max_length=12, choices=Programme, default=Programme.FRIEND)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    is_used_up = models.BooleanField(default=False, editable=False, help_text="Paused itself at a limit.")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    launched_at = models.DateTimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(max_length=40, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    owner = models.CharField(max_length=150, blank=True)
    rewarded = models.CharField(max_length=10, choices=Rewarded, default=Rewarded.BOTH)
    equipment_model = models.ForeignKey(
        EquipmentModel, on_delete=models.PROTECT, related_name="campaigns", help_text="What codes of this campaign are tied to."
    )
    proof = models.CharField(max_length=20, choices=Proof, default=Proof.VERIFIED_SIGNUP)
    proof_amount = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="Smallest purchase that counts."
    )
    proof_count = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many purchases.")
    proof_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many days active.")
    proof_within_days = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(1)])
    attribution = models.CharField(max_length=16, choices=Attribution, default=Attribution.LAST_CLICK)
    attribution_days = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(1)])
    approval = models.CharField(max_length=10, choices=Approval, default=Approval.AUTOMATIC)
    risk_threshold = models.PositiveSmallIntegerField(default=50, help_text="0 to 100; above it a person decides.")
    hold_days = models.PositiveSmallIntegerField(
        default=14, validators=[MinValueValidator(1)], help_text="How long a unit is held for an unproved referral."
    )
    name_sharing = models.BooleanField(
        default=False, help_text="Friends can join by the name of whoever invites them, where that person wants it."
    )
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    referrer_cap = models.PositiveIntegerField(null=True, blank=True, help_text="Rewards per referrer.")
    referrer_budget = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="What the rewards of one referrer may cost."
    )
    referrer_unit_days = models.PositiveIntegerField(null=True, blank=True, help_text="Days of loan for one referrer.")
    referrer_period = models.CharField(max_length=8, choices=ReferrerPeriod, default=ReferrerPeriod.ALWAYS)
    referrer_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many last days, for the rolling period.")
    total_cap = models.PositiveIntegerField(null=True, blank=True, help_text="Rewards in all.")
    unit_days_cap = models.PositiveIntegerField(null=True, blank=True, help_text="Days of loan in all: units times days.")
    last_reward = models.CharField(max_length=6, choices=LastReward, default=LastReward.REFUSE)
    lapse_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="A membership that lapses within so many days takes its reward back."
    )
    claim_within_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="A discount not used and a unit not collected within so many days expire."
    )
    balance_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Credit and points expire after so many days.")
    news_cap = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Pieces of news about this campaign to one customer, at most."
    )
    news_cap_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Within how many last days; empty: in all.")
    goals = models.JSONField(default=dict, blank=True, help_text="Metric name -> goal.")
    campaign_terms = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    loan_terms = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rules_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name"]
        permissions = [
            ("launch_campaign", "Can schedule, launch, pause and end campaigns"),
            ("load_campaign", "Can load and export recipes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="campaign_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(is_used_up=False) | Q(state__in=[CampaignState.PAUSED, CampaignState.ENDED, CampaignState.ARCHIVED]),
                name="campaign_used_up_is_not_open",
            ),
            models.CheckConstraint(condition=Q(risk_threshold__lte=100), name="campaign_risk_threshold_up_to_100"),
            models.CheckConstraint(
                condition=~Q(referrer_period=ReferrerPeriod.ROLLING) | Q(referrer_days__gte=1), name="campaign_rolling_has_its_days"
            ),
            models.CheckConstraint(
                condition=Q(news_cap_days__isnull=True) | Q(news_cap__isnull=False, news_cap_days__gte=1),
                name="campaign_news_cap_within_days",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CampaignState.LIVE, CampaignState.PAUSED])
                | Q(campaign_terms__isnull=False, launched_at__isnull=False),
                name="campaign_live_has_terms",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The public name: its slug."""
        return self.slug

    def day_of(self, at: datetime) -> date:
        """The campaign's own calendar day at an instant."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def last_day(self, end: datetime) -> date:
        """The campaign's own calendar day on which something still holds that is over at the instant `end`."""
        return self.day_of(end - timedelta.resolution)

    def said(self, text: str) -> Words:
        """A text of this campaign in the language of whoever reads."""
        return said(text, written_in=self.language, translations=self.translations)

    @property
    def offer(self) -> Words:
        """The headline in the language of whoever reads."""
        return self.said(self.headline)

    def is_open(self, at: datetime) -> bool:
        """Whether friends can sign up at `at`."""
        ended = self.ends_at is not None and self.ends_at <= at
        return self.state == CampaignState.LIVE and not ended
