"""Codes and the touches they get."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst

from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import EquipmentModel
from referrals.states import CodeBasis, CodeState

INVITATION_LENGTH = 400
"""Characters of an invitation in one's own words: three short messages, still readable at a glance."""


class Code(models.Model):
    """A customer's own code in a campaign, tied to an equipment model."""

    subject_type = "code"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="codes")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="codes")
    equipment_model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True, editable=False)
    promo_code = models.CharField(max_length=24, unique=True, null=True, blank=True, help_text="Memorable, chosen by the customer.")
    invitation_text = models.CharField(
        max_length=INVITATION_LENGTH, blank=True, editable=False, help_text="The invitation in the customer's own words."
    )
    wishes = models.JSONField(
        default=dict, editable=False, help_text="Key of a tier -> key of the choice beside it that the owner would rather have."
    )
    on_leaderboard_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the owner chose to be seen on the campaign's leaderboard."
    )
    state = models.CharField(max_length=8, choices=CodeState, default=CodeState.ACTIVE, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    basis = models.CharField(max_length=6, choices=CodeBasis, default=CodeBasis.RULES, editable=False)
    rules_version = models.PositiveIntegerField(help_text="Version of the rules under which the customer qualified.")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_at", "-id"]
        permissions = [("issue_codes", "Can issue codes"), ("revoke_code", "Can pause and revoke codes")]
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="code_one_per_campaign_and_customer")]
        indexes = [
            models.Index(fields=["issued_at", "id"], name="code_newest"),
            models.Index(fields=["campaign", "issued_at", "id"], name="code_newest_of_campaign"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def reference(self) -> str:
        """The public name: the code itself."""
        return self.code

    def get_absolute_url(self) -> str:
        """The landing page of this code."""
        return reverse("landing", args=[self.code])


class Segment(models.Model):
    """How far into a file of the spool the visits are rows already."""

    name = models.CharField(max_length=120, unique=True)
    offset = models.PositiveBigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Touch(models.Model):
    """One visit or one code typed by hand. No raw address is kept, only hashes under a key that rotates daily."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Found by `touch_of_code`; an index of its own would only make each visit dearer.
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="touches", db_index=False)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20, default="link")
    variant = models.CharField(max_length=50, blank=True)
    referer_host = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_typed = models.BooleanField(default=False, help_text="The code was typed by hand.")
    is_bot = models.BooleanField(default=False)
    visitor_hash = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "touches"
        indexes = [
            models.Index(fields=["code", "at"], name="touch_of_code"),
            models.Index(fields=["code", "visitor_hash"], condition=Q(is_bot=False), name="touch_visitor"),
            models.Index(fields=["at", "visitor_hash"], condition=Q(is_bot=False), name="touch_people_by_day"),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.channel)}, {self.at:%-d %b %Y, %H:%M} UTC"
