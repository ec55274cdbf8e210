"""Rewards and the decisions about them."""

from django.db import models
from django.db.models import Q

from campaigns.models import Tier
from campaigns.states import RewardKind, Side
from customers.models import Customer
from desk.plurals import counted
from desk.references import new_reference
from equipment.models import EquipmentModel, Loan
from referrals.models import Referral, StepDone
from rewards.states import Decision, RewardState


def reward_reference() -> str:
    """A fresh opaque name for a reward."""
    return new_reference("rwd")


class Accrual(models.Model):
    """That the rewards of a qualified referral were worked out. One per referral, so that it happens once."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="accrual")
    count = models.PositiveSmallIntegerField(default=0, help_text="Rewards that came of it; none is an answer too.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{counted(self.count, 'reward')} for {self.referral}"


class StepAccrual(models.Model):
    """That the rewards of a step were worked out. One per step done, so that it happens once."""

    step_done = models.OneToOneField(StepDone, on_delete=models.PROTECT, related_name="accrual")
    count = models.PositiveSmallIntegerField(default=0, help_text="Rewards that came of it; none is an answer too.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{counted(self.count, 'reward')} for {self.step_done}"


class Reward(models.Model):
    """One reward for one side of one referral, by one tier. The unique key makes it once, whoever asks how often."""

    subject_type = "reward"

    reference = models.CharField(max_length=24, unique=True, default=reward_reference, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="rewards")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="rewards")
    side = models.CharField(max_length=8, choices=Side)
    beneficiary = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="rewards")
    kind = models.CharField(max_length=10, choices=RewardKind)
    equipment_model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    cost = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    unit_days = models.PositiveIntegerField(default=0, help_text="Days of loan it counts for.")
    is_budgeted = models.BooleanField(default=False, help_text="Its cost is committed in the campaign's budget.")
    voucher = models.CharField(max_length=16, unique=True, null=True, blank=True, help_text="Code of a discount.")
    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, null=True, blank=True, related_name="reward")
    state = models.CharField(max_length=10, choices=RewardState, default=RewardState.PENDING)
    reason = models.CharField(max_length=300)
    reason_said = models.JSONField(
        default=dict, blank=True, editable=False,
        help_text="Reasons the program wrote with facts in them, as the customer reads them: language, English sentence, words.",
    )  # fmt: skip
    promised_by = models.DateField(help_text="The day we said it would be there.")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="The customer was asked for more and has not answered.")
    approved_at = models.DateTimeField(null=True, blank=True)
    undo_until = models.DateTimeField(
        null=True, blank=True, help_text="A person decided, and can undo it until then; only afterwards anything follows from it."
    )
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1, help_text="2 once it was looked at again after it had ended, and so on.")
    choose_by = models.DateTimeField(
        null=True, blank=True, help_text="The customer may choose until then; afterwards the first choice is given."
    )
    claim_by = models.DateTimeField(null=True, blank=True, help_text="It expires when it is not used or collected by then.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="The code of the discount was used.")

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("decide_reward", "Can approve and decline rewards"),
            ("revoke_reward", "Can take rewards back and reopen them"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["referral", "tier", "beneficiary"], name="reward_once_per_referral_tier_and_person"),
            models.CheckConstraint(condition=~Q(reason=""), name="reward_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state=RewardState.FULFILLED) | Q(fulfilled_at__isnull=False, approved_at__isnull=False),
                name="reward_approved_before_fulfilled",
            ),
            models.CheckConstraint(
                condition=~Q(state=RewardState.FULFILLED, kind=RewardKind.EQUIPMENT) | Q(loan__isnull=False),
                name="reward_of_equipment_has_its_loan",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="reward_state_created"),
            models.Index(
                fields=["claim_by"],
                condition=Q(state=RewardState.FULFILLED, claim_by__isnull=False, used_at__isnull=True),
                name="reward_to_be_claimed",
            ),
            models.Index(fields=["undo_until"], condition=Q(undo_until__isnull=False), name="reward_just_decided"),
            models.Index(fields=["beneficiary", "-created_at"], name="reward_of_beneficiary"),
            models.Index(fields=["created_at", "id"], name="reward_newest"),
        ]

    def __str__(self) -> str:
        return self.reference


class Approval(models.Model):
    """What a person decided about a reward, with the note the customer reads. Only ever added, a decision undone included."""

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=10, choices=Decision)
    note = models.CharField(max_length=300, blank=True)
    waited_for = models.CharField(max_length=300, blank=True, help_text="Why the reward waited when this was decided.")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=[Decision.APPROVED, Decision.UNDONE]) | ~Q(note=""), name="approval_declined_with_a_note"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_decision_display())
