"""One promise of one unit to one customer, from the hold to the inspected return."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from customers.models import Acceptance, Agreement, Customer
from desk.references import new_reference
from equipment.models.stock import Pool, Unit
from equipment.querysets import LoanQuerySet
from equipment.states import CONSUMING, LOAN_TERMINAL, PRESENT, LoanState, Missing


def loan_reference() -> str:
    """A fresh opaque name for a loan."""
    return new_reference("loan")


class Loan(models.Model):
    """One hold of one unit for one customer: from the promise to the inspected return.

    `purpose` says in an opaque word what it is for; it is unique, so that one thing never gets two loans. `account` is an
    opaque word under which loans are counted against a limit. Intervals are half open; `blocked_until` includes turnaround.
    """

    subject_type = "loan"

    reference = models.CharField(max_length=24, unique=True, default=loan_reference, editable=False)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="loans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="loans")
    borrower = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="loans")
    purpose = models.CharField(max_length=80, unique=True)
    account = models.CharField(max_length=80, blank=True)
    account_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units of the pool this account may have at a time; asked again when the queue moves."
    )
    terms = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="What the borrower must accept."
    )
    state = models.CharField(max_length=12, choices=LoanState)
    reason = models.CharField(max_length=300, blank=True)

    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    place_at_joining = models.PositiveIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    blocked_until = models.DateTimeField(null=True, blank=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    unlocked_at = models.DateTimeField(null=True, blank=True)
    collect_by = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    fault_found_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checklist_done = models.JSONField(default=list, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("prepare_loan", "Can pick a unit for a loan"),
            ("check_out_loan", "Can check a unit out"),
            ("check_in_loan", "Can check a unit in"),
            ("inspect_loan", "Can inspect a returned unit"),
            ("extend_loan", "Can extend a loan"),
            ("cancel_loan", "Can cancel a loan"),
            ("settle_loan", "Can settle lost and unresolved loans"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(state__in=sorted(PRESENT)), name="loan_one_present_per_unit"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(blocked_until__gt=F("starts_at")), name="loan_blocks_a_real_interval"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CONSUMING)) | Q(starts_at__isnull=False, blocked_until__isnull=False),
                name="loan_taking_capacity_has_an_interval",
            ),
            models.CheckConstraint(condition=~Q(state__in=sorted(PRESENT)) | Q(unit__isnull=False), name="loan_present_has_a_unit"),
            models.CheckConstraint(
                condition=~Q(state=LoanState.WAITLISTED)
                | Q(unit__isnull=True, queued_at__isnull=False, place_at_joining__isnull=False),
                name="loan_waitlisted_has_a_place_and_no_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state=LoanState.HELD) | Q(hold_expires_at__isnull=False), name="loan_held_until_an_instant"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.UNLOCKED, LoanState.READY])
                | Q(unlocked_at__isnull=False, collect_by__isnull=False),
                name="loan_unlocked_waits_until_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=LoanState.READY) | Q(ready_at__isnull=False), name="loan_ready_since_an_instant"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted({*LOAN_TERMINAL, LoanState.LOST})) | Q(ended_at__isnull=False),
                name="loan_ended_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.ON_LOAN, LoanState.RETURNED, LoanState.UNRESOLVED, LoanState.LOST])
                | Q(handed_over_at__isnull=False, due_at__isnull=False, first_due_at__isnull=False, acceptance__isnull=False),
                name="loan_handed_over_with_accepted_terms",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.RETURNED, LoanState.UNRESOLVED])
                | Q(returned_at__isnull=False, returned_at__gte=F("handed_over_at")),
                name="loan_returned_after_hand_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.CANCELLED, LoanState.DECLINED, LoanState.UNRESOLVED]) | ~Q(reason=""),
                name="loan_given_up_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("first_due_at")), name="loan_due_never_earlier"
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "state"], name="loan_pool_state"),
            models.Index(fields=["state", "hold_expires_at"], name="loan_state_hold"),
            models.Index(fields=["created_at", "id"], name="loan_newest"),
            models.Index(fields=["state", "created_at", "id"], name="loan_newest_in_state"),
            models.Index(fields=["account", "handed_over_at"], name="loan_account_handed_over"),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_overdue(self, at: datetime) -> bool:
        """Whether the unit is out and should have been back by `at`."""
        return self.state == LoanState.ON_LOAN and self.due_at is not None and self.due_at < at

    def parties(self) -> list[str]:
        """References of everyone and everything this loan concerns, for the trail."""
        return [self.borrower.reference, self.purpose, *([self.unit.serial] if self.unit else [])]


class MissingAccessory(models.Model):
    """Something that went out with a unit and did not come back with it. A loan closes only when none is still missing."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="missing")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=Missing, default=Missing.MISSING)
    outcome = models.CharField(max_length=300, blank=True, help_text="How it ended, where it did not come back.")
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["noted_at", "id"]
        verbose_name_plural = "missing accessories"
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "name"], condition=Q(state=Missing.MISSING), name="missing_accessory_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state=Missing.MISSING, ended_at__isnull=True) | (~Q(state=Missing.MISSING) & Q(ended_at__isnull=False)),
                name="missing_accessory_ended_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=Missing.SETTLED) | ~Q(outcome=""), name="missing_accessory_settled_with_words"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="missing_accessory_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Exchange(models.Model):
    """A borrower brought one unit and went on with another, within the same loan."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="exchanges")
    came_back = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="exchanged_away")
    went_out = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="exchanged_for")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(came_back=F("went_out")), name="exchange_of_two_units"),
            models.CheckConstraint(condition=~Q(reason=""), name="exchange_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.came_back} for {self.went_out}"
